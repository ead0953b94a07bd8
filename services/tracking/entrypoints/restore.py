"""The way back from the topics: what they tell of scans is read from the beginning and put where the log lacks it."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.tracking.use_cases.remember_advance_data import remember_advance_data
from services.tracking.use_cases.remember_charges import remember_charges
from services.tracking.use_cases.remember_dues import remember_dues
from services.tracking.use_cases.remember_paid import remember_paid
from services.tracking.use_cases.restore_scans import restore_scans
from shared.clock import now
from shared.contracts import parcel, tracking
from shared.contracts.envelope import Event
from shared.contracts.parcel import (
    ParcelAdvanceDataCompletedV1,
    ParcelCancelledV1,
    ParcelChargesSetV1,
    ParcelCodBookedV1,
    ParcelRegisteredV1,
)
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx
from shared.messaging.decode import Arrived, Decoder
from shared.messaging.read_back import read_back

TOPICS = (parcel.EVENTS_TOPIC, tracking.TOPIC)
"""Postings first, so that what was told of them is known to be theirs."""
OF_SCANS = (ParcelRegisteredV1, ParcelCancelledV1, ParcelMovedV1)
EVENTS = (*OF_SCANS, ParcelAdvanceDataCompletedV1, ParcelChargesSetV1, ParcelCodBookedV1)
AT_ONCE = 1_000
SAY_EVERY_S = 2.0


@dataclass(slots=True)
class Restored:
    """How far the topics reached, and what came back from them."""

    counts: Counter[str] = field(default_factory=Counter)
    since: datetime | None = None
    """Time of the oldest event."""

    @property
    def lines(self) -> list[str]:
        """Say it in sentences."""
        counts = self.counts
        reach = f"{self.since:%Y-%m-%d %H:%M} UTC" if self.since else "nowhere: they hold none of our events"
        return [
            f"The topics reach back to {reach}; {counts['events']:,} events read, {counts['new']:,} scans restored.",
            "They tell what changed a journey, not every scan: states, last events and versions are as they were told;"
            " a timeline may lack scans that changed nothing, and what a scan said beyond code, time and office.",
            *_if(counts["passed_over"], "events passed over: of a number's later journey, or of an unknown code."),
            *_if(counts["damaged"], "records were damaged and passed over."),
        ]


async def restore(tx: Tx, bootstrap: str, say: Callable[[str], None]) -> Restored:
    """Read the topics to where they end now; each portion is a transaction of its own, so it can be broken off."""
    restored, decoder, said_at = Restored(), Decoder(EVENTS), time.monotonic()
    for topic in TOPICS:
        async for records in read_back(bootstrap, topic):
            read = [outcome for record in records if (outcome := decoder.read(record))]
            events = [outcome.event for outcome in read if isinstance(outcome, Arrived)]
            restored.counts.update(events=len(events), damaged=len(read) - len(events))
            restored.since = min((*filter(None, [restored.since]), *(event.time for event in events)), default=None)
            for start in range(0, len(events), AT_ONCE):
                async with tx.transaction():
                    restored.counts += await _restore(tx, events[start : start + AT_ONCE])
            if time.monotonic() - said_at > SAY_EVERY_S:
                said_at = time.monotonic()
                say(f"{restored.counts['events']:,} events read, {restored.counts['new']:,} scans restored.")
    return restored


async def _restore(tx: Tx, events: Sequence[Event]) -> Counter[str]:
    await remember_advance_data(tx, [event for event in events if isinstance(event, ParcelAdvanceDataCompletedV1)])
    await remember_charges(tx, [event for event in events if isinstance(event, ParcelChargesSetV1)])
    await remember_dues(tx, [event for event in events if isinstance(event, ParcelRegisteredV1)])
    await remember_paid(tx, [event for event in events if isinstance(event, ParcelCodBookedV1)])
    return await restore_scans(tx, [event for event in events if isinstance(event, OF_SCANS)], now())


def _if(count: int, text: str) -> list[str]:
    return [f"{count:,} {text}"] if count else []
