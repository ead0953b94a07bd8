"""What a customs form adds up to, and how it writes tariff numbers."""

import pytest

from services.parcel.documents.domain.amounts import Amount, dollars
from services.parcel.documents.domain.customs_paper import hs_written
from tests.parcel.documents.papers import customs_paper


def test_values_are_in_the_currency_of_the_declaration() -> None:
    assert customs_paper(3).total_value == dollars(8_900)
    in_won = customs_paper(currency="KRW", exponent=0)
    assert in_won.total_value == Amount(4_900, "KRW", 0)
    assert in_won.value_of(in_won.declaration.lines[1]) == Amount(900, "KRW", 0)


@pytest.mark.parametrize(
    ("code", "written"), [("621410", "6214.10"), ("62141000", "6214.1000"), ("6214", "6214"), ("", "")]
)
def test_a_tariff_number_is_written_as_tariffs_print_it(code: str, written: str) -> None:
    assert hs_written(code) == written
