"""Stickers: one number each, in order, within their edges."""

from services.parcel.documents.drawing.canvas import SAFE_MM
from services.parcel.documents.drawing.stickers import (
    COLUMNS,
    STICKER_MM,
    compose_sticker_roll,
    compose_sticker_sheets,
    draw_sticker_roll,
    draw_sticker_sheets,
)
from shared.s10 import ItemNumber
from tests.parcel.documents.papers import AT, RESOLUTIONS, clashes, has_blank_edges, pages, scanned

NUMBERS = [ItemNumber("RR", serial, "KH") for serial in range(10_000_000, 10_000_026)]


def test_a_roll_has_one_number_a_page() -> None:
    pdf = draw_sticker_roll(NUMBERS[:3], "R", AT)
    for dots_per_mm in RESOLUTIONS:
        drawn = pages(pdf, dots_per_mm)
        assert [scanned(page) for page in drawn] == [[("Code128", str(number))] for number in NUMBERS[:3]], dots_per_mm
        assert all(has_blank_edges(page, SAFE_MM, dots_per_mm) for page in drawn), dots_per_mm


def test_a_sheet_has_twenty_four_numbers_and_the_rest_goes_on_the_next() -> None:
    pdf = draw_sticker_sheets(NUMBERS, "R", AT)
    for dots_per_mm in RESOLUTIONS:
        read = [scanned(page) for page in pages(pdf, dots_per_mm)]
        assert [len(codes) for codes in read] == [24, 2], dots_per_mm
        assert {text for codes in read for _, text in codes} == {str(number) for number in NUMBERS}, dots_per_mm


def test_nothing_on_a_roll_overlaps_or_leaves_the_safe_zone() -> None:
    assert list(clashes(compose_sticker_roll(NUMBERS[:2], "EMS", AT), 2.0)) == []


def test_every_sticker_of_a_sheet_stays_within_its_edges() -> None:
    canvas = compose_sticker_sheets(NUMBERS[:24], "CP", AT)
    assert list(clashes(canvas, SAFE_MM - 1)) == []
    width, height = STICKER_MM
    for index, box in enumerate(canvas.placed[0]):
        row, column = divmod(index // 4, COLUMNS)
        assert column * width + 2 <= box.x
        assert box.right <= (column + 1) * width - 2
        assert row * height + 0.5 + SAFE_MM <= box.y
        assert box.bottom <= (row + 1) * height + 0.5 - SAFE_MM + 1e-6
