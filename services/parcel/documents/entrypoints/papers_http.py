"""The papers of a parcel over HTTP: label, receipt, customs form. Each is on record as printed, save an auditor's."""

from functools import partial
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, Query, Response

from services.parcel.customs.domain.customs_form import CustomsForm
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.domain.label import Label, LabelFormat
from services.parcel.documents.domain.receipt import Receipt, Roll
from services.parcel.documents.drawing.customs_forms import draw_customs_form
from services.parcel.documents.drawing.labels import draw_labels
from services.parcel.documents.drawing.paper_files import FileFormat, paper_file
from services.parcel.documents.drawing.receipts import draw_receipt
from services.parcel.documents.entrypoints.paper_answers import PAPER, paper_answer
from services.parcel.documents.entrypoints.printing import PostImprint, Press
from services.parcel.documents.use_cases.print_customs_form import print_customs_form
from services.parcel.documents.use_cases.print_label import print_label
from services.parcel.documents.use_cases.print_receipt import print_receipt
from services.parcel.forms import CounterOrAuditor, Serving
from shared import clock
from shared.access.roles import COUNTER, Actor, Role
from shared.access.scopes import Scope
from shared.s10 import ItemNumber
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/parcels", tags=["documents"])

Reader = Annotated[
    Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.AUDITOR, Role.TRADER, scope=Scope.PARCELS_READ))
]
Format = Annotated[FileFormat, Query(alias="format")]


@router.get("/{item_number}/label", response_class=Response, responses=PAPER)
async def show_label(
    item_number: str,
    actor: Reader,
    press: Press,
    imprint: PostImprint,
    service: Serving,
    size: LabelFormat = LabelFormat.A6,
    file_format: Format = FileFormat.PDF,
) -> Response:
    """Print the label of a parcel that is under way, as PDF or as dots for a label printer (203 dpi)."""
    number = str(ItemNumber.parse(item_number))
    async with press.turn(), service.database.transaction() as tx:
        label = await print_label(tx, actor, number, imprint, clock.now())
        drawn = await press.draw(partial(_label, label, size, file_format))
    log.info("label drawn", item_number=number, actor=actor.id)
    return paper_answer(drawn, file_format, f"label-{number}")


@router.get("/{item_number}/receipt", response_class=Response, responses=PAPER)
async def show_receipt(
    item_number: str,
    actor: CounterOrAuditor,
    press: Press,
    imprint: PostImprint,
    service: Serving,
    width: Literal["80", "58"] = "80",
    file_format: Format = FileFormat.PDF,
) -> Response:
    """Print the receipt of a parcel for paper of 80 or 58 mm; from the second time on it says that it is a reprint."""
    number = str(ItemNumber.parse(item_number))
    async with press.turn(), service.database.transaction() as tx:
        receipt = await print_receipt(tx, actor, number, imprint, clock.now())
        drawn = await press.draw(partial(_receipt, receipt, Roll(f"{width}mm"), file_format))
    log.info("receipt drawn", item_number=number, print_no=receipt.print_no, actor=actor.id)
    return paper_answer(drawn, file_format, f"receipt-{number}")


@router.get("/{item_number}/customs-form", response_class=Response, responses=PAPER)
async def show_customs_form(
    item_number: str,
    actor: Reader,
    press: Press,
    imprint: PostImprint,
    service: Serving,
    file_format: Format = FileFormat.PDF,
) -> Response:
    """Print the customs form that the declaration asks for: CN 22, or CN 23 with the dispatch note.

    As dots the sheets of a CN 23 stand below each other.
    """
    number = str(ItemNumber.parse(item_number))
    async with press.turn(), service.database.transaction() as tx:
        form, paper = await print_customs_form(tx, actor, number, imprint, clock.now())
        drawn = await press.draw(partial(_customs_form, form, paper, file_format))
    log.info("customs form drawn", item_number=number, actor=actor.id)
    return paper_answer(drawn, file_format, f"customs-form-{number}")


def _label(label: Label, size: LabelFormat, file_format: FileFormat) -> bytes:
    return paper_file(draw_labels([label], size), file_format)


def _receipt(receipt: Receipt, roll: Roll, file_format: FileFormat) -> bytes:
    return paper_file(draw_receipt(receipt, roll), file_format)


def _customs_form(form: CustomsForm, paper: CustomsPaper, file_format: FileFormat) -> bytes:
    return paper_file(draw_customs_form(form, paper), file_format)
