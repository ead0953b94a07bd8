"""Table customs_declaration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.parcel.customs.domain.declaration import Category, ContentLine, Declaration, Declared
from shared.db.connection import Tx


async def keep(tx: Tx, item_number: str, declaration: Declaration, declared_by: str, now: datetime) -> None:
    """Keep a declaration in place of an earlier one; the same again changes nothing. Locks the row."""
    await tx.execute(
        """
        insert into customs_declaration (item_number, body, declared_by, declared_at, updated_at)
        values ($1, $2, $3, $4, $4)
        on conflict (item_number) do update set body = excluded.body, version = customs_declaration.version + 1,
            declared_by = excluded.declared_by, updated_at = excluded.updated_at
        where customs_declaration.body <> excluded.body
        """,
        item_number,
        declaration,
        declared_by,
        now,
    )


async def find(tx: Tx, item_number: str) -> Declared | None:
    """Return the declaration of an item."""
    record = await tx.fetchrow(
        """
        select item_number, body, version, advance_data_complete_at, declared_by, declared_at, updated_at
        from customs_declaration where item_number = $1
        """,
        item_number,
    )
    if record is None:
        return None
    values = dict(record)
    return Declared(declaration=_declaration(values.pop("body")), **values)


async def complete(tx: Tx, item_number: str, now: datetime) -> int | None:
    """Note that all advance data of the declaration is there; returns the new version, None if it was noted before."""
    version: int | None = await tx.fetchval(
        """
        update customs_declaration set advance_data_complete_at = $2, version = version + 1, told_version = version + 1
        where item_number = $1 and told_version is distinct from version returning version
        """,
        item_number,
        now,
    )
    return version


async def tell_again(tx: Tx, item_number: str) -> None:
    """Let what was told of an item be told once more, though its declaration is the same."""
    await tx.execute("update customs_declaration set told_version = null where item_number = $1", item_number)


@dataclass(frozen=True, slots=True)
class Completed:
    """An item whose advance data are complete, and since when."""

    item_number: str
    version: int
    completed_at: datetime


async def completed_after(tx: Tx, item_number: str, limit: int) -> list[Completed]:
    """Return items in the order of their numbers, locked, for a walk over all whose advance data are complete."""
    records = await tx.fetch(
        """
        select item_number, version, advance_data_complete_at from customs_declaration
        where item_number > $1 and advance_data_complete_at is not null
        order by item_number limit $2 for update
        """,
        item_number,
        limit,
    )
    return [Completed(*record) for record in records]


async def erase_people(tx: Tx, item_numbers: Sequence[str], now: datetime) -> None:
    """Forget what declarations say of persons and in free words, but for what is in the item."""
    await tx.execute(
        """
        update customs_declaration set erased_at = $2, version = version + 1,
            body = body || '{"explanation": null, "sender_reference": null, "importer_reference": null,
                "licence_number": null, "certificate_number": null, "invoice_number": null, "comments": null}'
        where item_number = any($1::text[]) and erased_at is null
        """,
        item_numbers,
        now,
    )


def _declaration(body: dict[str, Any]) -> Declaration:
    lines = tuple(ContentLine(**line) for line in body["lines"])
    return Declaration(**{**body, "category": Category(body["category"]), "lines": lines})
