"""Lines of text: how wide they are once shaped, and where they may end.

Khmer has no spaces between words, so lines end where ICU's dictionary sees the end of a word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

import uharfbuzz  # type: ignore[import-untyped]  # has no stubs
from icu4py.breakers import CharacterBreaker, LineBreaker

from services.parcel.addresses.domain.printable_letters import as_printed
from services.parcel.documents.drawing.fonts import Weight, shaping_font
from shared.errors import FieldProblem, Invalid

Align: TypeAlias = Literal["L", "C", "R"]

MM_PER_PT = 25.4 / 72
ABOVE_EM = 0.95
BELOW_EM = 0.3
"""What Latin letters need; Khmer with signs above and two subscripts below takes up to 1.05 and 0.57."""
LEADING_EM = 0.1
LEGIBLE_PT = 5.0
NUMBER_PT = 12.0
"""Item numbers, wherever they stand below bars."""
STEP = 0.95
ELLIPSIS = "…"
_SCRIPTS = re.compile(r"[\u1780-\u17ff\u19e0-\u19ff\u200c\u200d]+|[^\u1780-\u17ff\u19e0-\u19ff]+")


class TextTooLong(Invalid):
    """A text is too long for the paper."""

    slug = "text-too-long"

    def __init__(self, signs: int) -> None:
        message = f"Shorten names and addresses: a text of {signs} signs does not fit on the paper."
        super().__init__([FieldProblem("text", "text-too-long", message)], message)


@dataclass(frozen=True, slots=True)
class _Shaped:
    """What a text takes, in em."""

    width_em: float
    above_em: float
    below_em: float


@dataclass(frozen=True, slots=True)
class Run:
    """A text to set: it shrinks to `one_line_pt` to stay on one line, and then goes on in further lines."""

    text: str
    size_pt: float
    one_line_pt: float
    weight: Weight = Weight.REGULAR
    align: Align = "L"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it will be drawn."""

    text: str
    size_pt: float
    weight: Weight
    align: Align

    @property
    def height_mm(self) -> float:
        """Return the room it takes from top to bottom: of its own letters, so that lines never touch."""
        below_em = max(BELOW_EM, *(part.below_em for part in _parts_shaped(self.text, self.weight)))
        return self.baseline_mm + (below_em + LEADING_EM / 2) * self.size_pt * MM_PER_PT

    @property
    def baseline_mm(self) -> float:
        """Return how far below its top it stands."""
        above_em = max(ABOVE_EM, *(part.above_em for part in _parts_shaped(self.text, self.weight)))
        return (above_em + LEADING_EM / 2) * self.size_pt * MM_PER_PT

    @property
    def width_mm(self) -> float:
        """Return the room it takes from left to right."""
        return width_mm(self.text, self.weight, self.size_pt)


def width_mm(text: str, weight: Weight, size_pt: float) -> float:
    """Return the width of a text on one line."""
    return sum(part.width_em for part in _parts_shaped(text, weight)) * size_pt * MM_PER_PT


def lines_within(runs: Sequence[Run], width: float, height: float, *, cut: bool = False) -> list[Line]:
    """Break texts into lines that fit into a box in millimetres, smaller until they do.

    What does not fit when nobody could read smaller letters is refused, or, if it may be, `cut`.

    Raises: TextTooLong.
    """
    scale = 1.0
    while True:
        texts = [lines_of(run, width, scale) for run in runs]
        if _height_mm(texts) <= height:
            break
        if all(line.size_pt <= LEGIBLE_PT for lines in texts for line in lines):
            if not cut or not _cut(texts, width, height):
                raise TextTooLong(sum(len(run.text) for run in runs))
            break
        scale *= STEP
    return [line for lines in texts for line in lines]


def lines_of(run: Run, width: float, scale: float = 1.0) -> list[Line]:
    """Break one text into lines of a width in millimetres."""
    text = as_printed(run.text)
    if not text:
        return []
    full_pt, one_line_pt = max(run.size_pt * scale, LEGIBLE_PT), max(run.one_line_pt * scale, LEGIBLE_PT)
    on_one_line_pt = full_pt * width / max(width_mm(text, run.weight, full_pt), width)
    if on_one_line_pt >= one_line_pt:
        return [Line(text, on_one_line_pt, run.weight, run.align)]
    return [Line(part, one_line_pt, run.weight, run.align) for part in _broken(text, run.weight, one_line_pt, width)]


def forget_texts() -> None:
    """Forget what texts take: among them are names and addresses."""
    _shaped.cache_clear()


def _height_mm(texts: Sequence[Sequence[Line]]) -> float:
    # A millionth of a millimetre is lost in adding up.
    return sum(line.height_mm for lines in texts for line in lines) - 1e-6


def _cut(texts: Sequence[list[Line]], width: float, height: float) -> bool:
    """Take lines off the longest texts, the last ones first, until the rest fits; tells whether it does.

    A text that is short enough for one line, as a phone or a country, stays whole.
    """
    while _height_mm(texts) > height:
        longest = max(reversed(texts), key=len, default=[])
        if len(longest) <= 1:
            return False
        longest.pop()
        longest[-1] = _ending_cut(longest[-1], width)
    return True


def _ending_cut(line: Line, width: float) -> Line:
    letters = list(CharacterBreaker(line.text, "km"))
    while (shown := replace(line, text="".join(letters).rstrip() + ELLIPSIS)).width_mm > width and letters:
        letters.pop()
    return shown


def _parts_shaped(text: str, weight: Weight) -> list[_Shaped]:
    return [_shaped(part, weight) for part in _SCRIPTS.findall(text)]


@lru_cache(16_384)
def _shaped(text: str, weight: Weight) -> _Shaped:
    """Shape a text of one script."""
    font = shaping_font(weight)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    above = below = width = 0
    for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        width += position.x_advance
        if ink := font.get_glyph_extents(glyph.codepoint):
            top = position.y_offset + ink.y_bearing
            above, below = max(above, top), max(below, -(top + ink.height))
    em = font.face.upem
    return _Shaped(width / em, above / em, below / em)


def _broken(text: str, weight: Weight, size_pt: float, width: float) -> Iterator[str]:
    line = ""
    for part in _parts(text, weight, size_pt, width):
        if line and width_mm((line + part).rstrip(), weight, size_pt) > width:
            yield line.rstrip()
            line = ""
        line += part
    yield line.rstrip()


def _parts(text: str, weight: Weight, size_pt: float, width: float) -> Iterator[str]:
    """Give what stays together: words, and of a word too long for any line its letters with all their signs."""
    for word in LineBreaker(text, "km"):
        if width_mm(word.rstrip(), weight, size_pt) <= width:
            yield word
        else:
            yield from CharacterBreaker(word, "km")
