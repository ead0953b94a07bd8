"""Sample papers, and eyes that read what was drawn."""

import io
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from itertools import groupby

import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import zxingcpp
from PIL import Image

from services.parcel.customs.domain.declaration import Category, ContentLine, Declaration
from services.parcel.documents.domain.amounts import dollars, riel
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.domain.label import Label
from services.parcel.documents.domain.parties import Office, Party
from services.parcel.documents.domain.receipt import Receipt
from services.parcel.documents.drawing.canvas import Box, Canvas
from services.parcel.documents.drawing.rasterising import DOTS_PER_MM_203, DOTS_PER_MM_300, png_pages
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import Line, LineCode, Price, UsdTotal
from shared.s10 import ItemNumber

AT = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
RESOLUTIONS = (DOTS_PER_MM_203, DOTS_PER_MM_300)
LINK = "https://post.example/t/PD100000051KH/9sK2mQx7Lp"

BATI = Office("TK02A", "មជ្ឈមណ្ឌលបច្ចេកវិទ្យាសហគមន៍ បាទី ១", "CTC Bati 1")
ANGKOR_BOREI = Office("TK01A", "មជ្ឈមណ្ឌលបច្ចេកវិទ្យាសហគមន៍ អង្គរបូរី", "CTC Angkor Borei")
SHOP = Party(
    "ហាងលក់សម្លៀកបំពាក់ ស្រីមុំ",
    "+85512345678",
    ("ផ្ទះលេខ ២៤ ផ្លូវ ១០៥", "សង្កាត់បឹងកេងកង ខណ្ឌចំការមន រាជធានីភ្នំពេញ"),
    "120102",
)
CUSTOMER = Party(
    "ឈួន សុភ័ក្ត្រ", "+855971234567", ("ភូមិត្រពាំងក្រសាំង ឃុំពារាម", "ស្រុកបាទី ខេត្តតាកែវ", "Pea Ream, Bati, Takeo"), "210208"
)
SEOUL = Party(
    "Kim Minji",
    "+821012345678",
    ("101-1203 Hangang-daero 405", "Yongsan-gu, Seoul"),
    "04320",
    "KR",
    email="minji@example.org",
)

LONG_KHMER = ("មជ្ឈមណ្ឌលបច្ចេកវិទ្យាសហគមន៍ស្រុកអង្គរបូរីខេត្តតាកែវនៃព្រះរាជាណាចក្រកម្ពុជា" * 2)[:120]
LONG_LATIN = ("Kampong Chamlong village, Kouk Thlok commune, near the large pagoda; " * 2)[:120]
LONGEST = Party(LONG_KHMER, "+855971234567", (LONG_KHMER, LONG_LATIN, LONG_KHMER, LONG_LATIN), "210208")


def domestic_label(**changes: object) -> Label:
    values: dict[str, object] = {
        "item_number": ItemNumber("PD", 10_000_005, "KH"),
        "service": "parcel",
        "tracking_link": LINK,
        "sender": SHOP,
        "recipient": CUSTOMER,
        "weight_g": 1_250,
        "posted_at": AT,
        "office_of_posting": BATI,
        "collecting_office": ANGKOR_BOREI,
        "cash_on_delivery": riel(52_000),
        "insured_value": dollars(4_000),
        "order_reference": "ORD-2026-1129-004",
    }
    return Label(**(values | changes))  # type: ignore[arg-type]  # fields of one record, some changed


PRICE = Price(
    lines=(Line(LineCode.POSTAGE, 6_000), Line(LineCode.COD_FEE, 2_000), Line(LineCode.DOOR_DELIVERY, 1_600)),
    total_riel=9_600,
    usd=UsdTotal(240, 4_015, date(2026, 11, 29), stale=False),
    tariff_version="sample-2026-11",
    sample=True,
    zone="near_province",
    volumetric_weight_g=0,
    chargeable_weight_g=2_000,
    rounded_to_riel=100,
)


def receipt(**changes: object) -> Receipt:
    values: dict[str, object] = {
        "item_number": ItemNumber("PD", 10_000_005, "KH"),
        "service": "parcel",
        "tracking_link": LINK,
        "office": BATI,
        "paid_at": AT,
        "sender": SHOP.name,
        "recipient": CUSTOMER.name,
        "destination": "TK01A CTC Angkor Borei",
        "weight_g": 1_250,
        "price": PRICE,
        "payer": Payer.SENDER,
        "ask_phone": "023 42 80 80",
    }
    return Receipt(**(values | changes))  # type: ignore[arg-type]  # fields of one record, some changed


