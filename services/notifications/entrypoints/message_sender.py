"""The loops that send messages about parcels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.notifications.channels.written import Written
from services.notifications.domain.message import Message
from services.notifications.domain.milestones import OF_A_PARCEL, Audience
from services.notifications.domain.wording import Texts
from services.notifications.entrypoints.sender import TIDY_BATCH, Sender
from services.notifications.store import messages
from services.notifications.use_cases.claim_due_messages import claim_due_messages
from services.notifications.use_cases.release_missed_messages import release_missed_messages
from services.notifications.use_cases.tell_corrected_phones import tell_corrected_phones
from services.notifications.use_cases.tell_customs_news import tell_customs_news
from shared.access.directory import Directory
from shared.db.connection import Tx, server_time


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSender(Sender):
    """Sends to senders and recipients, whose contacts may come after the message."""

    audiences: ClassVar[Sequence[Audience]] = OF_A_PARCEL

    directory: Directory
    texts: Texts

    async def claim(self, tx: Tx, now: datetime) -> Sequence[Written[Message]]:
        """Take what is due under a lease, and write it with the names of offices."""
        if not self.directory.offices:
            await self.directory.refresh(self.database)
        offices = self.directory.offices
        return await claim_due_messages(tx, self.texts, offices, self.pace.batch, self.pace.lease, now)

    async def clean_up(self) -> None:
        """Let go what was missed, tell corrected phones and news of customs, and count what is open."""
        async with self.database.transaction() as tx:
            await release_missed_messages(tx, TIDY_BATCH, await server_time(tx))
        async with self.database.transaction() as tx:
            await tell_corrected_phones(tx, TIDY_BATCH, await server_time(tx))
        async with self.database.transaction() as tx:
            await tell_customs_news(tx, TIDY_BATCH, await server_time(tx))
        async with self.database.connection() as tx:
            self.measures.note_open(await messages.count_open(tx))
