"""Applying what arrives: a batch is one transaction, a known event is dropped, a bad one is put aside.

A large batch is two, parted by key, which commit each for itself.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import asyncpg
import structlog

from shared import trace
from shared.contracts.envelope import Event
from shared.db.connection import TRANSIENT, Database, Tx
from shared.errors import Unavailable
from shared.failpoints import Place, handled, reached
from shared.messaging import dead_letters, inbox
from shared.messaging.decode import Arrived, Broken, Decoder, Record
from shared.messaging.measures import Measures
from shared.sealing import KeyRing

log = structlog.get_logger()

Handler = Callable[[Tx, Sequence[Any]], Awaitable[None]]
"""Applies events of one type in partition order; never commits; is called with one event when a batch failed."""

TRIES_ALONE = 2
PATIENCE_S = 120.0
"""Below the consumer's longest poll interval, so that waiting for a database does not cost the membership."""
LONGEST_WAIT_S = 5.0
CATCHING_UP = 50
"""A batch with more records is catching up: its events get no line of their own in the log, and it goes in lanes."""
LANES = 2
"""A transaction each. One keeps the database busy while the other is worked on here; more gain nothing."""


@dataclass(slots=True)
class Done:
    """What a committed transaction applied, by type, and put aside."""

    applied: Counter[str] = field(default_factory=Counter)
    parked: Sequence[Broken] = ()


