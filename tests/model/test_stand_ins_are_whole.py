"""Every statement that the played code reaches has a stand-in; a new one is missed here, before a history meets it."""

import pytest

from services.notifications.store import (
    asked_papers,
    charges,
    codes_to_send,
    contacts,
    customs_messages,
    customs_news,
    customs_stays,
)
from services.parcel.customs.store import closed_items, declarations
from services.parcel.idempotency.store import answers_of_items, requests
from services.parcel.numbers.store import numbers
from services.parcel.posting.store import parcels
from services.tracking.store import clearances, scans
from shared.messaging import dead_letters, outbox
from tests.model.reaching import Reached, statements, without_stand_in
from tests.model.scope import STAND_INS

REPLAY: set[Reached] = {(dead_letters, name) for name in ("in_states", "give_reason", "change_state")}
"""Of dead letters; the model promises that there are none."""
ANSWER_ONCE: set[Reached] = {(requests, name) for name in ("lock", "keep")}
"""Beside the reading of earlier answers, which registrations share; they keep theirs in their own statement."""
STICKERS: set[Reached] = {(numbers, "sticker_block")}
"""Registrations of the model name no number of their own."""
AT_THE_BORDER: set[Reached] = {(clearances, name) for name in ("find", "complete", "charge")}
AT_THE_BORDER |= {(scans, "recorded_among"), (charges, "save"), (answers_of_items, "add"), (asked_papers, "save")}
AT_THE_BORDER |= {(customs_stays, "save"), (customs_messages, "add"), (customs_news, "note"), (customs_news, "drop")}
"""No parcel of the model leaves the country or comes from abroad."""
ADVANCE_DATA: set[Reached] = {(declarations, name) for name in ("find", "complete", "tell_again")}
"""No parcel of the model goes abroad, where a correction would judge it again."""
LEAVING: set[Reached] = {(closed_items, name) for name in ("add", "has")}
"""Nor does it leave the country."""
NOT_PLAYED = REPLAY | ANSWER_ONCE | STICKERS | AT_THE_BORDER | ADVANCE_DATA | LEAVING


def test_every_statement_that_is_reached_has_a_stand_in() -> None:
    assert without_stand_in(STAND_INS, NOT_PLAYED) == []


@pytest.mark.parametrize(
    ("store", "name"),
    [
        (contacts, "forget"),
        (codes_to_send, "forget"),
        (parcels, "erase_people"),
        (outbox, "insert"),
        (outbox, "unsent"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_a_stand_in_that_is_taken_away_is_missed(store: object, name: str) -> None:
    fewer = {
        module: {one: function for one, function in functions.items() if (module, one) != (store, name)}
        for module, functions in STAND_INS.items()
    }
    assert [line for line in without_stand_in(fewer, NOT_PLAYED) if f".{name} has no stand-in" in line]


def test_what_is_not_played_is_reached_and_has_no_stand_in() -> None:
    assert statements() >= NOT_PLAYED
    assert not [name for module, name in NOT_PLAYED if name in STAND_INS.get(module, {})]
