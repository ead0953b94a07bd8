"""Code 128 and QR as modules, and the sizes at which they are drawn.

Sizes are whole dots of a 203 dpi print head (8 dots a millimetre), so that no bar is a dot too wide or too narrow.
Source: UPU S10-12 for Code 128 (X 0.25 to 0.51 mm, 0.33 or more recommended; height 12.5 mm recommended).
"""

import math
from itertools import groupby

import segno
import zint

from shared.s10 import ItemNumber

DOT_MM = 0.125
BAR_X_MM = 3 * DOT_MM
BAR_MODULES = 156
BAR_QUIET_MODULES = 10
BARS_WIDTH_MM = (BAR_MODULES + 2 * BAR_QUIET_MODULES) * BAR_X_MM
BAR_HEIGHT_MM = 12.5
QR_QUIET_MODULES = 4
QR_SMALLEST_MODULE_MM = 4 * DOT_MM


class LinkTooLong(ValueError):
    """The link needs more modules than the paper has room for."""


def code128(number: ItemNumber) -> list[tuple[int, int]]:
    """Return the bars of an item number: first module and count of each, without quiet zones."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.CODE128
    symbol.encode(str(number))
    row = symbol.encoded_data.tobytes()
    dark = [bool(row[module // 8] >> module % 8 & 1) for module in range(symbol.width)]
    return _spans(dark)


def qr(link: str) -> list[list[tuple[int, int]]]:
    """Return the dark spans of a QR code row by row, without quiet zones; level M survives a scratch."""
    matrix = segno.make_qr(link, error="m", boost_error=False).matrix
    return [_spans([bool(module) for module in row]) for row in matrix]


def qr_module_mm(modules: int, room_mm: float) -> float:
    """Return the largest module of whole dots with which a QR code and its quiet zones fit.

    Raises: LinkTooLong.
    """
    dots = int(room_mm / (modules + 2 * QR_QUIET_MODULES) / DOT_MM + 1e-9)
    if dots * DOT_MM < QR_SMALLEST_MODULE_MM:
        raise LinkTooLong(f"{modules} modules do not fit into {room_mm} mm.")
    return dots * DOT_MM


def qr_side_mm(modules: int, room_mm: float) -> float:
    """Return the side of a QR code with its quiet zones.

    Raises: LinkTooLong.
    """
    return (modules + 2 * QR_QUIET_MODULES) * qr_module_mm(modules, room_mm)


def on_dots(place_mm: float) -> float:
    """Return a place moved to the dot before it."""
    return math.floor(place_mm / DOT_MM + 1e-6) * DOT_MM


def _spans(modules: list[bool]) -> list[tuple[int, int]]:
    spans, first = [], 0
    for dark, group in groupby(modules):
        count = len(list(group))
        if dark:
            spans.append((first, count))
        first += count
    return spans
