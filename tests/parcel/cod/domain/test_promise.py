"""Money is promised by working days."""

from datetime import date

import pytest

from services.parcel.cod.domain.promise import NoPromiseInForce, promised_on


@pytest.mark.parametrize(
    ("ready_on", "expected"),
    [
        (date(2026, 12, 1), date(2026, 12, 4)),
        (date(2026, 12, 3), date(2026, 12, 8)),
        (date(2026, 12, 5), date(2026, 12, 9)),
        # Over the days of the water festival, 23 to 25 November.
        (date(2026, 11, 20), date(2026, 11, 30)),
    ],
)
def test_weekends_and_holidays_do_not_count(ready_on: date, expected: date) -> None:
    assert promised_on(ready_on) == expected


def test_before_the_first_promise_there_is_none() -> None:
    with pytest.raises(NoPromiseInForce):
        promised_on(date(2025, 1, 1))
