"""Code 128 and QR as modules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.documents.drawing.symbols import (
    BAR_MODULES,
    BAR_X_MM,
    BARS_WIDTH_MM,
    LinkTooLong,
    code128,
    on_dots,
    qr,
    qr_module_mm,
    qr_side_mm,
)
from shared.s10 import ItemNumber


def test_bars_are_as_wide_as_the_post_asks_and_fit_a_receipt_and_a_sticker() -> None:
    assert 0.33 <= BAR_X_MM <= 0.51
    assert pytest.approx((BAR_MODULES + 20) * BAR_X_MM) == BARS_WIDTH_MM
    assert BARS_WIDTH_MM <= 72 - 4


@given(st.integers(0, 99_999_999))
def test_every_number_takes_the_same_width(serial: int) -> None:
    bars = code128(ItemNumber("RR", serial, "KH"))
    assert bars[0][0] == 0
    assert sum(bars[-1]) == BAR_MODULES
    assert all(1 <= count <= 4 for _, count in bars)


@pytest.mark.parametrize(("modules", "room_mm", "module_mm"), [(33, 26.0, 0.625), (29, 26.0, 0.625), (25, 30.0, 0.875)])
def test_a_qr_code_grows_in_whole_dots(modules: int, room_mm: float, module_mm: float) -> None:
    assert qr_module_mm(modules, room_mm) == module_mm
    assert qr_side_mm(modules, room_mm) == (modules + 8) * module_mm <= room_mm


def test_a_link_that_would_be_too_fine_to_scan_is_refused() -> None:
    modules = len(qr("https://post.example/" + "x" * 300))
    with pytest.raises(LinkTooLong):
        qr_module_mm(modules, 26.0)


@pytest.mark.parametrize(("place_mm", "dot_mm"), [(3.0, 3.0), (3.1, 3.0), (3.124, 3.0), (3.125, 3.125)])
def test_symbols_stand_on_dots(place_mm: float, dot_mm: float) -> None:
    assert on_dots(place_mm) == dot_mm
