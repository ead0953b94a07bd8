"""What every sender does, whatever it sends: claim, deliver, record, report, and tidy up what cannot be sent.

Leases, due times and deadlines are of the database's clock: senders whose own clocks differ must agree on whose
message it is.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import structlog

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import AnyMessage, ChannelName
from services.notifications.domain.milestones import Audience
from services.notifications.entrypoints.measures import MessageMeasures
from services.notifications.use_cases.deliver_messages import deliver_messages
from services.notifications.use_cases.expire_messages import expire_messages
from services.notifications.use_cases.record_outcomes import record_outcomes
from services.notifications.use_cases.recover_lost_sends import recover_lost_sends
from shared import trace
from shared.db.connection import Database, Tx, server_time
from shared.failpoints import Place, reached
from shared.messaging.outbox import Outbox

log = structlog.get_logger()

TIDY_BATCH = 500


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages go at a time, and how long each may take."""

    batch: int
    at_once: int
    within_s: float
    lease: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender(ABC):
    """What sending takes; its steps are run by loops."""

    audiences: ClassVar[Sequence[Audience]]
    """To whom it sends; what is for others it leaves alone."""

    database: Database
    outbox: Outbox
    channels: Mapping[ChannelName, Channel]
    pace: Pace
    measures: MessageMeasures

    @abstractmethod
    async def claim(self, tx: Tx, now: datetime) -> Sequence[Written[AnyMessage]]:
        """Take what is due under a lease, and write it."""

    @abstractmethod
    async def clean_up(self) -> None:
        """Do what else is to be done for these messages from time to time."""

    async def send(self) -> bool:
        """Claim, deliver and record one batch; the sends hold no transaction."""
        began_s = time.monotonic()
        async with self.database.transaction() as tx:
            now = await server_time(tx)
            written = await self.claim(tx, now)
            if written:
                reached(Place.CLAIM_WRITTEN)
        if not written:
            return False
        reached(Place.CLAIM_COMMITTED)
        is_late = _Clock(now, began_s).is_past_deadline
        outcomes = await deliver_messages(written, self.channels, self.pace.at_once, self.pace.within_s, is_late)
        async with self.database.transaction() as tx:
            settled = await record_outcomes(tx, self.outbox, written, outcomes, self.channels, await server_time(tx))
            reached(Place.OUTCOME_WRITTEN)
        reached(Place.OUTCOME_COMMITTED)
        self._report(settled)
        return len(written) == self.pace.batch

    async def tidy(self) -> bool:
        """End what is late, recover what was lost, clean up; each in a transaction of its own."""
        async with self.database.transaction() as tx:
            expired = await expire_messages(tx, self.outbox, self.audiences, TIDY_BATCH, await server_time(tx))
        async with self.database.transaction() as tx:
            recovered = await recover_lost_sends(
                tx, self.outbox, self.channels, self.audiences, TIDY_BATCH, await server_time(tx)
            )
            if recovered:
                reached(Place.TIDY_WRITTEN)
        self._report([*expired, *recovered])
        await self.clean_up()
        return TIDY_BATCH in (len(expired), len(recovered))

    def _report(self, settled: Sequence[AnyMessage]) -> None:
        self.measures.count(settled)
        for message in settled:
            log.info(
                "message settled",
                **message.subject,
                message_id=str(message.message_id),
                milestone=message.milestone,
                audience=message.audience,
                channel=message.channel,
                state=message.state,
                attempts=message.attempts,
                reason=message.reason,
                trace_id=trace.trace_id(message.traceparent),
            )


@dataclass(frozen=True, slots=True)
class _Clock:
    """The database's clock, going on here since it was asked."""

    asked_at: datetime
    began_s: float

    def is_past_deadline(self, message: AnyMessage) -> bool:
        return self.asked_at + timedelta(seconds=time.monotonic() - self.began_s) >= message.deadline