class Consumer:
    """What one service does with the events of the topics it reads."""

    def __init__(
        self,
        group: str,
        database: Database,
        handlers: Mapping[type[Event], Handler],
        measures: Measures,
        key_ring: KeyRing | None = None,
        span: Callable[[Sequence[Arrived]], AbstractContextManager[object]] = lambda _arrived: nullcontext(),
    ) -> None:
        self.group = group
        self.topics = sorted({event.topic for event in handlers})
        self._database = database
        self._handlers = handlers
        self._measures = measures
        self._decoder = Decoder(handlers, key_ring)
        self._span = span

    async def apply(self, records: Sequence[Record]) -> None:
        """Apply a batch, waiting through faults of the moment; a large one in lanes side by side.

        While the database works for one lane, the events of another are read. Returns when all of it is committed.
        Raises: TimeoutError, when patience runs out; the batch is then read again.
        """
        lanes = [records] if len(records) <= CATCHING_UP else _lanes(records)
        outcomes = await asyncio.gather(*map(self._apply_lane, lanes), return_exceptions=True)
        for error in filter(None, outcomes):
            raise error

    async def _apply_lane(self, records: Sequence[Record]) -> None:
        read = [outcome for record in records if (outcome := self._decoder.read(record))]
        arrived = [outcome for outcome in read if isinstance(outcome, Arrived)]
        broken = [outcome for outcome in read if isinstance(outcome, Broken)]
        causes = _causes(arrived)
        reached(Place.BATCH_READ)
        with trace.caused_by(causes), self._span(arrived):
            async with asyncio.timeout(PATIENCE_S):
                done = await self._apply_with_patience(arrived, broken)
        reached(Place.BATCH_COMMITTED)
        self._note(done)
        if len(arrived) <= CATCHING_UP:
            for one in arrived:
                trace_id = trace.trace_id(causes[one.event.key])
                log.info(
                    "event read",
                    type=one.event.type,
                    key=one.event.key,
                    event_id=str(one.event.event_id),
                    trace_id=trace_id,
                )
        else:
            log.info("events read", group=self.group, **Counter(one.event.type for one in arrived))

    async def replay(self) -> bool:
        """Apply dead letters that an operator asked to replay; returns True if there were any."""
        done = Done()
        async with self._database.transaction() as tx:
            wanted = await dead_letters.in_states(tx, [dead_letters.State.REPLAYING])
            for dead in wanted:
                outcome = await self._try_alone(tx, self._decoder.read_letter(dead.letter))
                if isinstance(outcome, Broken):
                    await dead_letters.give_reason(tx, dead.id, outcome.reason)
                else:
                    done.applied.update(outcome)
                    await dead_letters.change_state(
                        tx, [dead.id], [dead_letters.State.REPLAYING], dead_letters.State.REPLAYED
                    )
            if wanted:
                reached(Place.REPLAY_WRITTEN)
        self._note(done)
        return bool(wanted)

    async def _apply_with_patience(self, arrived: Sequence[Arrived], broken: Sequence[Broken]) -> Done:
        wait_s = 0.1
        while True:
            try:
                return await self._apply(arrived, broken)
            except Exception as error:  # noqa: BLE001  # what an event does is parked: this is the database's fault
                self._measures.batch_retries.inc()
                log.warning("batch waits", group=self.group, error=describe(error), events=len(arrived))
            await asyncio.sleep(wait_s * random.uniform(0.5, 1))
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    async def _apply(self, arrived: Sequence[Arrived], broken: Sequence[Broken]) -> Done:
        try:
            async with self._database.transaction() as tx:
                return Done(await self._apply_new(tx, arrived), await self._park(tx, broken))
        except Exception as error:
            if is_transient(error):
                raise
            log.warning("batch taken apart", group=self.group, error=describe(error), events=len(arrived))
            return await self._apply_one_by_one(arrived, broken)

    async def _apply_one_by_one(self, arrived: Sequence[Arrived], broken: Sequence[Broken]) -> Done:
        done, bad = Done(), list(broken)
        async with self._database.transaction() as tx:
            for one in arrived:
                outcome = await self._try_alone(tx, one)
                if isinstance(outcome, Broken):
                    bad.append(outcome)
                else:
                    done.applied.update(outcome)
            done.parked = await self._park(tx, bad)
        return done

    async def _try_alone(self, tx: Tx, outcome: Arrived | Broken) -> Counter[str] | Broken:
        """Apply one event under a savepoint; returns how many of its type were new, or why it is broken."""
        if isinstance(outcome, Broken):
            return outcome
        reason = ""
        for _ in range(TRIES_ALONE):
            try:
                async with tx.transaction():
                    with trace.caused_by(_causes([outcome])):
                        return await self._apply_new(tx, [outcome])
            except Exception as error:
                if is_transient(error):
                    raise
                reason = describe(error)
        return Broken(outcome.letter, reason)

    async def _apply_new(self, tx: Tx, arrived: Sequence[Arrived]) -> Counter[str]:
        new = await inbox.keep_new(tx, [one.event.event_id for one in arrived]) if arrived else set()
        reached(Place.BATCH_KNOWN)
        events = list({e.event_id: e for one in arrived if (e := one.event).event_id in new}.values())
        for event_type, handle in self._handlers.items():
            if of_type := [event for event in events if type(event) is event_type]:
                await handle(tx, of_type)
                handled(of_type)
        reached(Place.BATCH_WRITTEN)
        return Counter(event.type for event in events)

    async def _park(self, tx: Tx, broken: Sequence[Broken]) -> Sequence[Broken]:
        """Put records aside; returns those that were not aside already."""
        parked = [outcome for outcome in broken if await dead_letters.park(tx, outcome.letter, outcome.reason)]
        if parked:
            reached(Place.DEAD_LETTER_WRITTEN)
        return parked

    def _note(self, done: Done) -> None:
        for event_type, count in done.applied.items():
            self._measures.events_applied.labels(event_type).inc(count)
        for outcome in done.parked:
            letter = outcome.letter
            self._measures.events_parked.labels(letter.topic).inc()
            log.error(
                "dead letter",
                group=self.group,
                topic=letter.topic,
                partition=letter.partition,
                offset=letter.offset,
                event_id=str(letter.event_id),
                reason=outcome.reason,
            )


def _lanes(records: Sequence[Record]) -> list[list[Record]]:
    """Part records by their keys, so that the events of one key stay together and in order, whatever their topic."""
    lanes: list[list[Record]] = [[] for _ in range(LANES)]
    for record in records:
        lanes[crc32(record.key or b"") % LANES].append(record)
    return lanes


def _causes(arrived: Sequence[Arrived]) -> Mapping[str, str]:
    return {one.event.key: trace.accepted(one.traceparent) for one in arrived}


def is_transient(error: BaseException) -> bool:
    """Tell a fault of the moment from a fault of the event; a cancelled query counts as the event's."""
    return isinstance(error, (*TRANSIENT, Unavailable)) and not isinstance(error, asyncpg.QueryCanceledError)


def describe(error: BaseException) -> str:
    """Name an error without the values it may hold, which may be personal."""
    if isinstance(error, asyncpg.PostgresError):
        place = error.constraint_name or error.column_name or error.table_name or ""
        return f"{type(error).__name__} {error.sqlstate} {place}".strip()
    return type(error).__name__
