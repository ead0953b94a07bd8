"""Table charges: what is due on items from abroad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.facts import Due
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Charges:
    """What is due on an item, at one version of it; None if nothing is, it is paid or not known."""

    item_number: str
    due: Due | None
    version: int
    told_at: datetime
    nothing_due: bool = False
    """It was said that nothing is; not so where it was paid."""


async def save(tx: Tx, charges: Sequence[Charges]) -> None:
    """Insert or replace; what is not newer than the row changes nothing. One row a key, locked in key order."""
    await tx.execute(
        """
        insert into charges (item_number, amount_minor, currency, version, told_at, heard_at)
        select item_number, amount_minor, currency, version, told_at, now()
        from unnest($1::text[], $2::bigint[], $3::text[], $4::integer[], $5::timestamptz[])
            as newer (item_number, amount_minor, currency, version, told_at)
        order by item_number
        on conflict (item_number) do update
        set amount_minor = excluded.amount_minor, currency = excluded.currency, version = excluded.version,
            told_at = excluded.told_at, heard_at = excluded.heard_at
        where charges.version < excluded.version
        """,
        [one.item_number for one in charges],
        [one.due.amount_minor if one.due else 0 if one.nothing_due else None for one in charges],
        [one.due.currency if one.due else None for one in charges],
        [one.version for one in charges],
        [one.told_at for one in charges],
    )


async def forget(tx: Tx, versions: Mapping[str, int]) -> None:
    """Delete what was due at a version or before it: the number may name another item some day."""
    await tx.execute(
        """
        delete from charges using unnest($1::text[], $2::integer[]) as over (item_number, version)
        where charges.item_number = over.item_number and charges.version <= over.version
        """,
        list(versions.keys()),
        list(versions.values()),
    )
