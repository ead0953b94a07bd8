"""Postings: both sides of what moves are worth the same, whatever is moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.cash.domain.accounts import Account, Posting, added_up, imbalance, moved
from services.parcel.cash.domain.articles import Pieces, counted_postings, received_postings, sold_postings
from services.parcel.cash.domain.correction import correcting_postings
from services.parcel.cash.domain.counting import Count
from services.parcel.cash.domain.drawer import NotEnoughCash, closing_postings, must_hold
from services.parcel.cash.domain.entry import Unbalanced
from services.parcel.cash.domain.transfer import Transfer
from services.parcel.pricing.domain.money import Amount
from shared.errors import Invalid
from shared.ids import new_id
from tests.parcel.cash.ledger import AT, draft

money = st.integers(min_value=0, max_value=10**10)
currencies = st.sampled_from(["KHR", "USD"])
amounts = st.lists(st.builds(Amount, money, currencies), max_size=5)
by_currency = st.dictionaries(currencies, st.integers(min_value=-(10**9), max_value=10**10))
counts = st.lists(st.builds(Count, currencies, money), max_size=2, unique_by=lambda count: count.currency).map(tuple)
some_pieces = st.lists(
    st.builds(Pieces, st.sampled_from(["box-s", "box-m", "envelope"]), st.integers(min_value=1, max_value=1000)),
    max_size=3,
    unique_by=lambda one: one.article,
)


@given(amounts)
def test_what_is_moved_balances(given_amounts: list[Amount]) -> None:
    assert imbalance(moved(given_amounts, Account.SAFE, Account.BANK)) == {}


@given(by_currency, counts)
def test_a_closing_balances_and_empties_the_drawer(expected: dict[str, int], counted: tuple[Count, ...]) -> None:
    postings = closing_postings("drawer", expected, counted)

    assert imbalance(postings) == {}
    for currency in ("KHR", "USD"):
        taken = sum(one.quantity for one in postings if (one.account, one.unit) == (Account.DRAWER, currency))
        assert taken == -expected.get(currency, 0)


@given(amounts, amounts)
def test_a_receipt_balances_and_leaves_nothing_in_transit(sent: list[Amount], counted: list[Amount]) -> None:
    transfer = Transfer(new_id(), "TK01A", "TK02A", tuple(sent), AT, "sok")

    postings = transfer.received_postings(tuple(counted))

    assert imbalance(postings) == {}
    in_transit = moved(sent, Account.SAFE, Account.TRANSIT, to_holder=transfer.holder)
    assert not [one for one in added_up([*in_transit, *postings]) if one.account == Account.TRANSIT]


@given(some_pieces, some_pieces)
def test_stock_that_comes_is_sold_or_is_counted_balances(came: list[Pieces], counted: list[Pieces]) -> None:
    has = {one.article: one.pieces for one in came}
    assert imbalance(received_postings(came)) == {}
    assert imbalance(counted_postings(has, counted, "count")) == {}
    assert set(imbalance(sold_postings(came, AT.date()))) <= {"KHR"}


def test_an_entry_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(Unbalanced):
        draft(postings=(Posting(Account.SAFE, 100, "KHR"), Posting(Account.FLOAT, -100, "USD")))


def test_no_more_is_taken_than_the_ledger_knows_of() -> None:
    must_hold({"KHR": 100}, {"KHR": 100})
    with pytest.raises(NotEnoughCash):
        must_hold({"KHR": 100}, {"USD": 1})


def test_a_correction_takes_back_and_books_something_else() -> None:
    wrong = draft(100)
    right = (Posting(Account.BANK, 100, "KHR"), Posting(Account.FLOAT, -100, "KHR"))

    assert set(correcting_postings(wrong, right)) == {  # type: ignore[arg-type]  # a draft has the postings of an entry
        Posting(Account.SAFE, -100, "KHR"),
        Posting(Account.BANK, 100, "KHR"),
    }
    for instead in (wrong.postings, (Posting(Account.BANK, 1, "KHR"),)):
        with pytest.raises(Invalid):
            correcting_postings(wrong, instead)  # type: ignore[arg-type]  # a draft has the postings of an entry
