"""Stickers over HTTP: the numbers that an office reserved, as a roll or as sheets."""

from functools import partial
from typing import Literal

import structlog
from fastapi import APIRouter, Response

from services.parcel.documents.drawing.paper_files import FileFormat
from services.parcel.documents.drawing.stickers import draw_sticker_roll, draw_sticker_sheets
from services.parcel.documents.entrypoints.paper_answers import PAPER, paper_answer
from services.parcel.documents.entrypoints.printing import Press
from services.parcel.documents.use_cases.print_stickers import print_stickers
from services.parcel.forms import CounterOrAuditor, Serving
from shared import clock
from shared.s10 import ItemNumber

log = structlog.get_logger()
router = APIRouter(prefix="/sticker-ranges", tags=["documents"])

DRAWN = {"roll": draw_sticker_roll, "sheets": draw_sticker_sheets}


@router.get("/{item_number}/stickers", response_class=Response, responses=PAPER)
async def show_stickers(
    item_number: str,
    actor: CounterOrAuditor,
    press: Press,
    service: Serving,
    paper: Literal["roll", "sheets"] = "roll",
) -> Response:
    """Print the range of stickers that a number is in, as PDF: one a page, or twenty-four on a sheet of A4."""
    number, now = ItemNumber.parse(item_number), clock.now()
    async with press.turn(), service.database.transaction() as tx:
        stickers = await print_stickers(tx, actor, number, now)
        drawn = await press.draw(partial(DRAWN[paper], stickers.numbers, stickers.mark, now))
    log.info("stickers drawn", first=str(stickers.numbers[0]), count=len(stickers.numbers), actor=actor.id)
    return paper_answer(drawn, FileFormat.PDF, f"stickers-{stickers.numbers[0]}")
