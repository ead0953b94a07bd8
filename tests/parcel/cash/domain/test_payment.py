"""Payments in riel and dollars add up, or are refused with what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.cash.domain.accounts import Account, Posting, imbalance
from services.parcel.cash.domain.payment import Due, Given, needs_rate, payment_postings
from services.parcel.pricing.domain.money import Amount
from shared.errors import Invalid

RATE = 4_050


def riel(amount_minor: int) -> Amount:
    return Amount(amount_minor, "KHR")


def cents(amount_minor: int) -> Amount:
    return Amount(amount_minor, "USD")


def paid(due: list[Amount], given_: Given, rate: int | None = RATE) -> dict[tuple[str, str], int]:
    dues = [Due(Account.POSTAGE, amount) for amount in due]
    postings = payment_postings(dues, given_, Account.DRAWER, "drawer", rate)
    assert imbalance(postings) == {}
    return {(one.account, one.unit): one.quantity for one in postings}


def test_the_exact_amount_needs_no_rate() -> None:
    exact = Given((riel(5_000),))
    assert not needs_rate([Due(Account.POSTAGE, riel(5_000))], exact)
    assert paid([riel(5_000)], exact, None) == {("postage", "KHR"): -5_000, ("drawer", "KHR"): 5_000}


def test_dollars_are_changed_at_the_rate_and_change_is_given_in_riel() -> None:
    assert paid([riel(12_000)], Given((cents(500),), (riel(8_200),))) == {
        ("postage", "KHR"): -12_000,
        ("drawer", "USD"): 500,
        ("drawer", "KHR"): -8_200,
        ("exchange", "USD"): -500,
        ("exchange", "KHR"): 20_250,
        # 50 riel are less than the smallest note.
        ("rounding", "KHR"): -50,
    }


def test_what_is_due_in_dollars_is_paid_in_riel() -> None:
    assert paid([cents(200)], Given((riel(8_100),))) == {
        ("postage", "USD"): -200,
        ("drawer", "KHR"): 8_100,
        ("exchange", "USD"): 200,
        ("exchange", "KHR"): -8_100,
    }


@pytest.mark.parametrize(
    ("due", "given_", "rate", "field"),
    [
        (riel(5_000), Given((riel(4_900),)), None, "received"),
        (riel(5_000), Given((riel(5_100),)), None, "change"),
        (riel(5_000), Given((cents(200),)), RATE, "change"),
        (cents(500), Given((cents(499),)), None, "received"),
        (cents(500), Given((cents(501),)), None, "received"),
        (cents(500), Given(()), RATE, "received"),
    ],
)
def test_what_does_not_add_up_is_refused(due: Amount, given_: Given, rate: int | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        paid([due], given_, rate)
    assert [(one.field, one.code) for one in refused.value.problems] == [(field, "does-not-add-up")]


amounts = st.builds(Amount, st.integers(0, 10**8), st.sampled_from(["KHR", "USD"]))


@given(
    st.lists(amounts, min_size=1, max_size=4), st.lists(amounts, max_size=4), st.lists(amounts, max_size=3),
    st.integers(1_000, 10_000),
)  # fmt: skip
def test_every_payment_balances_or_is_refused(
    due: list[Amount], received: list[Amount], change: list[Amount], rate: int
) -> None:
    dues = [Due(Account.POSTAGE, amount) for amount in due]
    try:
        postings = payment_postings(dues, Given(tuple(received), tuple(change)), Account.DRAWER, "", rate)
    except Invalid:
        return
    assert imbalance(postings) == {}
    assert all(abs(one.quantity) <= 101 for one in postings if one.account == Account.ROUNDING)


@given(st.integers(0, 10**9), st.integers(0, 10**7), st.integers(1_000, 10_000))
def test_the_right_change_is_always_taken(due_riel: int, received_cents: int, rate: int) -> None:
    over = received_cents * rate // 100 - due_riel
    received, change = [cents(received_cents)], []
    if over >= 0:
        change = [riel(over // 100 * 100)]
    else:
        received.append(riel(-(over // 100) * 100))
    dues = [Due(Account.POSTAGE, riel(due_riel))]
    postings = payment_postings(dues, Given(tuple(received), tuple(change)), Account.DRAWER, "", rate)
    assert Posting(Account.POSTAGE, -due_riel, "KHR") in postings or not due_riel
