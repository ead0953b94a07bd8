"""What a form is told before anything is kept."""

from dataclasses import replace

import pytest

from services.parcel.customs.domain.declaration import Category
from services.parcel.customs.domain.posted_item import Sending
from services.parcel.customs.use_cases.check_content import check_content
from tests.parcel.customs.declarations import DECLARATION, LINE, TO_KOREA, TODAY, declared


def test_what_would_pass_is_acceptable() -> None:
    checked = check_content(DECLARATION, TO_KOREA, TODAY)

    assert (checked.is_acceptable, checked.findings, checked.form) == (True, [], "CN23")


def test_a_warning_does_not_make_it_unacceptable_and_a_problem_does() -> None:
    warned = check_content(declared(replace(LINE, description="laptop 14 inch")), TO_KOREA, TODAY)
    refused = check_content(declared(replace(LINE, description="gift")), TO_KOREA, TODAY)

    assert (warned.is_acceptable, len(warned.findings)) == (True, 1)
    assert (refused.is_acceptable, len(refused.findings)) == (False, 1)


@pytest.mark.parametrize(
    ("category", "country", "advance_data", "hs_code"),
    [
        (Category.GIFT, "US", True, False),
        (Category.SALE_OF_GOODS, "US", True, True),
        (Category.SALE_OF_GOODS, "KR", False, True),
        (Category.SALE_OF_GOODS, "TH", False, False),
    ],
)
def test_the_demands_of_a_destination_are_told(
    category: Category, country: str, advance_data: bool, hs_code: bool
) -> None:
    checked = check_content(declared(category=category), Sending("small_packet", country, 900), TODAY)

    assert (checked.advance_data_demanded, checked.hs_code_demanded) == (advance_data, hs_code)
    assert checked.form == "CN22"


def test_a_currency_that_may_not_be_declared_has_no_form() -> None:
    assert check_content(declared(currency="CHF"), TO_KOREA, TODAY).form is None
