"""The time of some messages has come: one sender takes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.notifications.channels.channel import Outgoing
from services.notifications.channels.written import Written
from services.notifications.domain.facts import Facts, OfficeName
from services.notifications.domain.message import Message
from services.notifications.domain.milestones import Telling, place
from services.notifications.domain.wording import TextKey, Texts
from services.notifications.store import customs_messages, messages
from services.notifications.store.messages import Claimed
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx


async def claim_due_messages(
    tx: Tx, texts: Texts, offices: Mapping[str, OfficeV1], limit: int, lease: timedelta, now: datetime
) -> Sequence[Written[Message]]:
    """Take due messages under a lease and write each in its reader's language; locks their rows, skips locked ones."""
    claimed = await customs_messages.claim(tx, limit, now, now + lease)
    claimed += await messages.claim(tx, limit - len(claimed), now, now + lease)
    return [_write(one, texts, offices) for one in claimed]


def _write(claimed: Claimed, texts: Texts, offices: Mapping[str, OfficeV1]) -> Written[Message]:
    message = claimed.message
    channel = message.channel
    assert channel is not None
    facts = Facts(
        item_number=message.item_number,
        sender=claimed.sender,
        recipient=claimed.recipient,
        office=_office_name(place(message.milestone, claimed.office, claimed.collecting_office), offices),
        occurred_at=claimed.occurred_at,
        door_delivery=claimed.door_delivery,
        due=claimed.due,
        nothing_due=claimed.nothing_due,
        papers=claimed.papers,
    )
    key = TextKey(claimed.language, Telling(message.milestone, message.audience), channel)
    chat = claimed.chat if channel == "telegram" else None
    return Written(message, channel, Outgoing(message.message_id, claimed.phone, chat, texts.write(key, facts)))


def _office_name(code: str | None, offices: Mapping[str, OfficeV1]) -> OfficeName | None:
    if code is None:
        return None
    office = offices.get(code)
    # A code still tells more than nothing: offices abroad are in no directory of ours.
    return OfficeName(office.name_km, office.name_en) if office else OfficeName(code, code)
