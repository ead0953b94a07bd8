"""A shop leaves an import; what it announced already stays announced, and the file is forgotten."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.imports.domain.draft_import import DraftImport, ImportState
from services.parcel.imports.store import imports, pieces, row_problems
from services.parcel.imports.use_cases.find_import import find_import
from shared.access.roles import Actor
from shared.db.connection import Tx


async def withdraw_import(tx: Tx, actor: Actor, import_id: UUID, now: datetime) -> DraftImport:
    """End an import; one that ended by itself stays as it is.

    Raises: ImportNotFound.
    """
    one = await find_import(tx, actor, import_id, lock=True)
    if one.state in (ImportState.DONE, ImportState.REFUSED, ImportState.WITHDRAWN):
        return one
    withdrawn = replace(one, state=ImportState.WITHDRAWN)
    await imports.change(tx, withdrawn, now)
    await pieces.drop(tx, import_id, "file")
    await pieces.drop(tx, import_id, "rows")
    await row_problems.drop(tx, import_id)
    return withdrawn
