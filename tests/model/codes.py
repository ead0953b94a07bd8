"""Members who ask for codes to sign in with: what was asked for, what phones showed, and what must hold of both."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.milestones import NEWS_FOR, Milestone
from shared.contracts.notifications import CodeSentV1
from shared.contracts.parcel import SignInCodeV1
from shared.ids import new_id
from tests.model.processes import Process
from tests.model.promises import must
from tests.model.scope import moment
from tests.model.server import Server

SECRET = re.compile(r"secret-\d+")
"""A code that nothing else in a history looks like."""


@dataclass(slots=True)
class Codes:
    """The codes of one history."""

    asked: dict[str, SignInCodeV1] = field(default_factory=dict)
    """What was told of each code, if its transaction was committed."""
    shown: Counter[str] = field(default_factory=Counter)

    async def ask(self, process: Process, phone: str, lives: timedelta) -> None:
        """Have the parcel service make a code and tell of it."""
        code, now = f"secret-{len(self.asked)}", moment()
        self.asked[code] = told = SignInCodeV1(
            request_id=str(new_id()), phone=phone, language="en", code=code, expires_at=now + lives, time=now
        )
        async with process.database.transaction() as tx:
            await process.outbox.append(cast("Any", tx), [told])

    def at_ring(self, outgoing: Outgoing, handed_over_at: datetime) -> None:
        """Check that a code on a phone is there for the first time, is its own, and was handed over in time."""
        for code in SECRET.findall(outgoing.body):
            told = self.asked[code]
            self.shown[code] += 1
            must(self.shown[code] == 1, "a code is shown once", told)
            must(outgoing.phone == told.phone, "a code is shown to who asked", told, outgoing.phone)
            deadline = min(told.time + NEWS_FOR[Milestone.SIGN_IN_CODE], told.expires_at)
            must(handed_over_at < deadline, "no code goes out after its deadline", told, handed_over_at)

    def check(self, parcel: Server, notifications: Server) -> None:
        """Every code that was told came to an end, once, which is what phones showed; nothing of it is left."""
        rows = [row["row"] for row in parcel.rows("outbox")]
        told = {row.key for row in rows if row.type == SignInCodeV1.type}
        ends = [
            CodeSentV1.model_validate_json(row["row"].payload)
            for row in notifications.rows("outbox")
            if row["row"].type == CodeSentV1.type
        ]
        must(Counter(end.request_id for end in ends) == Counter(told), "every code comes to an end, once", told, ends)
        accepted = {end.request_id for end in ends if end.outcome == "accepted"}
        shown = {self.asked[code].request_id for code in self.shown}
        must(accepted <= shown, "a code that was accepted was shown", accepted - shown)
        must(not notifications.tables["code_to_send"], "no code is left", notifications.tables["code_to_send"])
        for row in (*rows, *(row["row"] for row in notifications.rows("outbox"))):
            must(not SECRET.search(row.payload.decode("latin-1")), "nobody reads a code on its way", row)
