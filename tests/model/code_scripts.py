"""Scripts of sign-in codes, beside messages about parcels in the same table: each sender takes what is its own."""

from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from services.notifications.channels.channel import Outgoing
from services.notifications.channels.written import Written
from services.notifications.domain.message import AnyMessage, CodeMessage, Message
from services.notifications.domain.milestones import OF_A_PARCEL, OF_A_SHOP
from services.notifications.domain.outcome import Accepted, Outcome, Refused, Unknown
from services.notifications.store import codes_to_send, development_inbox, messages, telegram_links
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.expire_messages import expire_messages
from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.queue_codes import queue_codes
from services.notifications.use_cases.record_outcomes import record_outcomes
from services.notifications.use_cases.recover_lost_sends import recover_lost_sends
from services.notifications.use_cases.remember_contacts import remember_contacts
from shared.contracts.parcel import ParcelContactsV1, ParcelErasedV1, SignInCodeV1
from shared.messaging import outbox
from shared.messaging.outbox import Outbox
from tests.model.both import Work
from tests.model.loop import NOON
from tests.model.scripts import NUMBERS, PERSON, moved

PHONES = ("+1", "+2")
REQUESTS = "abcdefgh"
STEP = timedelta(seconds=10)
"""A code has about six of them until its deadline."""
LEASE = timedelta(seconds=15)
LATER = NOON + timedelta(days=30)
CHANNELS: Any = {name: SimpleNamespace(deduplicates=name == "telegram") for name in ("sms", "telegram")}
ENDS: tuple[Outcome, ...] = (Accepted("ref"), Refused("no-such-phone", permanent=True), Unknown("bad-gateway"))


def of_codes(chance: Random, place: int) -> tuple[str, Work]:
    """Draw a step of what sends codes, or of what sends messages beside it."""
    moment = NOON + place * STEP
    asked = [_asked(chance, moment) for _ in range(chance.randint(2, 4))]
    outcome, phone = chance.choice(ENDS), chance.choice(PHONES)
    box = Outbox("notifications")

    async def ask(tx: Any) -> object:
        await queue_codes(tx, asked, moment)
        return None

    async def link(tx: Any) -> object:
        await telegram_links.save(tx, phone, 1_000 + place, moment)
        return None

    async def claim(tx: Any) -> object:
        claimed = await codes_to_send.claim(tx, 1, moment, moment + LEASE)
        for one in claimed:
            await development_inbox.put(tx, one.message.message_id, one.phone, "sms", one.code, 1, moment)
        return [(_brief(one.message), one.message.channel, one.phone, one.code, one.chat) for one in claimed]

    async def send(tx: Any) -> object:
        claimed = await codes_to_send.claim(tx, 1, moment, moment + LEASE)
        written = [_written(one.message) for one in claimed]
        settled = await record_outcomes(tx, box, written, [outcome] * len(written), CHANNELS, moment)
        return [_brief(message) for message in settled]

    work = chance.choice([*[ask, claim] * 5, link, send, send, *_of_both(chance, moment)])
    return work.__name__, work


def _of_both(chance: Random, moment: datetime) -> list[Work]:
    number, told, mine = chance.choice(NUMBERS[:2]), moved(chance), chance.choice((OF_A_SHOP, OF_A_SHOP, OF_A_PARCEL))
    day, box = chance.choice((timedelta(), timedelta(), timedelta(days=8))), Outbox("notifications")
    age = chance.choice((timedelta(), STEP, 5 * STEP))

    async def decide(tx: Any) -> object:
        people = {"sender": PERSON.contact(), "recipient": PERSON.contact()}
        contacts = ParcelContactsV1(item_number=number, version=1, link_secret="", **people)
        await remember_contacts(tx, [contacts], moment)
        await decide_messages(tx, [told], moment)
        return [_brief(one.message) for one in await messages.claim(tx, 1, moment, moment + LEASE)]

    async def recover(tx: Any) -> object:
        return sorted(map(_brief, await recover_lost_sends(tx, box, CHANNELS, mine, 10, moment)))

    async def expire(tx: Any) -> object:
        return sorted(map(_brief, await expire_messages(tx, box, mine, 10, moment + day)))

    async def erase(tx: Any) -> object:
        await forget_contacts(tx, [ParcelErasedV1(item_number=number, version=2, erased_at=moment)])
        return None

    async def forget_old(tx: Any) -> object:
        await messages.forget_codes(tx, age, moment)
        return None

    return [decide, recover, recover, expire, expire, erase, forget_old]


async def look_at_codes(tx: Any) -> object:
    """Return which codes can still go, what is under way, what was told, and what phones show."""
    shown = await development_inbox.latest(tx, None, None, 100)
    queued = [_brief(one.message) for one in await codes_to_send.claim(tx, 100, NOON, LATER)]
    lost = sorted(map(_brief, await messages.take_lost(tx, OF_A_SHOP, 100, LATER + STEP)))
    waiting = sorted(map(_brief, await messages.expire(tx, OF_A_SHOP, 100, LATER)))
    others = sorted(map(_brief, await messages.expire(tx, OF_A_PARCEL, 100, LATER)))
    told = sorted((row.row.key, row.row.type) for row in await outbox.unsent(tx, 0, 1_000))
    phones = [(one.phone, one.received, one.item_number, one.audience, one.language) for one in shown]
    return queued, lost, waiting, others, told, phones


def _asked(chance: Random, moment: datetime) -> SignInCodeV1:
    request_id = chance.choice(REQUESTS)
    made_at = moment - chance.choice((0, 0, 0, 3, 7)) * STEP
    return SignInCodeV1(
        request_id=request_id,
        phone=chance.choice(PHONES),
        language=chance.choice(("en", "km")),
        code=f"code {request_id}",
        expires_at=made_at + chance.choice((2, 30)) * STEP,
        time=made_at,
    )


def _written(message: CodeMessage) -> Written[CodeMessage]:
    return Written(message, cast("Any", message.channel), Outgoing(message.message_id, "", None, ""))


def _brief(message: AnyMessage) -> tuple[str, str, int]:
    about = message.item_number if isinstance(message, Message) else message.request_id
    return about, message.state, message.attempts
