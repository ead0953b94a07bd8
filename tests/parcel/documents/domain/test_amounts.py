"""How amounts are written."""

import pytest

from services.parcel.documents.domain.amounts import Amount, dollars, riel


@pytest.mark.parametrize(
    ("amount", "written", "spelled"),
    [
        (riel(12_500), "12,500 ៛", "12,500 KHR"),
        (riel(0), "0 ៛", "0 KHR"),
        (riel(-1_000), "-1,000 ៛", "-1,000 KHR"),
        (dollars(350), "$3.50", "3.50 USD"),
        (dollars(5), "$0.05", "0.05 USD"),
        (dollars(123_456_789), "$1,234,567.89", "1,234,567.89 USD"),
        (dollars(-350), "-$3.50", "-3.50 USD"),
        (Amount(34_500, "VND", 0), "34,500 VND", "34,500 VND"),
        (Amount(2_005, "EUR", 2), "20.05 EUR", "20.05 EUR"),
    ],
)
def test_amounts_are_written_as_people_here_and_customs_abroad_write_them(
    amount: Amount, written: str, spelled: str
) -> None:
    assert (str(amount), amount.spelled) == (written, spelled)
