"""What recipients pay adds up with what is due, where one currency is enough to tell."""

import pytest

from services.tracking.domain.payment import Amount, Due, Payment


def cash(*received: Amount, change: tuple[Amount, ...] = ()) -> Payment:
    return Payment("cash", received, change)


RIEL, DOLLARS = Amount(52_000, "KHR"), Amount(1_300, "USD")


@pytest.mark.parametrize(
    ("due", "payment", "adds_up"),
    [
        (Due(52_000), cash(RIEL), True),
        (Due(47_000, "KHR", 5_000), cash(RIEL), True),
        (Due(51_950), cash(RIEL), True),
        (Due(50_000), cash(RIEL), False),
        (Due(50_000), cash(RIEL, change=(Amount(2_000, "KHR"),)), True),
        (Due(53_000), cash(RIEL), False),
        (Due(1_300, "USD"), cash(DOLLARS), True),
        (Due(1_301, "USD"), cash(DOLLARS), False),
        # The rate of the day is parcel's to know.
        (Due(52_000), cash(DOLLARS), True),
        (Due(1_300, "USD", 5_000), cash(DOLLARS), True),
    ],
)
def test_what_is_paid_in_the_currency_that_is_due_adds_up(due: Due, payment: Payment, adds_up: bool) -> None:
    assert (due.problems(payment) == []) is adds_up
