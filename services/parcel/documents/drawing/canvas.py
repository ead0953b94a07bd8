"""Paper: the one place where text, bars and lines reach a page, so that every text is shaped and kept apart.

Sizes are millimetres from the upper left corner.
"""

import io
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF
from fpdf.fonts import TTFFont

from services.parcel.documents.drawing import symbols
from services.parcel.documents.drawing.fonts import Weight, font_file
from services.parcel.documents.drawing.lettering import MM_PER_PT, NUMBER_PT, Align, Line, Run, lines_within, width_mm
from shared.s10 import ItemNumber

SAFE_MM = 3.0
"""Printers leave so much of an edge white."""
HAIRLINE_MM = 0.25
FRAME_PADDING_MM = 1.0
FAMILY = "noto"
CELL_BASELINE_EM = 0.3
"""Of fpdf2."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return its lower edge."""
        return self.y + self.height

    def inside(self, padding: float) -> "Box":
        """Return the box without a border of a width."""
        return Box(self.x + padding, self.y + padding, self.width - 2 * padding, self.height - 2 * padding)

    def overlaps(self, other: "Box") -> bool:
        """Tell whether two boxes share more than an edge."""
        slack = 1e-3
        return (
            self.x < other.right - slack
            and other.x < self.right - slack
            and self.y < other.bottom - slack
            and other.y < self.bottom - slack
        )


class Canvas:
    """A document under way; `placed` holds, page by page, where text and symbols stand.

    Texts too long for their boxes are cut, but on a form whose texts find more room on another one.
    """

    def __init__(self, title: str, made_at: datetime, width: float, height: float, *, cuts: bool = True) -> None:
        self.width, self.height = width, height
        self.placed: list[list[Box]] = []
        self._cuts = cuts
        self._pdf = FPDF(unit="mm", format=(width, height))
        self._pdf.set_margin(0)
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.c_margin = 0
        self._pdf.alias_nb_pages("")
        self._pdf.set_title(title)
        self._pdf.set_lang("km")
        self._pdf.set_creator("CTC Post")
        # The same document gives the same bytes, whenever it is drawn.
        self._pdf.set_creation_date(made_at)
        for weight in Weight:
            self._pdf.add_font(FAMILY, weight.value, font_file(weight))
        # fpdf2 keeps font files open; a document that is refused half way must not.
        weakref.finalize(self, _close_fonts, self._pdf)
        self._pdf.set_text_shaping(use_shaping_engine=True)
        self._pdf.set_line_width(HAIRLINE_MM)

    def add_page(self) -> None:
        """Begin a page."""
        self._pdf.add_page()
        self.placed.append([])

    def texts(self, box: Box, runs: Sequence[Run]) -> float:
        """Set texts below each other in a box; return where the last one ends.

        Raises: TextTooLong.
        """
        return self.lines(box.x, box.y, box.width, self._lines_within(box, runs))

    def lines(self, x: float, y: float, width: float, lines: Sequence[Line]) -> float:
        """Draw lines that are broken already; return where the last one ends."""
        for line in lines:
            self._line(x, y, width, line)
            y += line.height_mm
        return y

    def centred(self, box: Box, runs: Sequence[Run]) -> None:
        """Set texts in the middle of a box's height."""
        lines = self._lines_within(box, runs)
        spare = box.height - sum(line.height_mm for line in lines)
        self.lines(box.x, box.y + spare / 2, box.width, lines)

    def bars(self, x: float, y: float, number: ItemNumber, height: float = symbols.BAR_HEIGHT_MM) -> float:
        """Draw Code 128 with its quiet zones and the number below; return where it ends."""
        x, y = symbols.on_dots(x), symbols.on_dots(y)
        first = x + symbols.BAR_QUIET_MODULES * symbols.BAR_X_MM
        x_mm = symbols.BAR_X_MM
        self._fill(Box(first + bar * x_mm, y, count * x_mm, height) for bar, count in symbols.code128(number))
        self.placed[-1].append(Box(x, y, symbols.BARS_WIDTH_MM, height))
        caption = Line(number.grouped, NUMBER_PT, Weight.BOLD, "C")
        return self.lines(x, y + height, symbols.BARS_WIDTH_MM, [caption])

    def qr(self, x: float, y: float, link: str, room: float) -> float:
        """Draw a QR code with its quiet zones in a square of at most `room`; return the side that it took.

        Raises: LinkTooLong.
        """
        x, y = symbols.on_dots(x), symbols.on_dots(y)
        rows = symbols.qr(link)
        module = symbols.qr_module_mm(len(rows), room)
        quiet = symbols.QR_QUIET_MODULES * module
        self._fill(
            Box(x + quiet + first * module, y + quiet + index * module, count * module, module)
            for index, row in enumerate(rows)
            for first, count in row
        )
        side = symbols.qr_side_mm(len(rows), room)
        self.placed[-1].append(Box(x, y, side, side))
        return side

    def rule(self, x: float, y: float, width: float) -> None:
        """Draw a line across."""
        self._pdf.line(x, y, x + width, y)

    def frame(self, box: Box) -> None:
        """Draw the edges of a box."""
        self._pdf.rect(box.x, box.y, box.width, box.height)

    def field(self, box: Box, runs: Sequence[Run]) -> None:
        """Draw a frame with texts in it."""
        self.frame(box)
        self.texts(box.inside(FRAME_PADDING_MM), runs)

    def tick_box(self, x: float, y: float, side: float, *, ticked: bool) -> None:
        """Draw a small square, with a cross if it is chosen."""
        self._pdf.rect(x, y, side, side)
        if ticked:
            self._pdf.line(x, y, x + side, y + side)
            self._pdf.line(x + side, y, x, y + side)

    def pdf(self) -> bytes:
        """Return the document."""
        stream = io.BytesIO()
        self._pdf.output(stream)
        return stream.getvalue()

    def _fill(self, boxes: Iterable[Box]) -> None:
        # One path, because viewers widen a rectangle of its own to whole dots: bars grow and spaces shrink.
        with self._pdf.new_path() as path:
            path.style.stroke_color = None
            path.style.fill_color = "#000"
            for box in boxes:
                path.rectangle(box.x, box.y, box.width, box.height)

    def _lines_within(self, box: Box, runs: Sequence[Run]) -> list[Line]:
        return lines_within(runs, box.width, box.height, cut=self._cuts)

    def _line(self, x: float, y: float, width: float, line: Line) -> None:
        taken = width_mm(line.text, line.weight, line.size_pt)
        left = x + {"L": 0.0, "C": (width - taken) / 2, "R": width - taken}[line.align]
        self._pdf.set_font(FAMILY, line.weight.value, line.size_pt)
        # A cell of no height stands with its baseline so far below its place.
        self._pdf.set_xy(left, y + line.baseline_mm - CELL_BASELINE_EM * line.size_pt * MM_PER_PT)
        # `FPDF.text` would leave Khmer unshaped; `cell` does not.
        self._pdf.cell(taken, 0, line.text)
        self.placed[-1].append(Box(left, y, taken, line.height_mm))


def caption(text: str, align: Align = "L") -> Run:
    """Return a small text that names a field."""
    return Run(text, 6.5, 5.0, align=align)


def _close_fonts(pdf: FPDF) -> None:
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.close()
