"""Stand-ins for the statements of the notifications service."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.notifications.domain.customs_news import Standing
from services.notifications.domain.message import AnyMessage, ChannelName, Message, State
from services.notifications.domain.milestones import OF_A_PARCEL, Audience, Milestone
from services.notifications.store.attempts import Concluded
from services.notifications.store.contacts import Contact
from services.notifications.store.development_inbox import Received
from services.notifications.store.messages import Claimed, Intent
from services.notifications.store.parcels import Parcel
from tests.model.server import Transaction, statement

Stored = dict[str, Any]


@statement
async def save_contacts(tx: Transaction, contacts: Sequence[Contact]) -> None:
    """Save the newer; former phones are those that the beginning of the statement says."""
    ordered = sorted(contacts, key=lambda contact: (contact.item_number, contact.audience))
    before = {contact: tx.get("contact", (contact.item_number, contact.audience)) for contact in ordered}
    known = {one: tx.get("former_phone", (one.item_number, one.audience, one.phone)) for one in ordered}
    for one in ordered:
        key, former = (one.item_number, one.audience), known[one]
        await tx.lock("contact", key)
        row, since = tx.get("contact", key), former["since"] if former else one.version
        if row is None or row["value"].version < one.version:
            kept = row["since"] if row and row["value"].phone == one.phone else since
            tx.put("contact", key, {"value": one, "since": kept})
    for one, row in before.items():
        if row and row["value"].version < one.version and row["value"].phone not in ("", one.phone):
            key_before = (one.item_number, one.audience, row["value"].phone)
            await tx.insert("former_phone", key_before, {"since": row["since"]})


@statement
async def save_parcels(tx: Transaction, parcels: Sequence[Parcel]) -> None:
    for parcel in sorted(parcels, key=lambda parcel: parcel.item_number):
        await tx.lock("parcel", parcel.item_number)
        before = tx.get("parcel", parcel.item_number)
        if before is None or before["value"].version < parcel.version:
            tx.put("parcel", parcel.item_number, {"value": parcel})


@statement
async def hold_contacts(tx: Transaction, item_numbers: Sequence[str]) -> None:
    for key in sorted((number, audience) for number in item_numbers for audience in OF_A_PARCEL):
        await tx.lock("contact", key)
        tx.put("contact", key, tx.get("contact", key) or {"value": Contact(*key, "", "", "km", 0), "since": 0})


@statement
async def forget_contacts(tx: Transaction, versions: Mapping[str, int]) -> None:
    known = [(key, row["value"].version) for key, row in tx.rows("contact")]
    former = [(key, row["since"]) for key, row in tx.rows("former_phone")]
    await tx.delete("contact", [key for key, version in known if version <= versions.get(key[0], -1)])
    await tx.delete("former_phone", [key for key, since in former if since <= versions.get(key[0], -1)])


@statement
async def forget_charges(tx: Transaction, versions: Mapping[str, int]) -> None:
    known = [(key, row["value"].version) for key, row in tx.rows("charges")]
    await tx.delete("charges", [key for key, version in known if version <= versions.get(key, -1)])


@statement
async def keep_erased(tx: Transaction, versions: Mapping[str, int]) -> None:
    for number, version in sorted(versions.items()):
        await tx.lock("erased_parcel", number)
        before = tx.get("erased_parcel", number)
        if before is None or before["version"] < version:
            tx.put("erased_parcel", number, {"erased_at": tx.now(), "version": version})


@statement
async def erased_among(tx: Transaction, item_numbers: Sequence[str]) -> dict[str, int]:
    return {key: row["version"] for key, row in tx.rows("erased_parcel") if key in item_numbers}


@statement
async def drop_older_erased(tx: Transaction, age: timedelta) -> None:
    before = tx.now() - age
    await tx.delete("erased_parcel", [key for key, row in tx.rows("erased_parcel") if row["erased_at"] < before])


@statement
async def put_in_inbox(
    tx: Transaction, message_id: UUID, phone: str, channel: ChannelName, body: str, segments: int, at: datetime
) -> None:
    await tx.lock("development_inbox", message_id)
    shown = tx.get("development_inbox", message_id)
    new = {"phone": phone, "channel": channel, "body": body, "segments": segments, "at": at, "received": 1}
    tx.put("development_inbox", message_id, {**shown, "received": shown["received"] + 1} if shown else new)


@statement
async def forget_in_inbox(tx: Transaction, item_numbers: Sequence[str]) -> None:
    about = [row["message"] for (number, *_), row in tx.rows("message") if number in item_numbers]
    await tx.delete("development_inbox", [message.message_id for message in about])


@statement
async def latest_in_inbox(tx: Transaction, phone: str | None, item_number: str | None, limit: int) -> list[Received]:
    messages = {row["message"].message_id: row for _, row in tx.rows("message")}
    shown = sorted(((row["at"], message_id, row) for message_id, row in tx.rows("development_inbox")), reverse=True)
    found = [_received(tx, message_id, messages.get(message_id), row) for _, message_id, row in shown]
    return [one for one in found if phone in (None, one.phone) and item_number in (None, one.item_number)][:limit]


def _received(tx: Transaction, message_id: UUID, written: Stored | None, row: Stored) -> Received:
    message: Message | None = written["message"] if written and isinstance(written["message"], Message) else None
    item_number, audience = (message.item_number, message.audience) if message else ("", Audience.MEMBER)
    contact = (tx.get("contact", (item_number, audience)) or {"value": None})["value"]
    of_code = written["intent"].language if written and message is None else None
    return Received(
        message_id=message_id,
        item_number=item_number,
        milestone=message.milestone if message else Milestone.SIGN_IN_CODE,
        audience=audience,
        name=contact and contact.name,
        language=contact.language if contact else of_code,
        **row,
    )


@statement
async def save_link(tx: Transaction, phone: str, chat: int, now: datetime) -> None:
    await tx.lock("telegram_link", phone)
    tx.put("telegram_link", phone, {"chat": chat})


def intent_key(intent: Intent) -> tuple[str, int, str, str]:
    """Return what a journey has once."""
    return (intent.item_number, intent.journey_no, intent.milestone, intent.audience)


@statement
async def add(tx: Transaction, intents: Sequence[Intent], now: datetime) -> list[tuple[UUID, State]]:
    """Insert; whether the contact is known is what the beginning of the statement says."""
    known = {intent_key(one): _is_reached(tx, one.item_number, one.audience) for one in intents}
    added = []
    for one in sorted(intents, key=intent_key):
        state = State.QUEUED if known[intent_key(one)] else State.WAITING_CONTACT
        message = Message(
            message_id=one.message_id,
            item_number=one.item_number,
            milestone=one.milestone,
            audience=one.audience,
            state=state,
            channel=None,
            attempts=0,
            not_before=now,
            deadline=one.deadline,
            traceparent=one.traceparent,
        )
        row = {"message": message, "intent": one, "lease_until": None, "ended_at": None}
        row |= {"repeats": None, "told_since": None}
        if await tx.insert("message", intent_key(one), row):
            added.append((one.message_id, state))
    return added


@statement
async def release(tx: Transaction, item_numbers: Sequence[str], now: datetime) -> int:
    waiting = [key for key, _ in messages_in(tx, State.WAITING_CONTACT) if key[0] in item_numbers]
    return await _release(tx, waiting, now, skip_locked=False)


@statement
async def release_missed(tx: Transaction, limit: int, now: datetime) -> int:
    return await _release(tx, [key for key, _ in messages_in(tx, State.WAITING_CONTACT)][:limit], now, skip_locked=True)


async def _release(tx: Transaction, keys: Sequence[Any], now: datetime, *, skip_locked: bool) -> int:
    known = [key for key in keys if _is_reached(tx, key[0], key[3])]
    released = 0
    for key in known:
        row = await hold_message(tx, key, State.WAITING_CONTACT, skip_locked=skip_locked)
        if row:
            queued = replace(row["message"], state=State.QUEUED, not_before=now)
            tx.put("message", key, {**row, "message": queued})
            released += 1
    return released


@statement
async def claim(tx: Transaction, limit: int, now: datetime, lease_until: datetime) -> list[Claimed]:
    due = [
        (message.not_before, message.message_id, key)
        for key, message in messages_in(tx, State.QUEUED)
        if isinstance(message, Message)
        and message.not_before <= now < message.deadline
        and len(_people(tx, message)) == len(OF_A_PARCEL)
        and _people(tx, message)[message.audience].phone
        and not is_told(tx, key, besides=key)
    ]
    claimed: list[Claimed] = []
    for _, _, key in sorted(due):
        row = await hold_message(tx, key, State.QUEUED, skip_locked=True) if len(claimed) < limit else None
        if row:
            one = _claimed(tx, row)
            message = one.message
            since = next(of["since"] for at, of in tx.rows("contact") if at == (message.item_number, message.audience))
            tx.put("message", key, {**row, "message": message, "lease_until": lease_until, "told_since": since})
            attempt = {"started_at": now, "outcome": None, "ended_at": None}
            tx.put("attempt", (message.message_id, message.attempts), attempt)
            claimed.append(one)
    return claimed


def is_told(tx: Transaction, key: Any, besides: Any = None) -> bool:
    """Tell whether the present phone was told this already, but for one message; first messages are asked for all."""
    telling = tx.get("message", key)
    repeated = telling.get("repeats") if telling else None
    if besides == key and repeated is None:
        return False
    first = repeated or key
    contact = tx.get("contact", (key[0], key[3]))
    return any(
        contact is not None and (row.get("told_since") or 0) == contact["since"]
        for other, row in tx.rows("message")
        if first in (other, row.get("repeats"))
        and other != besides
        and (besides is not None or row.get("repeats") or row["message"].attempts)
    )


def _claimed(tx: Transaction, row: Stored) -> Claimed:
    message, intent = row["message"], row["intent"]
    people = _people(tx, message)
    person = people[message.audience]
    link = tx.get("telegram_link", person.phone)
    parcel = tx.get("parcel", message.item_number)
    channel: ChannelName = "sms" if link is None or message.channel == "sms" else "telegram"
    return Claimed(
        message=replace(message, state=State.SENDING, channel=channel, attempts=message.attempts + 1),
        phone=person.phone,
        chat=link["chat"] if link else None,
        language=person.language,
        sender=people[Audience.SENDER].name,
        recipient=people[Audience.RECIPIENT].name,
        office=intent.office,
        collecting_office=parcel["value"].collecting_office if parcel else None,
        door_delivery=parcel["value"].door_delivery if parcel else False,
        occurred_at=intent.occurred_at,
    )


@statement
async def claim_of_customs(tx: Transaction, limit: int, now: datetime, lease_until: datetime) -> list[Claimed]:
    """Find nothing: no parcel of the model comes from abroad."""
    return []


@statement
async def take_customs_news(tx: Transaction, limit: int) -> tuple[list[str], list[Standing]]:
    """Find nothing, for the same reason."""
    return [], []


@statement
async def take_lost(tx: Transaction, audiences: Sequence[Audience], limit: int, now: datetime) -> list[AnyMessage]:
    lost = [key for key, _ in messages_in(tx, State.SENDING) if key[3] in audiences and _lease_is_over(tx, key, now)]
    taken = []
    for key in sorted(lost)[:limit]:
        row = await hold_message(tx, key, State.SENDING, skip_locked=True)
        if row:
            taken.append(row["message"])
    return taken


@statement
async def settle(tx: Transaction, messages: Sequence[AnyMessage], now: datetime) -> set[UUID]:
    keys = {row["message"].message_id: key for key, row in tx.rows("message")}
    settled = set()
    for message in sorted(messages, key=lambda message: message.message_id):
        row = await hold_message(tx, keys[message.message_id], State.SENDING, skip_locked=False)
        if row and row["message"].attempts == message.attempts:
            ended_at = now if message.is_final else None
            new = {**row, "message": message, "lease_until": None, "ended_at": ended_at}
            tx.put("message", keys[message.message_id], new)
            settled.add(message.message_id)
    return settled


@statement
async def expire(tx: Transaction, audiences: Sequence[Audience], limit: int, now: datetime) -> list[AnyMessage]:
    open_states = (State.WAITING_CONTACT, State.QUEUED)
    late = [key for key, message in messages_in(tx, *open_states) if key[3] in audiences and message.deadline <= now]
    expired = []
    for key in late[:limit]:
        row = await hold_message(tx, key, *open_states, skip_locked=True)
        if row:
            ended = replace(row["message"], state=State.EXPIRED)
            tx.put("message", key, {**row, "message": ended, "ended_at": now})
            expired.append(ended)
    return expired


@statement
async def conclude(tx: Transaction, attempts: Sequence[Concluded], now: datetime) -> None:
    for one in attempts:
        key = (one.message_id, one.attempt_no)
        await tx.lock("attempt", key)
        row = tx.get("attempt", key)
        if row and row["ended_at"] is None:
            tx.put("attempt", key, {**row, "outcome": one.outcome, "ended_at": now})


@statement
async def count_open(tx: Transaction) -> dict[State, int]:
    return {}


def _is_reached(tx: Transaction, item_number: str, audience: str) -> bool:
    contact = tx.get("contact", (item_number, audience))
    return contact is not None and contact["value"].phone != ""


def messages_in(tx: Transaction, *states: State) -> list[tuple[Any, AnyMessage]]:
    """Return the messages in some states that are to be seen now, with their keys, whose last part is the audience."""
    return [(key, row["message"]) for key, row in tx.rows("message") if row["message"].state in states]


def _people(tx: Transaction, message: Message) -> dict[Audience, Contact]:
    found = {audience: tx.get("contact", (message.item_number, audience)) for audience in OF_A_PARCEL}
    return {audience: row["value"] for audience, row in found.items() if row}


def _lease_is_over(tx: Transaction, key: Any, now: datetime) -> bool:
    row = tx.get("message", key)
    return row is not None and row["lease_until"] is not None and row["lease_until"] < now


async def hold_message(tx: Transaction, key: Any, *states: State, skip_locked: bool) -> Stored | None:
    """Lock a message and return it as it is then; None where it is no longer in one of these states."""
    if skip_locked and tx.is_held_by_another("message", key):
        return None
    await tx.lock("message", key)
    row = tx.get("message", key)
    return row if row and row["message"].state in states else None
