"""The loops that send messages, and tidy up those that cannot be sent.

Leases and due times are of the database's clock: senders whose own clocks differ must agree on whose message it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.notifications.channels.channel import Channel
from services.notifications.domain.message import ChannelName, Message
from services.notifications.domain.wording import Texts
from services.notifications.entrypoints.measures import MessageMeasures
from services.notifications.store import messages
from services.notifications.use_cases.claim_due_messages import claim_due_messages
from services.notifications.use_cases.deliver_messages import deliver_messages
from services.notifications.use_cases.expire_messages import expire_messages
from services.notifications.use_cases.record_outcomes import record_outcomes
from services.notifications.use_cases.recover_lost_sends import recover_lost_sends
from services.notifications.use_cases.release_missed_messages import release_missed_messages
from shared import trace
from shared.access.directory import Directory
from shared.db.connection import Database, server_time
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


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending takes; its steps are run by loops."""

    database: Database
    outbox: Outbox
    directory: Directory
    channels: Mapping[ChannelName, Channel]
    texts: Texts
    pace: Pace
    measures: MessageMeasures

    async def send(self) -> bool:
        """Claim, deliver and record one batch; the sends hold no transaction."""
        if not self.directory.offices:
            await self.directory.refresh(self.database)
        async with self.database.transaction() as tx:
            written = await claim_due_messages(
                tx, self.texts, self.directory.offices, self.pace.batch, self.pace.lease, await server_time(tx)
            )
            if written:
                reached(Place.CLAIM_WRITTEN)
        if not written:
            return False
        reached(Place.CLAIM_COMMITTED)
        outcomes = await deliver_messages(written, self.channels, self.pace.at_once, self.pace.within_s)
        async with self.database.transaction() as tx:
            settled = await record_outcomes(tx, self.outbox, written, outcomes, self.channels, await server_time(tx))
            reached(Place.OUTCOME_WRITTEN)
        reached(Place.OUTCOME_COMMITTED)
        self._report(settled)
        return len(written) == self.pace.batch

    async def tidy(self) -> bool:
        """End what is late, recover what was lost, let go what was missed; each in a transaction of its own."""
        async with self.database.transaction() as tx:
            expired = await expire_messages(tx, self.outbox, TIDY_BATCH, await server_time(tx))
        async with self.database.transaction() as tx:
            recovered = await recover_lost_sends(tx, self.outbox, self.channels, TIDY_BATCH, await server_time(tx))
            if recovered:
                reached(Place.TIDY_WRITTEN)
        async with self.database.transaction() as tx:
            await release_missed_messages(tx, TIDY_BATCH, await server_time(tx))
        self._report([*expired, *recovered])
        async with self.database.connection() as tx:
            self.measures.note_open(await messages.count_open(tx))
        return TIDY_BATCH in (len(expired), len(recovered))

    def _report(self, settled: Sequence[Message]) -> None:
        self.measures.count(settled)
        for message in settled:
            log.info(
                "message settled",
                item_number=message.item_number,
                message_id=str(message.message_id),
                milestone=message.milestone,
                audience=message.audience,
                channel=message.channel,
                state=message.state,
                attempts=message.attempts,
                reason=message.reason,
                trace_id=trace.trace_id(message.traceparent),
            )
