"""A rate grows stale some days after it was set."""

from datetime import date, timedelta

import pytest

from tests.parcel.pricing.asked import DAY, rate


@pytest.mark.parametrize(
    ("set_for", "stale"),
    [
        (DAY, False),
        (DAY - timedelta(days=3), False),
        (DAY - timedelta(days=4), True),
        (DAY - timedelta(days=400), True),
        (DAY + timedelta(days=1), False),
    ],
)
def test_a_rate_is_stale_when_more_days_passed_than_it_stays_fresh(set_for: date, stale: bool) -> None:
    assert rate(day=set_for).is_stale(DAY, 3) is stale
