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
    """Insert or replace; what is not newer than the row changes nothing. One row a key, locked in key order.

    A phone that goes is kept apart with the version since which it was known, and has it again when it comes back.
    """
    await tx.execute(
        """
        with newer as (
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[])
                as one (item_number, audience, name, phone, language, version)
        ), corrected as (
            select c.item_number, c.audience, c.phone, c.phone_since
            from contact c join newer n on n.item_number = c.item_number and n.audience = c.audience
            where c.version < n.version and c.phone <> n.phone and c.phone <> ''
        ), kept as (
            insert into former_phone (item_number, audience, phone, since)
            select item_number, audience, phone, phone_since from corrected order by item_number, audience
            on conflict (item_number, audience, phone) do nothing
        )
        insert into contact (item_number, audience, name, phone, language, version, phone_since)
        select n.item_number, n.audience, n.name, n.phone, n.language, n.version, coalesce(f.since, n.version)
        from newer n
        left join former_phone f
            on f.item_number = n.item_number and f.audience = n.audience and f.phone = n.phone
        order by n.item_number, n.audience
        on conflict (item_number, audience) do update
        set name = excluded.name, phone = excluded.phone, language = excluded.language, version = excluded.version,
            phone_since = case when contact.phone = excluded.phone then contact.phone_since
                else excluded.phone_since end
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
    """Delete the people of parcels that were known at a version or before it, for None whoever is known.

    Their former phones go with them.
    """
    await tx.execute(
        """
        with former as (
            delete from former_phone using unnest($1::text[], $2::integer[]) as erased (item_number, version)
            where former_phone.item_number = erased.item_number
              and (erased.version is null or former_phone.since <= erased.version)
        )
        delete from contact using unnest($1::text[], $2::integer[]) as erased (item_number, version)
        where contact.item_number = erased.item_number
          and (erased.version is null or contact.version <= erased.version)
        """,
        list(versions.keys()),
        list(versions.values()),
    )