def customs_paper(count: int = 2, **changes: object) -> CustomsPaper:
    """Return a paper of so many lines; a change is of the declaration if it has such a field, else of the paper."""
    kinds = (
        ContentLine("Silk scarf, woven, women's ក្រមាសូត្រ", 2, 320, 4_000, "621410", "KH"),
        ContentLine("Palm sugar, 500 g bag", 3, 1_500, 900, "170290", "KH"),
    )
    declared: dict[str, object] = {
        "category": Category.SALE_OF_GOODS,
        "currency": "USD",
        "lines": (kinds * count)[:count],
        "sender_reference": "KH-2026-77",
        "importer_reference": "P123456789012",
        "invoice_number": "INV-77",
        "comments": "Plant product, dried",
    }
    of_declaration = {field.name for field in fields(Declaration)}
    declared |= {name: value for name, value in changes.items() if name in of_declaration}
    values: dict[str, object] = {
        "item_number": ItemNumber("CP", 10_000_001, "KH"),
        "sender": Party("សុខ ចាន់ដារ៉ា SOK Chandara", "+85512345678", ("Pea Ream, Bati, Takeo",), "210208"),
        "recipient": SEOUL,
        "declaration": Declaration(**declared),  # type: ignore[arg-type]  # fields of one record, some changed
        "exponent": 2,
        "gross_weight_g": 2_150,
        "postal_charges": dollars(3_150),
        "office_of_origin": BATI,
        "posted_at": AT,
        "insured_value": dollars(4_900),
    }
    values |= {name: value for name, value in changes.items() if name not in of_declaration}
    return CustomsPaper(**values)  # type: ignore[arg-type]  # fields of one record, some changed


def pages(pdf: bytes, dots_per_mm: float = DOTS_PER_MM_203) -> list[Image.Image]:
    return [Image.open(io.BytesIO(png)) for png in png_pages(pdf, dots_per_mm)]


def text_of(pdf: bytes) -> str:
    """Return the text of all pages, as one copies it out of a viewer."""
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def scanned(page: Image.Image) -> list[tuple[str, str]]:
    """Read every code on a page, as kind and content, sorted."""
    return sorted((code.format.name, code.text) for code in zxingcpp.read_barcodes(page.convert("L")))


def is_blank(page: Image.Image, area: Box, dots_per_mm: float) -> bool:
    """Tell whether an area in millimetres is white."""
    return darkest(page, area, dots_per_mm) == 255


def darkest(page: Image.Image, area: Box, dots_per_mm: float) -> int:
    corners = (area.x, area.y, area.right, area.bottom)
    left, top, right, bottom = (round(corner * dots_per_mm) for corner in corners)
    area_seen = page.convert("L").crop((left, top, min(right, page.width), min(bottom, page.height)))
    return next(shade for shade, count in enumerate(area_seen.histogram()) if count)


def has_blank_edges(page: Image.Image, margin_mm: float, dots_per_mm: float) -> bool:
    width, height = page.width / dots_per_mm, page.height / dots_per_mm
    edge = margin_mm - 0.2  # half of a line's width, and a dot
    return all(
        is_blank(page, area, dots_per_mm)
        for area in (
            Box(0, 0, width, edge),
            Box(0, height - edge, width, edge),
            Box(0, 0, edge, height),
            Box(width - edge, 0, edge, height),
        )
    )


def spans(page: Image.Image, area: Box, dots_per_mm: float) -> list[tuple[bool, float]]:
    """Return the dark and light spans along the middle of an area, with their lengths in millimetres."""
    y = round((area.y + area.height / 2) * dots_per_mm)
    left, right = round(area.x * dots_per_mm), round(area.right * dots_per_mm)
    row = [page.convert("L").getpixel((x, y)) == 0 for x in range(left, right)]
    return [(dark, len(list(group)) / dots_per_mm) for dark, group in groupby(row)]


def clashes(canvas: Canvas, margin_mm: float) -> Iterator[tuple[Box, Box]]:
    """Give what stands on something else, or beyond the margin."""
    paper = Box(0, 0, canvas.width, canvas.height).inside(margin_mm - 0.01)
    for placed in canvas.placed:
        for index, box in enumerate(placed):
            if box.x < paper.x or box.y < paper.y or box.right > paper.right or box.bottom > paper.bottom:
                yield box, paper
            yield from ((box, other) for other in placed[:index] if box.overlaps(other))
