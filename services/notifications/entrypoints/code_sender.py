"""The loops that send sign-in codes: beside those for messages, so that no message holds a code up.

Leases and deadlines are of the database's clock, as those of messages are.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from services.notifications.channels.channel import Channel
from services.notifications.domain.code_wording import CodeTexts
from services.notifications.domain.message import ChannelName
from services.notifications.domain.sign_in_code import CodeMessage
from services.notifications.entrypoints.measures import MessageMeasures
from services.notifications.use_cases.claim_due_codes import claim_due_codes
from services.notifications.use_cases.deliver_codes import deliver_codes
from services.notifications.use_cases.expire_codes import expire_codes
from services.notifications.use_cases.record_code_outcomes import record_code_outcomes
from services.notifications.use_cases.recover_lost_codes import recover_lost_codes
from shared import trace
from shared.db.connection import Database, server_time
from shared.failpoints import Place, reached
from shared.messaging.outbox import Outbox

log = structlog.get_logger()

TIDY_BATCH = 500
LEASE_MARGIN_S = 5.0


@dataclass(frozen=True, slots=True)
class CodeSender:
    """What sending codes takes; its steps are run by loops."""

    database: Database
    outbox: Outbox
    channels: Mapping[ChannelName, Channel]
    texts: CodeTexts
    batch: int
    """Codes that go at the same time."""
    within_s: float
    measures: MessageMeasures

    async def send(self) -> bool:
        """Claim, deliver and record one batch; the sends hold no transaction."""
        began_s = time.monotonic()
        async with self.database.transaction() as tx:
            now = await server_time(tx)
            lease = timedelta(seconds=self.within_s + LEASE_MARGIN_S)
            written = await claim_due_codes(tx, self.texts, self.batch, lease, now)
        if not written:
            return False
        reached(Place.CODE_CLAIMED)
        outcomes = await deliver_codes(written, self.channels, self.within_s, _Clock(now, began_s).is_past_deadline)
        async with self.database.transaction() as tx:
            settled = await record_code_outcomes(
                tx, self.outbox, written, outcomes, self.channels, await server_time(tx)
            )
            reached(Place.CODE_OUTCOME_WRITTEN)
        reached(Place.CODE_OUTCOME_COMMITTED)
        self._report(settled)
        return len(written) == self.batch

    async def tidy(self) -> bool:
        """End what is late, recover what was lost; each in a transaction of its own."""
        async with self.database.transaction() as tx:
            expired = await expire_codes(tx, self.outbox, TIDY_BATCH, await server_time(tx))
        async with self.database.transaction() as tx:
            recovered = await recover_lost_codes(tx, self.outbox, self.channels, TIDY_BATCH, await server_time(tx))
            if recovered:
                reached(Place.CODE_TIDY_WRITTEN)
        self._report([*expired, *recovered])
        return TIDY_BATCH in (len(expired), len(recovered))

    def _report(self, settled: Sequence[CodeMessage]) -> None:
        self.measures.count_codes(settled)
        for message in settled:
            log.info(
                "code settled",
                request_id=message.request_id,
                message_id=str(message.message_id),
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

    def is_past_deadline(self, message: CodeMessage) -> bool:
        return self.asked_at + timedelta(seconds=time.monotonic() - self.began_s) >= message.deadline
