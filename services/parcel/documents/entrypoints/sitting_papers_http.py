"""Papers of many parcels over HTTP: the receipt of a sitting, the slip of a sack."""

from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Response

from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.domain.sack_label import SackLabel
from services.parcel.documents.domain.sitting_receipt import SittingReceipt
from services.parcel.documents.drawing.paper_files import FileFormat, paper_file
from services.parcel.documents.drawing.sitting_receipts import draw_sack_label, draw_sitting_receipt
from services.parcel.documents.entrypoints.paper_answers import PAPER, paper_answer
from services.parcel.documents.entrypoints.printing import PostImprint, Press
from services.parcel.documents.use_cases.print_sack_label import print_sack_label
from services.parcel.documents.use_cases.print_sitting_receipt import print_sitting_receipt
from services.parcel.forms import CounterOrAuditor, Serving
from shared import clock
from shared.access.roles import COUNTER, Actor, Role
from shared.access.scopes import Scope
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(tags=["documents"])

Reader = Annotated[
    Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.AUDITOR, Role.TRADER, scope=Scope.PARCELS_READ))
]
Format = Annotated[FileFormat, Query(alias="format")]


@router.get("/sittings/{sitting_id}/receipt", response_class=Response, responses=PAPER)
async def show_receipt(
    sitting_id: UUID,
    actor: CounterOrAuditor,
    press: Press,
    imprint: PostImprint,
    service: Serving,
    width: Literal["80", "58"] = "80",
    file_format: Format = FileFormat.PDF,
) -> Response:
    """Print the one receipt of a sitting that is paid; from the second time on it says that it is a reprint."""
    async with press.turn(), service.database.transaction() as tx:
        receipt = await print_sitting_receipt(tx, actor, sitting_id, imprint, clock.now())
        drawn = await press.draw(partial(_receipt, receipt, Roll(f"{width}mm"), file_format))
    log.info("sitting receipt drawn", sitting=str(sitting_id), print_no=receipt.print_no, actor=actor.id)
    return paper_answer(drawn, file_format, f"receipt-{sitting_id}")


@router.get("/sacks/{sack_id}/label", response_class=Response, responses=PAPER)
async def show_label(
    sack_id: UUID,
    actor: Reader,
    press: Press,
    imprint: PostImprint,
    service: Serving,
    width: Literal["80", "58"] = "80",
    file_format: Format = FileFormat.PDF,
) -> Response:
    """Print the slip of a sack, with the code that a counter scans and the numbers of its drafts."""
    async with press.turn(), service.database.transaction() as tx:
        label = await print_sack_label(tx, actor, sack_id, imprint, clock.now())
        drawn = await press.draw(partial(_label, label, Roll(f"{width}mm"), file_format))
    log.info("sack label drawn", sack=str(sack_id), actor=actor.id)
    return paper_answer(drawn, file_format, f"sack-{sack_id}")


def _receipt(receipt: SittingReceipt, roll: Roll, file_format: FileFormat) -> bytes:
    return paper_file(draw_sitting_receipt(receipt, roll), file_format)


def _label(label: SackLabel, roll: Roll, file_format: FileFormat) -> bytes:
    return paper_file(draw_sack_label(label, roll), file_format)
