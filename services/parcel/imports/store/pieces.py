"""Table import_piece: what was uploaded, and the rows that were read from it in portions."""

from typing import Literal
from uuid import UUID

import orjson

from shared.db.connection import Tx

Kind = Literal["file", "rows"]


async def keep(tx: Tx, import_id: UUID, kind: Kind, piece_no: int, content: bytes) -> bool:
    """Keep a piece; False if other bytes are kept under its number."""
    return bool(
        await tx.fetchval(
            """
            insert into import_piece as kept (import_id, kind, piece_no, content) values ($1, $2, $3, $4)
            on conflict (import_id, kind, piece_no) do update set content = kept.content
            returning content = $4
            """,
            import_id,
            kind,
            piece_no,
            content,
        )
    )


async def numbers(tx: Tx, import_id: UUID, kind: Kind) -> list[int]:
    """Return the numbers of the pieces that are there."""
    records = await tx.fetch(
        "select piece_no from import_piece where import_id = $1 and kind = $2 order by piece_no", import_id, kind
    )
    return [record["piece_no"] for record in records]


async def read(tx: Tx, import_id: UUID, kind: Kind, piece_no: int) -> bytes | None:
    """Return a piece."""
    content: bytes | None = await tx.fetchval(
        "select content from import_piece where import_id = $1 and kind = $2 and piece_no = $3",
        import_id,
        kind,
        piece_no,
    )
    return content


async def drop(tx: Tx, import_id: UUID, kind: Kind, piece_no: int | None = None) -> None:
    """Forget a piece, or all of a kind."""
    await tx.execute(
        "delete from import_piece where import_id = $1 and kind = $2 and ($3::integer is null or piece_no = $3)",
        import_id,
        kind,
        piece_no,
    )


def portion(rows: list[tuple[int, list[str]]]) -> bytes:
    """Write rows with their numbers as they are kept."""
    return orjson.dumps(rows)


def rows_of(content: bytes) -> list[tuple[int, list[str]]]:
    """Read rows that were kept."""
    return [(row_no, cells) for row_no, cells in orjson.loads(content)]
