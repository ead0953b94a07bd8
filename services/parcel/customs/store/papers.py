"""Table customs_paper."""

from collections.abc import Sequence
from uuid import UUID

from services.parcel.customs.domain.paper import Paper, WithdrawnPaper
from shared.db.connection import Tx


async def add(tx: Tx, paper: Paper, photo: bytes) -> None:
    """Add a photograph."""
    await tx.execute(
        """
        insert into customs_paper (paper_id, item_number, kind, photo, photo_sha256, office, taken_by, taken_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        paper.paper_id,
        paper.item_number,
        paper.kind,
        photo,
        paper.photo_sha256,
        paper.office,
        paper.taken_by,
        paper.taken_at,
    )


async def of_item(tx: Tx, item_number: str) -> list[Paper]:
    """Return the photographs of an item that stand, the first taken first, without their bytes."""
    records = await tx.fetch(
        """
        select paper_id, item_number, kind, photo_sha256, office, taken_by, taken_at
        from customs_paper where item_number = $1 and withdrawn_at is null order by taken_at, paper_id
        """,
        item_number,
    )
    return [Paper(**dict(record)) for record in records]


async def photo_of(tx: Tx, item_number: str, paper_id: UUID) -> bytes | None:
    """Return the bytes of a photograph; None once it is withdrawn."""
    photo: bytes | None = await tx.fetchval(
        "select photo from customs_paper where item_number = $1 and paper_id = $2", item_number, paper_id
    )
    return photo


async def withdraw(tx: Tx, item_number: str, withdrawn: WithdrawnPaper) -> None:
    """Erase the bytes of a photograph, and keep who withdrew it and why."""
    await tx.execute(
        """
        update customs_paper set photo = null, withdrawn_by = $3, withdrawal_office = $4, withdrawn_at = $5,
            withdrawal_reason = $6
        where item_number = $1 and paper_id = $2
        """,
        item_number,
        withdrawn.paper_id,
        withdrawn.withdrawn_by,
        withdrawn.withdrawal_office,
        withdrawn.withdrawn_at,
        withdrawn.reason,
    )


async def withdrawn_of_item(tx: Tx, item_number: str) -> list[WithdrawnPaper]:
    """Return the photographs of an item that were withdrawn, the first withdrawn first."""
    records = await tx.fetch(
        """
        select paper_id, office, taken_at, withdrawn_by, withdrawal_office, withdrawn_at, withdrawal_reason as reason
        from customs_paper where item_number = $1 and withdrawn_at is not null order by withdrawn_at, paper_id
        """,
        item_number,
    )
    return [WithdrawnPaper(**dict(record)) for record in records]


async def forget(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Delete the photographs of items; that some were withdrawn, and by whom, stays without the reasons."""
    await tx.execute(
        """
        with standing as (
            delete from customs_paper where item_number = any($1::text[]) and withdrawn_at is null
        )
        update customs_paper set withdrawal_reason = '', photo_sha256 = ''
        where item_number = any($1::text[]) and withdrawn_at is not null
        """,
        item_numbers,
    )
