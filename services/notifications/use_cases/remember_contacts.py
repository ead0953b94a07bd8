"""Whom to tell about a parcel became known, or was corrected."""

from collections.abc import Sequence
from datetime import datetime

from services.notifications.domain.customs_news import is_from_abroad
from services.notifications.domain.milestones import Audience
from services.notifications.store import asked_papers, contacts, corrections, customs_news, erased_parcels, messages
from services.notifications.store.asked_papers import AskedPapers
from services.notifications.store.contacts import Contact
from services.notifications.store.erased_parcels import Versions
from shared.contracts.parcel import ParcelContactsV1
from shared.db.connection import Tx


async def remember_contacts(tx: Tx, told: Sequence[ParcelContactsV1], now: datetime) -> None:
    """Keep the newest contacts of each parcel, let go what waited for them and note corrections of who was told.

    Who was forgotten stays so. A number from abroad comes again for another item, whose versions go on from where the
    first one was forgotten.
    """
    newest = {event.item_number: event for event in sorted(told, key=lambda event: event.version)}
    await contacts.save(tx, [contact for event in newest.values() for contact in _contacts(event)])
    # Asked behind the save, which waits for who is forgetting them at this moment.
    erased = await erased_parcels.among(tx, sorted(newest))
    if erased:
        await contacts.forget(tx, erased)
    await messages.release(tx, sorted(newest), now)
    await corrections.note(tx, sorted(newest))
    await _note_customs(tx, [event for event in newest.values() if is_from_abroad(event.item_number)], erased)


async def _note_customs(tx: Tx, told: Sequence[ParcelContactsV1], erased: Versions) -> None:
    """Keep which papers customs asks for, and note that addressees of items from abroad may have to hear something."""
    known = [event for event in told if not _is_forgotten(event, erased)]
    if known:
        papers = [AskedPapers(one.item_number, one.papers_wanted, one.version, one.time) for one in known]
        await asked_papers.save(tx, papers)
        await customs_news.note(tx, [event.item_number for event in known])


def _is_forgotten(event: ParcelContactsV1, erased: Versions) -> bool:
    if event.item_number not in erased:
        return False
    version = erased[event.item_number]
    return version is None or event.version <= version


def _contacts(event: ParcelContactsV1) -> list[Contact]:
    people = {Audience.SENDER: event.sender, Audience.RECIPIENT: event.recipient}
    return [
        Contact(event.item_number, audience, person.name, person.phone, person.language, event.version)
        for audience, person in people.items()
    ]
