"""The two faces that documents are set in: Noto Sans Khmer, which has Latin letters too, regular and bold.

The package holds one variable font. PDF cannot, and fpdf2 would shape bold text with the widths of regular,
so each face is made static once on a machine and kept in the user's cache: making both takes two seconds of a core,
which a service that just started needs for its counters.
"""

import hashlib
import logging
import os
import shutil
import tempfile
import weakref
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import fontpkg  # type: ignore[import-untyped]  # has no stubs
import uharfbuzz  # type: ignore[import-untyped]  # has no stubs
from fontTools import version  # type: ignore[import-untyped]  # has no stubs
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no stubs
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-untyped]  # has no stubs

from services.parcel.addresses.domain.printable_letters import FONT

logging.getLogger("fontTools").setLevel(logging.WARNING)

WIDTH_AXIS = 100.0


class Weight(StrEnum):
    """A face, by the style that fpdf2 calls it."""

    REGULAR = ""
    BOLD = "B"


WEIGHT_AXIS = {Weight.REGULAR: 400.0, Weight.BOLD: 700.0}


@lru_cache
def font_file(weight: Weight) -> Path:
    """Return the file of a face; where nothing can be kept it is made anew, and gone when the process ends."""
    variable = Path(fontpkg.path(FONT)).read_bytes()
    made_of = hashlib.sha256(variable + version.encode()).hexdigest()[:16]
    name = f"NotoSansKhmer-{weight.name}-{made_of}.ttf"
    try:
        return _kept(_cache() / name, weight)
    except (OSError, RuntimeError):
        folder = Path(tempfile.mkdtemp(prefix="ctcpost-fonts-"))
        weakref.finalize(font_file, shutil.rmtree, folder, ignore_errors=True)
        return _kept(folder / name, weight)


@lru_cache
def shaping_font(weight: Weight) -> uharfbuzz.Font:
    """Return a face for measuring; its units are the font's own."""
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(font_file(weight))))


def _cache() -> Path:
    """Return the folder for what can be made again, as the XDG base directory specification 0.8 says.

    Raises: RuntimeError, for a user without a home.
    """
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path("~/.cache").expanduser()) / "ctcpost"


def _kept(path: Path, weight: Weight) -> Path:
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=path.parent) as folder,
        TTFont(fontpkg.path(FONT), recalcTimestamp=False) as font,
    ):
        instantiateVariableFont(font, {"wght": WEIGHT_AXIS[weight], "wdth": WIDTH_AXIS}, inplace=True, static=True)
        made = Path(folder) / path.name
        with made.open("xb") as file:
            font.save(file)
            file.flush()
            # A face that power took half of would stay for ever.
            os.fsync(file.fileno())
        return made.replace(path)
