"""All pieces of a file are there, and it is to be read."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.imports.domain.draft_import import DraftImport, ImportState
from services.parcel.imports.store import imports, pieces
from services.parcel.imports.use_cases.find_import import find_import
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid


async def end_upload(tx: Tx, actor: Actor, import_id: UUID, count: int, now: datetime) -> DraftImport:
    """Let a file of so many pieces be read; again it changes nothing.

    Raises: ImportNotFound, ImportNotThere, Invalid, naming the pieces that are missing.
    """
    one = await find_import(tx, actor, import_id, lock=True)
    if one.state is not ImportState.UPLOADING and one.pieces == count:
        return one
    one.must_be(ImportState.UPLOADING)
    there = await pieces.numbers(tx, import_id, "file")
    problems = [
        FieldProblem(f"pieces.{number}", "missing", "Send this piece first.")
        for number in range(1, count + 1)
        if number not in there
    ]
    problems += [
        FieldProblem(f"pieces.{number}", "too-many", "The file has fewer pieces than were sent.")
        for number in there
        if number > count
    ]
    if problems:
        raise Invalid(problems)
    reading = replace(one, state=ImportState.READING, pieces=count)
    await imports.change(tx, reading, now)
    return reading
