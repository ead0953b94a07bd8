"""The chain: nothing that stands in an entry changes without its digest, nor an entry without those behind it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.cash.domain.accounts import Posting
from services.parcel.cash.domain.chain import Head, beginning, canonical, digest_of, head_of, linked
from services.parcel.cash.domain.entry import Cause, Entry
from services.parcel.cash.domain.verification import Fault, Walk, Wrong
from shared.ids import new_id
from tests.parcel.bodies import HOME
from tests.parcel.cash.ledger import AT, draft

CHANGES: dict[str, Any] = {
    "office": "TK02A",
    "sequence": 2,
    "entry_id": new_id(),
    "kind": "deposit",
    "cause": Cause("scan", "x"),
    "recorded_by": "another",
    "occurred_at": AT + timedelta(microseconds=1),
    "recorded_at": AT - timedelta(days=1),
    "postings": (Posting("safe", 10_001, "KHR"), Posting("float", -10_001, "KHR")),
    "previous_sha256": bytes(31) + b"1",
    "device": "counter-2",
    "drawer_id": new_id(),
    "item_numbers": ("RR473124829GB",),
    "riel_per_usd": 4_000,
    "corrects": new_id(),
    "flags": ("after_close",),
    "words_sha256": bytes(32),
}


def chain(count: int) -> list[Entry]:
    head, entries = beginning(HOME), []
    for place in range(count):
        entries.append(linked(draft(place + 1), new_id(), head, None))
        head = head_of(entries[-1])
    return entries


def walked(entries: list[Entry], head: Head, told: dict[int, str] | None = None) -> list[Wrong]:
    walk = Walk(HOME, told or {})
    faults: list[Fault] = []
    for entry in entries:
        faults += walk.step(entry)
    return [fault.wrong for fault in (*faults, *walk.end(head))]


def test_every_field_is_told_apart() -> None:
    (entry,) = chain(1)
    assert set(CHANGES) == {name for name in Entry.__slots__ if name != "sha256"}
    assert {
        name for name, value in CHANGES.items() if digest_of(replace(entry, **{name: value})) == entry.sha256
    } == set()


def test_an_entry_is_written_as_the_rule_says() -> None:
    entry = replace(chain(1)[0], entry_id=new_id(), cause=Cause("scan", "1"), device="c")
    assert canonical(entry).decode() == (
        '{"cause":["scan","1"],"corrects":null,"device":"c","drawer_id":null,"entry_id":"' + str(entry.entry_id) + '",'
        '"flags":[],"item_numbers":[],"kind":"float_received","occurred_at":"2026-11-30T02:30:00.000000Z",'
        '"office":"TK01A","postings":[["safe","",1,"KHR"],["float","",-1,"KHR"]],'
        '"recorded_at":"2026-11-30T02:30:00.000000Z","recorded_by":"supervisor-TK01A","riel_per_usd":null,'
        '"sequence":1,"words_sha256":null}'
    )


def anew(entries: list[Entry], start: int, amount_minor: int) -> list[Entry]:
    """Write a tail anew, as somebody would who knows the rule."""
    kept = entries[:start]
    head = head_of(kept[-1]) if kept else beginning(HOME)
    for place in range(start, len(entries)):
        kept.append(linked(draft(amount_minor + place), entries[place].entry_id, head, None))
        head = head_of(kept[-1])
    return kept


def amount_changed(entries: list[Entry]) -> list[Entry]:
    return [*entries[:2], replace(entries[2], postings=draft(9).postings), *entries[3:]]


def digested_again(entries: list[Entry]) -> list[Entry]:
    changed = replace(entries[2], postings=draft(9).postings)
    return [*entries[:2], replace(changed, sha256=digest_of(changed)), *entries[3:]]


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lambda entries: entries, []),
        (amount_changed, [Wrong.CHANGED]),
        (digested_again, [Wrong.UNLINKED]),
        (lambda entries: [*entries[:2], *entries[3:]], [Wrong.MISSING, Wrong.UNLINKED]),
        (lambda entries: entries[1:], [Wrong.MISSING, Wrong.UNLINKED]),
        (lambda entries: entries[:-1], [Wrong.CUT_OFF]),
        (lambda entries: anew(entries, 3, 700), [Wrong.HEAD]),
    ],
)
def test_a_walk_finds_what_was_done(tamper: Callable[[list[Entry]], list[Entry]], expected: list[Wrong]) -> None:
    entries = chain(5)
    assert walked(tamper(entries), head_of(entries[-1])) == expected


def test_a_tail_written_anew_with_its_head_is_found_by_what_was_told() -> None:
    entries = chain(5)
    told = {entries[3].sequence: entries[3].sha256.hex()}
    forged = anew(entries, 2, 700)

    assert walked(forged, head_of(forged[-1])) == []
    assert walked(forged, head_of(forged[-1]), told) == [Wrong.REWRITTEN]
    assert walked(entries[:2], head_of(entries[1]), told) == [Wrong.CUT_OFF]


@given(st.integers(2, 12), st.data())
def test_whatever_two_entries_are_swapped_is_found(count: int, data: st.DataObject) -> None:
    entries = chain(count)
    one = data.draw(st.integers(0, count - 2))
    other = data.draw(st.integers(one + 1, count - 1))
    first, second = entries[one], entries[other]
    swapped = [*entries]
    swapped[one], swapped[other] = replace(second, sequence=first.sequence), replace(first, sequence=second.sequence)

    assert walked(swapped, head_of(swapped[-1]))
