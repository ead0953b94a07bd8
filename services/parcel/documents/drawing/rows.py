"""Rows of a receipt: each knows its height for a width, so that the paper ends where the text does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.parcel.addresses.domain.printable_letters import as_printed
from services.parcel.documents.drawing.canvas import Canvas
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import NUMBER_PT, Line, Run, lines_of, width_mm
from services.parcel.documents.drawing.symbols import BAR_HEIGHT_MM, BARS_WIDTH_MM, DOT_MM, qr, qr_side_mm
from shared.s10 import ItemNumber

GAP_MM = 2.0
WIDEST_VALUE = 0.5
"""A value that lets its name break takes at most so much of the width; a longer one goes below."""

NAME_SHRUNK = 0.85
"""So far a name shrinks rather than break beside its value."""


class Row(Protocol):
    """One thing below another."""

    def height(self, width: float) -> float:
        """Return how much paper it takes."""

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Draw it from its upper left corner."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text over the whole width."""

    run: Run

    def height(self, width: float) -> float:
        """Return the height of its lines."""
        return sum(line.height_mm for line in lines_of(self.run, width))

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Draw its lines."""
        canvas.lines(x, y, width, lines_of(self.run, width))


@dataclass(frozen=True, slots=True)
class Named:
    """A name at the left, its value at the right."""

    name: str
    value: str
    size_pt: float
    weight: Weight = Weight.REGULAR

    def height(self, width: float) -> float:
        """Return the height of the taller side, or of both if the value stands below."""
        names, values = self._lines(width)
        heights = [sum(line.height_mm for line in lines) for lines in (names, values)]
        return max(heights) if self._side_by_side(width) else sum(heights)

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Draw both."""
        names, values = self._lines(width)
        below = canvas.lines(x, y, width, names)
        canvas.lines(x, y if self._side_by_side(width) else below, width, values)

    def _side_by_side(self, width: float) -> bool:
        name, value = self._widths()
        return value <= width * WIDEST_VALUE or name + GAP_MM + value <= width

    def _widths(self) -> tuple[float, float]:
        name, value = (width_mm(as_printed(text), self.weight, self.size_pt) for text in (self.name, self.value))
        return name, value

    def _lines(self, width: float) -> tuple[list[Line], list[Line]]:
        taken = self._widths()[1] + GAP_MM if self._side_by_side(width) else 0.0
        name = Run(self.name, self.size_pt, NAME_SHRUNK * self.size_pt, self.weight)
        value = Run(self.value, self.size_pt, self.size_pt, self.weight, "R")
        return lines_of(name, width - taken), lines_of(value, width)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""

    def height(self, width: float) -> float:  # noqa: ARG002 - every row is asked for a width
        """Return the room around the line."""
        return GAP_MM

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Draw it in the middle of its room."""
        canvas.rule(x, y + GAP_MM / 2, width)


@dataclass(frozen=True, slots=True)
class Bars:
    """The item number as Code 128, where the paper is wide enough for it."""

    number: ItemNumber

    def height(self, width: float) -> float:  # noqa: ARG002 - every row is asked for a width
        """Return the height of the bars and of the number below."""
        return BAR_HEIGHT_MM + Line(self.number.grouped, NUMBER_PT, Weight.BOLD, "C").height_mm

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Draw it in the middle."""
        canvas.bars(x + (width - BARS_WIDTH_MM) / 2, y, self.number)


@dataclass(frozen=True, slots=True)
class Qr:
    """A link as QR code."""

    link: str
    room: float

    def height(self, width: float) -> float:  # noqa: ARG002 - every row is asked for a width
        """Return its side."""
        return qr_side_mm(len(qr(self.link)), self.room)

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Draw it in the middle."""
        canvas.qr(x + (width - self.height(width)) / 2, y, self.link, self.room)


def compose_rows(rows: Sequence[Row], title: str, made_at: datetime, width: float, margin: float) -> Canvas:
    """Put rows below each other on paper of a printed width and of the length that they need."""
    inner = width - 2 * margin
    heights = [math.ceil(row.height(inner) / DOT_MM) * DOT_MM for row in rows]
    canvas = Canvas(title, made_at, width, sum(heights) + 2 * margin)
    canvas.add_page()
    y = margin
    for row, height in zip(rows, heights, strict=True):
        row.draw(canvas, margin, y, inner)
        y += height
    return canvas
