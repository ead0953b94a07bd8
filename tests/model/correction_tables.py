"""Stand-ins for the statements that tell corrected phones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.message import Message, State
from services.notifications.domain.milestones import STANDING
from tests.model.notifications_tables import is_told
from tests.model.server import Transaction, statement

OPEN = (State.WAITING_CONTACT, State.QUEUED, State.SENDING)


@statement
async def note(tx: Transaction, item_numbers: Sequence[str]) -> None:
    reached = {key: row["since"] for key, row in tx.rows("contact") if row["value"].phone != ""}
    there = {((key[0], key[3]), row.get("told_since")) for key, row in tx.rows("message") if key[0] in item_numbers}
    for person in sorted({person for person, since in there if reached.get(person, since) != since}):
        await tx.insert("correction", person, {"noted": True})


@statement
async def repeat(tx: Transaction, message_ids: Sequence[UUID], now: datetime) -> int:
    noted = sorted(key for key, _ in tx.rows("correction") if not tx.is_held_by_another("correction", key))
    taken = noted[: len(message_ids)]
    present = [(person, _present(tx, person, now)) for person in taken]
    waiting = {person for person, key in present if key and _is_open(tx, key)}
    due = [key for person, key in present if key and person not in waiting]
    places = [key for _, key in present if key]
    for key in due:
        first = tx.get("message", key)
        contact = tx.get("contact", (key[0], key[3]))
        assert first is not None
        assert contact is not None
        message: Message = replace(
            first["message"],
            message_id=message_ids[places.index(key)],
            state=State.QUEUED,
            channel=None,
            attempts=0,
            not_before=now,
            provider_reference=None,
            reason=None,
        )
        row = {**first, "message": message, "repeats": key, "told_since": contact["since"], "ended_at": None}
        # Behind every first one, and each phone's its own.
        await tx.insert("message", (key[0], -1000 * key[1] - contact["since"], key[2], key[3]), row)
    await tx.delete("correction", [person for person in taken if person not in waiting])
    return len(due)


def _present(tx: Transaction, person: tuple[str, str], now: datetime) -> Any:
    """Return the key of the first message of what a person is to be told; None where that is nothing."""
    number, audience = person
    contact = tx.get("contact", person)
    firsts = [(key, row["message"]) for key, row in tx.rows("message") if key[0] == number and not row.get("repeats")]
    if not firsts or contact is None or contact["value"].phone == "":
        return None
    last, _ = max(firsts, key=lambda one: (one[0][1], one[1].message_id))
    key = (number, last[1], last[2], audience)
    first = tx.get("message", key)
    if first is None or last[2] not in STANDING or first["message"].deadline <= now or is_told(tx, key):
        return None
    return key


def _is_open(tx: Transaction, first: Any) -> bool:
    return any(row["message"].state in OPEN for key, row in tx.rows("message") if first in (key, row.get("repeats")))
