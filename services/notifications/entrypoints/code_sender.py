"""The loops that send sign-in codes: beside those for messages about parcels, so that none of these holds a code up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.notifications.channels.written import Written
from services.notifications.domain.code_wording import CodeTexts
from services.notifications.domain.message import CodeMessage
from services.notifications.domain.milestones import OF_A_SHOP, Audience
from services.notifications.entrypoints.sender import Sender
from services.notifications.use_cases.claim_due_codes import claim_due_codes
from services.notifications.use_cases.forget_old_codes import forget_old_codes
from shared.db.connection import Tx, server_time


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSender(Sender):
    """Sends to those who act for a shop, at once or not at all."""

    audiences: ClassVar[Sequence[Audience]] = OF_A_SHOP

    texts: CodeTexts

    async def claim(self, tx: Tx, now: datetime) -> Sequence[Written[CodeMessage]]:
        """Take what is due under a lease, and write it."""
        return await claim_due_codes(tx, self.texts, self.pace.batch, self.pace.lease, now)

    async def clean_up(self) -> None:
        """Drop outcomes that nobody asks for any more."""
        async with self.database.transaction() as tx:
            await forget_old_codes(tx, await server_time(tx))
