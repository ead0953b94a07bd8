"""CN 22: small, full, and still readable."""

import pytest

from services.parcel.customs.domain.declaration import Category, ContentLine
from services.parcel.documents.drawing.canvas import SAFE_MM, Box
from services.parcel.documents.drawing.cn22 import (
    HEAD_MM,
    MOST_LINES,
    TICK_COLUMNS_MM,
    TICK_ROWS_MM,
    TICK_SIDE_MM,
    TooManyLines,
    compose_cn22,
    draw_cn22,
)
from services.parcel.documents.drawing.lettering import TextTooLong
from services.parcel.documents.drawing.rasterising import DOTS_PER_MM_203
from tests.parcel.documents.papers import (
    LONG_LATIN,
    RESOLUTIONS,
    clashes,
    customs_paper,
    has_blank_edges,
    is_blank,
    pages,
    scanned,
    text_of,
)


@pytest.mark.parametrize("count", range(1, MOST_LINES + 1))
def test_a_scanner_reads_the_item(count: int) -> None:
    pdf = draw_cn22(customs_paper(count))
    for dots_per_mm in RESOLUTIONS:
        (page,) = pages(pdf, dots_per_mm)
        assert scanned(page) == [("Code128", "CP100000017KH")], dots_per_mm
        assert has_blank_edges(page, SAFE_MM, dots_per_mm), dots_per_mm


@pytest.mark.parametrize(
    ("count", "category"),
    [*((count, Category.GIFT) for count in range(1, MOST_LINES + 1)), (2, Category.OTHER), (2, Category.SALE_OF_GOODS)],
)
def test_nothing_overlaps_or_leaves_the_safe_zone(count: int, category: Category) -> None:
    explained = LONG_LATIN if category is Category.OTHER else None
    canvas = compose_cn22(customs_paper(count, category=category, explanation=explained))
    assert list(clashes(canvas, SAFE_MM)) == []


def test_it_says_what_the_item_holds() -> None:
    text = text_of(draw_cn22(customs_paper()))
    for said in (
        "CN 22",
        "2 x Silk scarf",
        "0.320 kg",
        "40.00 USD",
        "6214.10 KH",
        "1.820 kg",
        "49.00 USD",
        "29/11/2026",
    ):
        assert said in text


@pytest.mark.parametrize("chosen", Category)
def test_exactly_the_chosen_category_is_ticked(chosen: Category) -> None:
    (page,) = pages(draw_cn22(customs_paper(category=chosen)))
    ticked = []
    for index, category in enumerate(Category):
        row, column = divmod(index, 2)
        x = SAFE_MM + 0.5 + sum(TICK_COLUMNS_MM[:column]) + TICK_SIDE_MM / 2
        y = SAFE_MM + HEAD_MM + sum(TICK_ROWS_MM[:row]) + TICK_ROWS_MM[row] / 2
        if not is_blank(page, Box(x - 0.5, y - 0.5, 1, 1), DOTS_PER_MM_203):
            ticked.append(category)
    assert ticked == [chosen]


def test_a_long_description_gets_more_room_than_short_ones() -> None:
    long = ContentLine(LONG_LATIN, 1, 10, 100)
    lines = (long, *customs_paper(2).declaration.lines)
    assert list(clashes(compose_cn22(customs_paper(lines=lines)), SAFE_MM)) == []
    with pytest.raises(TextTooLong):
        draw_cn22(customs_paper(lines=(long,) * 4))


def test_more_kinds_than_it_has_room_for_are_refused() -> None:
    with pytest.raises(TooManyLines):
        draw_cn22(customs_paper(MOST_LINES + 1))
