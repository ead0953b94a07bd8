"""Writes docs/papers: a picture of each paper, of the sample papers that the tests draw."""

from collections.abc import Callable, Mapping
from pathlib import Path

from services.parcel.customs.domain.declaration import ContentLine
from services.parcel.documents.domain.label import LabelFormat
from services.parcel.documents.domain.parties import Party
from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.drawing.cn22 import draw_cn22
from services.parcel.documents.drawing.cn23 import draw_cn23
from services.parcel.documents.drawing.labels import draw_labels
from services.parcel.documents.drawing.rasterising import png
from services.parcel.documents.drawing.receipts import draw_receipt
from services.parcel.documents.drawing.stickers import draw_sticker_roll
from services.parcel.pricing.domain.tariff import Option
from shared.s10 import ItemNumber
from tests.parcel.documents.papers import AT, SEOUL, customs_paper, domestic_label, receipt

FOLDER = Path(__file__).parents[3] / "docs" / "papers"
DOTS_PER_MM = 6.0
"""Enough to read; a printer has eight."""
AT_HOME = ItemNumber("PD", 10_000_005, "KH")
ABROAD = ItemNumber("CP", 10_000_001, "KH")
DECLARED = customs_paper(
    sender=Party("Sok Chandara", "+85512345678", ("Pea Ream, Bati, Takeo",), "210208"),
    lines=(
        ContentLine("Silk scarf (krama), woven", 2, 320, 4_000, "621410", "KH"),
        ContentLine("Palm sugar, 500 g bag", 3, 1_500, 900, "170290", "KH"),
    ),
)

PICTURES: Mapping[str, Callable[[], bytes]] = {
    "label-a6": lambda: draw_labels([domestic_label()], LabelFormat.A6),
    "label-100x150": lambda: draw_labels(
        [
            domestic_label(
                item_number=ABROAD,
                recipient=SEOUL,
                collecting_office=None,
                cash_on_delivery=None,
                options=(Option.ADVICE_OF_RECEIPT,),
            )
        ],
        LabelFormat.MM_100_150,
    ),
    "receipt-80": lambda: draw_receipt(receipt(), Roll.MM_80),
    "receipt-58-void": lambda: draw_receipt(receipt(print_no=2, void_at=AT), Roll.MM_58),
    "cn22": lambda: draw_cn22(DECLARED),
    "cn23-cp72": lambda: draw_cn23(DECLARED),
    "sticker": lambda: draw_sticker_roll([AT_HOME], "CP", AT),
}


def picture(name: str) -> bytes:
    """Draw one picture as the code draws it now."""
    return png(PICTURES[name](), DOTS_PER_MM)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in PICTURES:
        (FOLDER / f"{one}.png").write_bytes(picture(one))
