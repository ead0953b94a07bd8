"""A shop has looked at what is in its file, and lets it be announced."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.imports.domain.columns import must_be_mapping
from services.parcel.imports.domain.draft_import import DraftImport, ImportState
from services.parcel.imports.store import imports, row_problems
from services.parcel.imports.use_cases.find_import import find_import
from shared.access.roles import Actor
from shared.db.connection import Tx


async def start_import(tx: Tx, actor: Actor, import_id: UUID, now: datetime) -> DraftImport:
    """Let the rows that are in order be announced; those that are not stay behind. Again it changes nothing.

    Raises: ImportNotFound, ImportNotThere, Invalid, where it is not said which column holds what is needed.
    """
    one = await find_import(tx, actor, import_id, lock=True)
    if one.state in (ImportState.IMPORTING, ImportState.DONE):
        return one
    one.must_be(ImportState.READY)
    must_be_mapping(one.mapping or {}, one.header or ())
    return await begin_announcing(tx, one, now)


async def begin_announcing(tx: Tx, one: DraftImport, now: datetime) -> DraftImport:
    """Let an import that is held begin with its first portion."""
    await row_problems.drop(tx, one.import_id)
    started = replace(one, state=ImportState.IMPORTING, portions_done=0, rows_done=0, refused=0)
    await imports.change(tx, started, now)
    return started
