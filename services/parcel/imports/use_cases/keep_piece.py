"""A piece of a file comes; the line may break, and it comes again."""

from datetime import datetime
from uuid import UUID

from services.parcel.imports.domain.draft_import import DraftImport, ImportState, PieceOfOtherBytes
from services.parcel.imports.store import imports, pieces
from services.parcel.imports.use_cases.find_import import find_import
from shared.access.roles import Actor
from shared.db.connection import Tx


async def keep_piece(
    tx: Tx, actor: Actor, import_id: UUID, piece_no: int, content: bytes, now: datetime
) -> tuple[DraftImport, list[int]]:
    """Keep a piece of the file; returns the import with the numbers of all pieces that are there.

    Raises: ImportNotFound, ImportNotThere, PieceOfOtherBytes.
    """
    one = await find_import(tx, actor, import_id, lock=True)
    one.must_be(ImportState.UPLOADING)
    if not await pieces.keep(tx, import_id, "file", piece_no, content):
        raise PieceOfOtherBytes
    await imports.change(tx, one, now)
    return one, await pieces.numbers(tx, import_id, "file")
