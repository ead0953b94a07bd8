"""Writes docs/papers: a picture of each paper, printed by the use cases that the routes call, of sample items."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from services.parcel.documents.domain.label import LabelFormat
from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.drawing.customs_forms import draw_customs_form
from services.parcel.documents.drawing.labels import draw_labels
from services.parcel.documents.drawing.rasterising import png
from services.parcel.documents.drawing.receipts import draw_receipt
from services.parcel.documents.drawing.stickers import draw_sticker_roll
from services.parcel.documents.use_cases.print_customs_form import print_customs_form
from services.parcel.documents.use_cases.print_label import print_label
from services.parcel.documents.use_cases.print_receipt import print_receipt
from services.parcel.documents.use_cases.print_stickers import print_stickers
from services.parcel.numbers.use_cases.reserve_stickers import reserve_stickers
from services.parcel.posting.use_cases.count_registered import count_registered
from shared.db.connection import Tx
from shared.s10 import ItemNumber
from shared.sealing import KeyRing
from tests.parcel.documents.papers import AT, BATI
from tests.parcel.documents.posted import (
    AT_HOME,
    CLERK,
    IMPRINT,
    SMALL_TO_KOREA,
    TO_KOREA,
    declared,
    opened,
    registered,
    voided,
)

FOLDER = Path(__file__).parents[3] / "docs" / "papers"
TESTS = Path(__file__).parent / "test_pictures.py"
WRITE = "CTCPOST_WRITE_PICTURES"
"""Set while the pictures are to be written anew."""
DOTS_PER_MM = 6.0
"""Enough to read; a printer has eight."""


async def _label(tx: Tx, key_ring: KeyRing) -> bytes:
    label = await print_label(tx, CLERK, await registered(tx, key_ring, AT_HOME), IMPRINT, AT)
    return draw_labels([label], LabelFormat.A6)


async def _label_abroad(tx: Tx, key_ring: KeyRing) -> bytes:
    label = await print_label(tx, CLERK, await registered(tx, key_ring, SMALL_TO_KOREA), IMPRINT, AT)
    return draw_labels([label], LabelFormat.MM_100_150)


async def _receipt(tx: Tx, key_ring: KeyRing) -> bytes:
    receipt = await print_receipt(tx, CLERK, await registered(tx, key_ring, AT_HOME), IMPRINT, AT)
    return draw_receipt(receipt, Roll.MM_80)


async def _receipt_void(tx: Tx, key_ring: KeyRing) -> bytes:
    number = await voided(tx, key_ring, TO_KOREA)
    await print_receipt(tx, CLERK, number, IMPRINT, AT)
    return draw_receipt(await print_receipt(tx, CLERK, number, IMPRINT, AT), Roll.MM_58)


async def _cn22(tx: Tx, key_ring: KeyRing) -> bytes:
    return draw_customs_form(
        *await print_customs_form(tx, CLERK, await declared(tx, key_ring, SMALL_TO_KOREA), IMPRINT, AT)
    )


async def _cn23(tx: Tx, key_ring: KeyRing) -> bytes:
    return draw_customs_form(*await print_customs_form(tx, CLERK, await declared(tx, key_ring, TO_KOREA), IMPRINT, AT))


async def _sticker(tx: Tx, _key_ring: KeyRing) -> bytes:
    block = await reserve_stickers(tx, BATI.code, "PD", 1, 1, count_registered, AT)
    stickers = await print_stickers(tx, CLERK, ItemNumber(block.indicator, block.first_serial, "KH"), AT)
    return draw_sticker_roll(stickers.numbers, stickers.mark, AT)


PICTURES: Mapping[str, Callable[[Tx, KeyRing], Awaitable[bytes]]] = {
    "label-a6": _label,
    "label-100x150": _label_abroad,
    "receipt-80": _receipt,
    "receipt-58-void": _receipt_void,
    "cn22": _cn22,
    "cn23-cp72": _cn23,
    "sticker": _sticker,
}


async def picture(tx: Tx, key_ring: KeyRing, name: str) -> bytes:
    """Draw one picture as a counter gets the paper now, of an item in a post that has done nothing else yet."""
    await opened(tx)
    return png(await PICTURES[name](tx, key_ring), DOTS_PER_MM)


def main() -> None:
    """Run the tests, which write the pictures; in a process of their own, as pytest wants to be first."""
    command = [sys.executable, "-m", "pytest", "-q", str(TESTS)]
    sys.exit(subprocess.call(command, env=os.environ | {WRITE: "yes"}))


if __name__ == "__main__":
    main()
