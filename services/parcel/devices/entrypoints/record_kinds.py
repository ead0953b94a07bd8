"""The kinds of record that parcel takes from devices, each from a file of its own; sessions that ended are flagged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.devices.entrypoints import registration_records
from services.parcel.devices.use_cases.find_session_ends import find_session_ends
from shared.db.connection import Tx
from shared.syncing.judging import SESSION_ENDED
from shared.syncing.kinds import Applied, Apply, Kind, Kinds, Outcome, Ready
from shared.web.service import Service

KINDS: Mapping[str, Callable[[Service], Kind]] = {"registration": registration_records.kind_of}


def kinds_of(service: Service) -> Kinds:
    """Return what is done with each kind of record."""
    flagging: dict[Apply, Apply] = {}
    kinds = {name: kind_of(service) for name, kind_of in KINDS.items()}
    for kind in kinds.values():
        # Kinds that share a function go on sharing one: what follows each other is applied together.
        flagging.setdefault(kind.apply, _flagging(kind.apply))
    return {name: replace(kind, apply=flagging[kind.apply]) for name, kind in kinds.items()}


def _flagging(apply: Apply) -> Apply:
    async def applied(tx: Tx, ready: Sequence[Ready]) -> Sequence[Outcome]:
        outcomes = await apply(tx, ready)
        ends = await find_session_ends(tx, {one.granted.pass_id for one in ready})
        return [_flagged(outcome, one, ends) for outcome, one in zip(outcomes, ready, strict=True)]

    return applied


def _flagged(outcome: Outcome, ready: Ready, ends: Mapping[UUID, datetime]) -> Outcome:
    ended_at = ends.get(ready.granted.pass_id)
    if not isinstance(outcome, Applied) or ended_at is None or ready.record.occurred_at < ended_at:
        return outcome
    return replace(outcome, flags=(*outcome.flags, SESSION_ENDED))
