"""Scripts from a seed: the real statements and use cases, in sessions that get in each other's way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from services.notifications.domain.message import State
from services.notifications.domain.milestones import OF_A_PARCEL
from services.notifications.store import development_inbox, erased_parcels, messages
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.expire_messages import expire_messages
from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.recover_lost_sends import recover_lost_sends
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.tell_corrected_phones import tell_corrected_phones
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import earlier_answer
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.store import parcels, search
from services.parcel.posting.store.parcels import Movement
from services.parcel.posting.use_cases.erase_people import erase_people
from services.parcel.posting.use_cases.make_findable import make_findable
from services.parcel.posting.use_cases.register_parcels import Asked, register_parcels
from services.parcel.posting.use_cases.republish_contacts import republish_contacts
from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Scan, Source
from services.tracking.store import journeys
from services.tracking.use_cases.append_scans import append_scans
from shared.contracts.parcel import Contact, ParcelContactsV1, ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.messaging import inbox, outbox
from shared.messaging.outbox import Outbox, Unsent
from shared.s10 import ItemNumber
from tests.model.both import Work
from tests.model.loop import NOON
from tests.model.processes import RING
from tests.model.scope import new_uuid
from tests.parcel.priced import POSTAGE

NUMBERS = [str(ItemNumber("PD", serial, "KH")) for serial in range(3)]
PERSON = Person("Sok Dara", "+855971234567", "en")
LATER = NOON + timedelta(days=30)
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)
"""When whatever ended by either clock, the server's or the loop's, ended long ago."""
OUTLASTS = timedelta(days=1)
"""Longer than a script takes."""


def of_parcels(chance: Random, place: int) -> tuple[str, Work]:
    """Draw a step of the parcel service."""
    number, version = chance.choice(NUMBERS), chance.randrange(4)
    asked = [_asked(chance, 3 * place + one) for one in range(chance.randint(1, 3))]
    ids = [new_uuid(one) for one in chance.sample(range(4), 2)]
    moved = Movement(number, 1, version, chance.choice([CustomerState.ACCEPTED, CustomerState.DELIVERED]), "TK02")

    async def register(tx: Any) -> object:
        given = await register_parcels(tx, Outbox("parcel", RING), asked, lambda one: one.item_number.encode(), NOON)
        return [one if isinstance(one, bytes) else type(one).__name__ for one in given]

    async def correct(tx: Any) -> object:
        found = await parcels.lock(tx, number)
        return found and await parcels.change_recipient(tx, number, PERSON)

    async def cancel(tx: Any) -> object:
        found = await parcels.lock(tx, number)
        return found and await parcels.cancel(tx, number, NOON)

    async def follow(tx: Any) -> object:
        await parcels.follow(tx, [moved])
        return None

    async def know(tx: Any) -> object:
        return sorted(await inbox.keep_new(tx, ids))

    async def relay(tx: Any) -> object:
        few = await outbox.unsent(tx, 0, 3)
        rows = _by_key(await outbox.unsent(tx, 0, 1_000))[:3]
        others = _by_key(await outbox.unsent(tx, 0, 1_000, [row.id for row in rows[1:]]))
        if rows:
            await outbox.mark_sent(tx, rows)
        return len(few), [(row.row.key, row.row.type) for row in [*rows, *others]]

    work = chance.choice(
        [register, register, register, correct, cancel, cancel, follow, *_of_old_parcels(), know, relay]
    )
    return work.__name__, work


def _of_old_parcels() -> list[Work]:
    async def erase(tx: Any) -> object:
        return await erase_people(tx, Outbox("parcel", RING), timedelta(), LONG_AFTER)

    async def find(tx: Any) -> object:
        return await make_findable(tx)

    async def tell_again(tx: Any) -> object:
        return await republish_contacts(tx, Outbox("parcel", RING), "")

    return [erase, erase, find, tell_again]


async def look_at_parcels(tx: Any) -> object:
    """Return the parcels, the answers kept, the events that wait and what is found by words."""
    found = [await parcels.find(tx, number) for number in NUMBERS]
    named = await search.lock_new(tx, 100)
    kept = [await earlier_answer(tx, "clerk", key, b"") for key in "abc"]
    rows = _by_key(await outbox.unsent(tx, 0, 1_000))
    return (
        [one and (one.item_number, one.version, one.state, one.cancelled_at is None, one.sender) for one in found],
        sorted((one.item_number, one.names, one.phones) for one in named),
        [type(one).__name__ for one in kept],
        [(row.row.key, row.row.type) for row in rows],
    )


def of_scans(chance: Random, place: int) -> tuple[str, Work]:
    """Draw a step of the tracking service."""
    seen = [_scan(chance) for _ in range(chance.randint(1, 3))]

    async def append(tx: Any) -> object:
        appended = await append_scans(tx, Outbox("tracking"), seen, NOON)
        return [(one.outcome.value, one.state.value) for one in appended]

    return "append", append


async def look_at_journeys(tx: Any) -> object:
    """Return the journeys and what was told of them."""
    told = await journeys.lock(tx, NUMBERS)
    rows = await outbox.unsent(tx, 0, 1_000)
    events = [ParcelMovedV1.model_validate_json(row.row.payload) for row in rows]
    return (
        [
            (
                number,
                one.journey_no,
                one.version,
                one.state,
                sorted(map(str, one.states_told)),
                one.last_scan_id,
                one.registered,
            )
            for number in NUMBERS
            for one in told.get(number, [])
        ],
        [(one.key, one.journey_no, one.version, one.state.value, one.first_time_in_state) for one in events],
    )


def of_messages(chance: Random, place: int) -> tuple[str, Work]:
    """Draw a step of the notifications service."""
    number, version = chance.choice(NUMBERS[:2]), chance.randint(1, 3)
    told = [moved(chance) for _ in range(chance.randint(1, 2))]
    moment = NOON + timedelta(minutes=place)
    channels = {name: SimpleNamespace(deduplicates=chance.random() < 0.5) for name in ("sms", "telegram")}
    people = _of_people(chance, number, version, moment)

    async def decide(tx: Any) -> object:
        return await decide_messages(tx, told, moment)

    async def claim(tx: Any) -> object:
        claimed = await messages.claim(tx, 2, moment, moment + timedelta(minutes=2))
        for one in claimed:
            await development_inbox.put(tx, one.message.message_id, one.phone, "sms", one.recipient, 1, moment)
        return [(_brief(one.message), one.phone, one.chat) for one in claimed]

    async def recover(tx: Any) -> object:
        box = Outbox("notifications")
        return sorted(map(_brief, await recover_lost_sends(tx, box, cast("Any", channels), OF_A_PARCEL, 10, moment)))

    async def expire(tx: Any) -> object:
        box = Outbox("notifications")
        return sorted(map(_brief, await expire_messages(tx, box, OF_A_PARCEL, 10, _day(chance, moment))))

    async def release_missed(tx: Any) -> object:
        return await messages.release_missed(tx, 10, moment)

    others = [*people, *_of_corrections(moment)]
    work = chance.choice([*others, decide, decide, decide, claim, claim, recover, expire, release_missed])
    return work.__name__, work


def _of_people(chance: Random, number: str, version: int, moment: datetime) -> list[Work]:
    phone, age = chance.choice(("", f"+{version}")), chance.choice((-OUTLASTS, OUTLASTS))
    person = Contact(name=f"{version}", phone=phone, language="en")

    async def save(tx: Any) -> object:
        people = {"sender": PERSON.contact(), "recipient": person}
        told = ParcelContactsV1(item_number=number, version=version, link_secret="", **people)
        await remember_contacts(tx, [told], moment)
        return None

    async def erase(tx: Any) -> object:
        told = ParcelErasedV1(item_number=number, version=version, erased_at=moment)
        await forget_contacts(tx, [told])
        return sorted((await erased_parcels.among(tx, NUMBERS)).items(), key=str)

    async def drop(tx: Any) -> object:
        await erased_parcels.drop_older(tx, age)
        return sorted((await erased_parcels.among(tx, NUMBERS)).items(), key=str)

    return [save, save, save, erase, erase, erase, drop]


def _of_corrections(moment: datetime) -> list[Work]:
    async def accept(tx: Any) -> object:
        under_way = await messages.take_lost(tx, OF_A_PARCEL, 10, LATER)
        return len(await messages.settle(tx, [replace(one, state=State.ACCEPTED) for one in under_way], moment))

    async def tell_corrected(tx: Any) -> object:
        return await tell_corrected_phones(tx, 10, moment)

    return [accept, tell_corrected]


async def look_at_messages(tx: Any) -> object:
    """Return what is still to be told, what is under way, what ended, and what phones show."""
    shown = await development_inbox.latest(tx, None, None, 100)
    claimed = [_brief(one.message) for one in await messages.claim(tx, 100, NOON + timedelta(hours=1), LATER)]
    lost = sorted(map(_brief, await messages.take_lost(tx, OF_A_PARCEL, 100, LATER + timedelta(days=1))))
    waiting = sorted(map(_brief, await messages.expire(tx, OF_A_PARCEL, 100, LATER)))
    rows = await outbox.unsent(tx, 0, 1_000)
    told = sorted((row.row.key, row.row.type) for row in rows)
    return claimed, lost, waiting, told, [(one.item_number, one.audience, one.received, one.name) for one in shown]


def _by_key(rows: Sequence[Unsent]) -> list[Unsent]:
    """Sort by keys, those of one in their order: of several that are erased at once nobody says which is told first."""
    return sorted(rows, key=lambda row: row.row.key)


def _asked(chance: Random, serial: int) -> Asked:
    weight_g = chance.choice((100, 200))
    command = RegisterParcel("TK01", "parcel", "KH", "TK02", weight_g, None, None, None, PERSON, PERSON, None)
    number, key = ItemNumber("PD", serial, "KH"), chance.choice("abcd")
    return Asked("clerk", key, command, POSTAGE, digest(b"%d" % weight_g), number, "clerk", "no trace")


def _scan(chance: Random) -> Scan:
    which = chance.randrange(12)
    # Scans of one id say the same, but for one that says something else.
    code = (EventCode.EMA, EventCode.EDD, EventCode.EMG, EventCode.EMI)[which % 4]
    return Scan(
        scan_id=new_uuid(100 + which),
        item_number=NUMBERS[which % 3],
        event_code=code,
        device_time=NOON + timedelta(days=(0, 0, 367)[which // 4], minutes=chance.choice((which, which, which, 50))),
        received_at=NOON,
        office="TK02",
        source=Source.COUNTER,
    )


def moved(chance: Random) -> ParcelMovedV1:
    """Draw a movement of a parcel that is news."""
    return ParcelMovedV1(
        item_number=chance.choice(NUMBERS),
        journey_no=1,
        version=1,
        state=chance.choice([CustomerState.ACCEPTED, CustomerState.DELIVERED, CustomerState.RETURNING]),
        previous_state=None,
        first_time_in_state=True,
        event_code="EDH",
        office="TK02",
        occurred_at=NOON,
        reason=None,
        time=NOON,
    )


def _brief(message: Any) -> tuple[str, str, str, str, int]:
    return message.item_number, message.milestone, message.audience, message.state, message.attempts


def _day(chance: Random, moment: datetime) -> datetime:
    return moment + timedelta(days=chance.choice((0, 3, 8)))
