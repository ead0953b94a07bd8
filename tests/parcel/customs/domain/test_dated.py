"""Which of several dated facts holds on a day."""

from datetime import date

import pytest

from services.parcel.customs.domain.dated import Dated, NoRulesInForce, latest


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_a_fact_holds_on_its_first_and_its_last_day(on: date, holds: bool) -> None:
    assert Dated(valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 30)).holds(on) is holds


def test_the_newest_fact_that_holds_is_taken() -> None:
    old, new, later = (Dated(valid_from=date(year, 1, 1)) for year in (2020, 2024, 2030))

    assert latest([new, later, old], date(2026, 1, 1)) is new


def test_a_day_before_every_fact_has_none() -> None:
    with pytest.raises(NoRulesInForce):
        latest([Dated(valid_from=date(2030, 1, 1))], date(2026, 1, 1))
