"""Table contact: whom to tell about a parcel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notifications.domain.facts import Language
from services.notifications.domain.milestones import OF_A_PARCEL, Audience
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Contact:
    """One of the two people of a parcel, at one version of it; the phone is E.164."""

    item_number: str
    audience: Audience
    name: str
    phone: str
    language: Language
    version: int


async def save(tx: Tx, contacts: Sequence[Contact]) -> None:
    """Insert or replace; what is not newer than the row changes nothing. One row a key, locked in key order."""
    await tx.execute(
        """
        insert into contact (item_number, audience, name, phone, language, version)
        select item_number, audience, name, phone, language, version
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[])
            as newer (item_number, audience, name, phone, language, version)
        order by item_number, audience
        on conflict (item_number, audience) do update
        set name = excluded.name, phone = excluded.phone, language = excluded.language, version = excluded.version
        where contact.version < excluded.version
        """,
        [contact.item_number for contact in contacts],
        [contact.audience for contact in contacts],
        [contact.name for contact in contacts],
        [contact.phone for contact in contacts],
        [contact.language for contact in contacts],
        [contact.version for contact in contacts],
    )


async def hold(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Wait for who is keeping people of these parcels, and let later ones wait until the transaction ends."""
    await tx.execute(
        """
        insert into contact (item_number, audience, name, phone, language, version)
        select item_number, audience, '', '', 'km', 0
        from unnest($1::text[]) as held (item_number) cross join unnest($2::text[]) as people (audience)
        order by item_number, audience
        on conflict (item_number, audience) do update set version = contact.version
        """,
        item_numbers,
        [audience.value for audience in OF_A_PARCEL],
    )


async def forget(tx: Tx, versions: Mapping[str, int | None]) -> None:
    """Delete the people of parcels that were known at a version or before it, for None whoever is known."""
    await tx.execute(
        """
        delete from contact using unnest($1::text[], $2::integer[]) as erased (item_number, version)
        where contact.item_number = erased.item_number
          and (erased.version is null or contact.version <= erased.version)
        """,
        list(versions.keys()),
        list(versions.values()),
    )
