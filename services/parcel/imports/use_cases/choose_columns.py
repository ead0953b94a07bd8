"""A shop says which column holds what, where the guess was wrong; the file is looked at again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.imports.domain.columns import must_be_mapping
from services.parcel.imports.domain.draft_import import DraftImport, ImportState
from services.parcel.imports.store import imports, row_problems
from services.parcel.imports.use_cases.find_import import find_import
from shared.access.roles import Actor
from shared.db.connection import Tx


async def choose_columns(
    tx: Tx, actor: Actor, import_id: UUID, mapping: Mapping[str, int], now: datetime
) -> DraftImport:
    """Keep which column holds what and let every row be checked by it.

    Raises: ImportNotFound, ImportNotThere, Invalid.
    """
    one = await find_import(tx, actor, import_id, lock=True)
    one.must_be(ImportState.READY, ImportState.CHECKING)
    must_be_mapping(mapping, one.header or ())
    await row_problems.drop(tx, import_id)
    checking = replace(one, state=ImportState.CHECKING, mapping=mapping, portions_done=0, rows_done=0, refused=0)
    await imports.change(tx, checking, now)
    return checking
