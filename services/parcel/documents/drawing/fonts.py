"""The two faces that documents are set in: Noto Sans Khmer, which has Latin letters too, regular and bold.

The package holds one variable font. PDF cannot, and fpdf2 would shape bold text with the widths of regular,
so each face is made static once in a process.
"""

import shutil
import tempfile
import weakref
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import fontpkg  # type: ignore[import-untyped]  # has no stubs
import uharfbuzz  # type: ignore[import-untyped]  # has no stubs
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no stubs
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]  # has no stubs

FAMILY = "Noto Sans Khmer"
WIDTH_AXIS = 100.0


class Weight(StrEnum):
    """A face, by the style that fpdf2 calls it."""

    REGULAR = ""
    BOLD = "B"


WEIGHT_AXIS = {Weight.REGULAR: 400.0, Weight.BOLD: 700.0}


@lru_cache
def font_file(weight: Weight) -> Path:
    """Return the file of a face; it is gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="ctcpost-fonts-"))
    weakref.finalize(font_file, shutil.rmtree, folder, ignore_errors=True)
    path = folder / f"NotoSansKhmer-{weight.name}.ttf"
    with TTFont(fontpkg.path(FAMILY), recalcTimestamp=False) as font:
        instantiateVariableFont(font, {"wght": WEIGHT_AXIS[weight], "wdth": WIDTH_AXIS}, inplace=True, static=True)
        font.save(path)
    return path


@lru_cache
def shaping_font(weight: Weight) -> uharfbuzz.Font:
    """Return a face for measuring; its units are the font's own."""
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(font_file(weight))))
