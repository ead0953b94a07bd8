"""Files of parcels over HTTP: sent in pieces, looked at, then announced; each step says how far it has come."""

from datetime import date
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import Field, TypeAdapter

from services.parcel.drafts.entrypoints.places_to_go import must_take_in
from services.parcel.forms import IdempotencyKey, Serving
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.imports.domain.draft_import import MOST_PIECES
from services.parcel.imports.entrypoints.import_bodies import (
    ImportBody,
    ImportView,
    MappingBody,
    PreviewView,
    RowProblemView,
    UploadedBody,
    UploadView,
)
from services.parcel.imports.use_cases.choose_columns import choose_columns
from services.parcel.imports.use_cases.end_upload import end_upload
from services.parcel.imports.use_cases.keep_piece import keep_piece
from services.parcel.imports.use_cases.open_import import open_import
from services.parcel.imports.use_cases.preview_import import find_row_problems, preview_import
from services.parcel.imports.use_cases.start_import import start_import
from services.parcel.imports.use_cases.withdraw_import import withdraw_import
from services.parcel.pages import LARGEST_PAGE, LINKED, Limit, Paged, Word
from services.parcel.people.use_cases.find_shop import find_shop
from shared import clock
from shared.access.roles import COUNTER, STAFF, Actor, Role
from shared.access.scopes import Scope
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(tags=["imports"])

Importer = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.TRADER, scope=Scope.PARCELS_WRITE))]
Reader = Annotated[Actor, Depends(actor_with(*STAFF, Role.TRADER, scope=Scope.PARCELS_WRITE))]
PieceNo = Annotated[int, Path(ge=1, le=MOST_PIECES)]
Bytes = Annotated[bytes, Body(media_type="application/octet-stream", examples=["name,phone\nSok Dara,012345678\n"])]
RowNo = Annotated[int, Field(ge=0, lt=2**31)]
IN_ORDER = TypeAdapter(tuple[RowNo, Word, Word])


@router.post("/traders/{trader_id}/imports", status_code=201, response_model=ImportView)
async def begin(
    trader_id: UUID, body: ImportBody, actor: Importer, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Begin the import of a file; send its pieces next."""

    async def make() -> bytes:
        office = body.office or shop.office
        must_take_in(service.directory.offices, "office", office, _today())
        if body.collecting_office is not None:
            must_take_in(service.directory.offices, "collecting_office", body.collecting_office, _today())
        one = body.draft_import(trader_id, office, actor.id, clock.now())
        await open_import(tx, one)
        return ImportView.of(one).model_dump_json().encode()

    asked = digest(f"{trader_id} {body.model_dump_json(exclude_defaults=True)}".encode())
    async with service.database.transaction() as tx:
        shop = await find_shop(tx, actor, trader_id)
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


@router.put("/imports/{import_id}/pieces/{piece_no}")
async def send(import_id: UUID, piece_no: PieceNo, content: Bytes, actor: Importer, service: Serving) -> UploadView:
    """Send a piece of the file, up to a million bytes, in any order; again it changes nothing."""
    async with service.database.transaction() as tx:
        _, there = await keep_piece(tx, actor, import_id, piece_no, content, clock.now())
    return UploadView(import_id=import_id, pieces=there)


@router.post("/imports/{import_id}/reading")
async def read(import_id: UUID, body: UploadedBody, actor: Importer, service: Serving) -> ImportView:
    """Say that all pieces are there; the file is read and checked, and nothing is announced yet."""
    async with service.database.transaction() as tx:
        return ImportView.of(await end_upload(tx, actor, import_id, body.pieces, clock.now()))


@router.get("/imports/{import_id}")
async def show(import_id: UUID, actor: Reader, service: Serving) -> PreviewView:
    """Return an import: its state and progress, which column holds what, and the first rows."""
    async with service.database.connection() as connection:
        return PreviewView.with_rows(*await preview_import(connection, actor, import_id))


@router.get("/imports/{import_id}/problems", responses=LINKED)
async def show_problems(
    import_id: UUID, actor: Reader, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[RowProblemView]:
    """List what is wrong with which field of which row, by rows; the first thousand are kept."""
    async with service.database.connection() as connection:
        found = await find_row_problems(connection, actor, import_id, page.after(IN_ORDER), limit)
    return page.show(
        found, RowProblemView.model_validate, IN_ORDER, lambda one: (one.row_no, one.field, one.code), limit
    )


@router.put("/imports/{import_id}/mapping")
async def choose(import_id: UUID, body: MappingBody, actor: Importer, service: Serving) -> ImportView:
    """Say which column holds what; every row is checked again."""
    mapping = {column.value: place for column, place in body.mapping.items()}
    async with service.database.transaction() as tx:
        return ImportView.of(await choose_columns(tx, actor, import_id, mapping, clock.now()))


@router.post("/imports/{import_id}/start")
async def start(import_id: UUID, actor: Importer, service: Serving) -> ImportView:
    """Announce the rows that are in order; the others stay behind, and may come with another file."""
    async with service.database.transaction() as tx:
        one = await start_import(tx, actor, import_id, clock.now())
    log.info("import started", draft_import=str(import_id), rows=one.rows_read, actor=actor.id)
    return ImportView.of(one)


@router.post("/imports/{import_id}/withdrawal")
async def withdraw(import_id: UUID, actor: Importer, service: Serving) -> ImportView:
    """Leave an import and have its file forgotten; what was announced of it stays announced."""
    async with service.database.transaction() as tx:
        one = await withdraw_import(tx, actor, import_id, clock.now())
    log.info("import withdrawn", draft_import=str(import_id), actor=actor.id)
    return ImportView.of(one)


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL).date()
