"""A device sends what it did without a line: each record is applied once, in order, known already, or set aside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.access.devices import Device
from shared.access.passes import Pass
from shared.db.connection import Tx
from shared.syncing import store
from shared.syncing.apply_records import apply_records
from shared.syncing.judging import RECORD_ID_USED, SEQUENCE_USED, flags_of, judge
from shared.syncing.kinds import Applied, Kinds, Outcome, Ready
from shared.syncing.places import places_of
from shared.syncing.record import Problem, Record, Sent
from shared.syncing.store import Kept

SAID = ("kind", "staff", "pass_id", "bundle_id", "recorded_at", "drift_ms")


class Became(StrEnum):
    """What became of one record of a request."""

    APPLIED = "applied"
    KNOWN = "known"
    """It came before; whatever became of it then stands."""
    SET_ASIDE = "set_aside"
    WAIT = "wait"
    """A record before it is missing; nothing was done."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One request of a device."""

    device: Device
    sent_at: datetime
    """By the device's own clock, uncorrected."""
    received_at: datetime
    records: Sequence[Sent]
    passes: Mapping[UUID, Pass]

    @property
    def clock_ahead(self) -> timedelta:
        """Return how far the device's clock is ahead of ours now, less the time that the request took."""
        return self.sent_at - self.received_at


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a record; nothing is kept of one that waits."""

    became: Became
    sent: Sent
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of each record of a request, in the order sent, and which sequence comes next."""

    answers: Sequence[Answered]
    next_sequence: int


async def sync_records(tx: Tx, sending: Sending, kinds: Kinds, is_disabled: Callable[[str], bool]) -> Synced:
    """Take in what a device sent and return what became of each record; locks the device.

    A request that comes twice, side by side or after an interruption, changes nothing the second time.
    """
    last = await store.lock(tx, sending.device.device_id)
    known = await store.of_digests(tx, sending.device.device_id, [sent.sha256 for sent in sending.records])
    first = _first_of_each(sending.records, known)
    new = [sending.records[index] for index in first]
    before = {index: known[sent.sha256].sequence for index, sent in enumerate(sending.records) if sent.sha256 in known}
    places = places_of(sending.records, before | _repeats(sending.records, first, known), last)
    turn = [(sending.records[index], sequence) for index, sequence in places.next]
    aside = [(sending.records[index], None) for index in sorted(places.placeless)]
    kept = await _take(tx, sending, kinds, turn, is_disabled)
    kept += [_kept(sending, sent, sequence, sent.problem or SEQUENCE_USED, []) for sent, sequence in aside]
    if kept:
        await store.add(tx, kept)
    last += len(turn)
    await store.advance(tx, sending.device.device_id, last, sending.received_at, _ms(sending.clock_ahead))
    return Synced(_answers(sending.records, known, {one.sha256: one for one in kept}, new), last + 1)


def _first_of_each(records: Sequence[Sent], known: Mapping[bytes, Kept]) -> list[int]:
    """Return the indexes of new records; what stands in a request twice is new once."""
    seen = set(known)
    first = []
    for index, sent in enumerate(records):
        if sent.sha256 not in seen:
            seen.add(sent.sha256)
            first.append(index)
    return first


def _repeats(records: Sequence[Sent], first: Sequence[int], known: Mapping[bytes, Kept]) -> dict[int, int | None]:
    new = set(first)
    return {index: None for index, sent in enumerate(records) if index not in new and sent.sha256 not in known}


async def _take(
    tx: Tx,
    sending: Sending,
    kinds: Kinds,
    turn: Sequence[tuple[Sent, int]],
    is_disabled: Callable[[str], bool],
) -> list[Kept]:
    judged = await _judged(tx, sending, kinds, [sent for sent, _ in turn])
    ready = [one for one in judged if isinstance(one, Ready)]
    outcomes = iter(await apply_records(tx, ready, kinds))
    kept = []
    for (sent, sequence), one in zip(turn, judged, strict=True):
        outcome = next(outcomes) if isinstance(one, Ready) else one
        flags = flags_of(one, sending.clock_ahead, is_disabled) if isinstance(one, Ready) else []
        kept.append(_kept(sending, sent, sequence, outcome, flags))
    return kept


async def _judged(tx: Tx, sending: Sending, kinds: Kinds, turn: Sequence[Sent]) -> list[Ready | Problem]:
    ids = [sent.record.record_id for sent in turn if sent.record]
    used = await store.used_ids(tx, sending.device.device_id, ids) if ids else set()
    judged: list[Ready | Problem] = []
    for sent in turn:
        if sent.record is None:
            judged.append(_reason(sent))
        elif sent.record.record_id in used:
            judged.append(RECORD_ID_USED)
        else:
            one = judge(sent.record, sending.device, sending.passes, kinds, sending.received_at)
            used |= {sent.record.record_id} if isinstance(one, Ready) else set()
            judged.append(one)
    return judged


def _reason(sent: Sent) -> Problem:
    assert sent.problem is not None
    return sent.problem


def _kept(sending: Sending, sent: Sent, sequence: int | None, outcome: Outcome, flags: Sequence[str]) -> Kept:
    problem = outcome if isinstance(outcome, Problem) else None
    return Kept(
        device_id=sending.device.device_id,
        sha256=sent.sha256,
        sequence=sequence,
        record_id=sent.record_id,
        received_at=sending.received_at,
        clock_ahead_ms=_ms(sending.clock_ahead),
        set_aside=problem is not None,
        problem=_told(problem) if problem else None,
        result=dict(outcome.result) if isinstance(outcome, Applied) else None,
        flags=list(dict.fromkeys([*flags, *(outcome.flags if isinstance(outcome, Applied) else ())])),
        written=sent.written if problem else None,
        **_said(sent.record),
    )


def _said(record: Record | None) -> dict[str, Any]:
    return {name: getattr(record, name) for name in SAID} if record else {}


def _told(problem: Problem) -> dict[str, object]:
    errors = [{"field": one.field, "code": one.code, "message": one.message} for one in problem.errors]
    return {"code": problem.code, "message": problem.message, "errors": errors}


def _answers(
    records: Sequence[Sent], known: Mapping[bytes, Kept], kept: Mapping[bytes, Kept], new: Sequence[Sent]
) -> list[Answered]:
    answers, unsaid = [], {sent.sha256 for sent in new}
    for sent in records:
        one = known.get(sent.sha256) or kept.get(sent.sha256)
        if one is None:
            became = Became.WAIT
        elif sent.sha256 not in unsaid:
            became = Became.KNOWN
        else:
            became = Became.SET_ASIDE if one.set_aside else Became.APPLIED
            unsaid.remove(sent.sha256)
        answers.append(Answered(became, sent, one))
    return answers


def _ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
