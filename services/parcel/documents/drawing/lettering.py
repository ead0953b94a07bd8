"""Lines of text: how wide they are once shaped, and where they may end.

Khmer has no spaces between words, so lines end where ICU's dictionary sees the end of a word.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
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
    ending: str = ""
    """Goes on after the text, and stays whole where the text is cut."""


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
    texts, scale = [lines_of(run, width) for run in runs], 1.0
    if _height_mm(texts) > height:
        # What does not fit in the smallest letters need not be tried in all those between.
        smallest = [lines_of(run, width, scale=0) for run in runs]
        if _height_mm(smallest) > height:
            if not cut or not _cut(runs, smallest, width, height):
                raise TextTooLong(sum(len(run.text + run.ending) for run in runs))
            texts = smallest
    while _height_mm(texts) > height:
        scale *= STEP
        texts = [lines_of(run, width, scale) for run in runs]
    return [line for lines in texts for line in lines]


def lines_of(run: Run, width: float, scale: float = 1.0) -> list[Line]:
    """Break one text into lines of a width in millimetres."""
    text = as_printed(run.text + run.ending)
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


def _cut(runs: Sequence[Run], texts: list[list[Line]], width: float, height: float) -> bool:
    """Take a line off the longest of texts, of the last one first, until all fit; tells whether they do.

    A text that is short enough for one line, as a phone or a country, stays whole.
    """
    while _height_mm(texts) > height:
        longest = max(range(len(texts)), key=lambda place: (len(texts[place]), place), default=0)
        if not texts or len(texts[longest]) <= 1:
            return False
        texts[longest] = _shortened(runs[longest], width, len(texts[longest]) - 1)
    return True


def _shortened(run: Run, width: float, most: int) -> list[Line]:
    """Cut a text, between letters with all their signs, to so many lines of the smallest size."""
    letters = list(CharacterBreaker(as_printed(run.text), "km"))

    def lines_with(count: int) -> list[Line]:
        return lines_of(replace(run, text="".join(letters[:count]).rstrip() + ELLIPSIS), width, scale=0)

    lines = lines_with(_most(len(letters) - 1, lambda count: len(lines_with(count)) <= most))
    if len(lines) > most:
        raise TextTooLong(len(run.text + run.ending))
    return lines


def _most(among: int, fits: Callable[[int], bool]) -> int:
    """Return the greatest count that fits, where more never fit if fewer do not; 0 if not even one does."""
    return bisect_left(range(1, among + 1), 1, key=lambda count: int(not fits(count)))


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
    """Give lines that end between words; a word too long for any line ends between letters with all their signs."""

    def fits(part: str) -> bool:
        return width_mm(part.rstrip(), weight, size_pt) <= width

    line = ""
    for word in LineBreaker(text, "km"):
        if fits(line + word):
            line += word
        elif fits(word):
            yield line.rstrip()
            line = word
        else:
            *full, line = _filled(line, list(CharacterBreaker(word, "km")), fits)
            yield from full
    yield line.rstrip()


def _filled(line: str, letters: list[str], fits: Callable[[str], bool]) -> Iterator[str]:
    """Fill a line that has begun, and further ones, with letters; the last one may have room left."""
    while not fits(line + "".join(letters)):
        begun = line
        count = _most(len(letters), lambda count: fits(begun + "".join(letters[:count])))  # noqa: B023 - used at once
        # A letter wider than a line stands alone.
        taken = max(count, 0 if line else 1)
        yield (line + "".join(letters[:taken])).rstrip()
        line, letters = "", letters[taken:]
    yield line + "".join(letters)
