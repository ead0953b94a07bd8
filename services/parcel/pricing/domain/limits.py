"""How heavy, how large and how small an item may be, by service and destination, on a day.

Girth is measured around the two shorter sides; a roll has a length and twice the same diameter.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from services.parcel.addresses.domain.countries import DOMESTIC
from shared.contracts.parcel import Service
from shared.editions import Edition, Editions, Part
from shared.errors import Conflict, FieldProblem

FILES = Path(__file__).parents[1] / "limits"

Shape = Literal["box", "roll"]


def across(shape: Shape, width_mm: int | None, height_mm: int | None) -> tuple[int | None, int | None]:
    """Return width and height; of a roll both are its diameter, and one of them is enough."""
    if shape == "roll":
        return width_mm or height_mm, height_mm or width_mm
    return width_mm, height_mm


class NoLimitsInForce(Conflict):
    """No weight and size limits are in force on this day; an administrator must add them."""

    slug = "no-limits-in-force"


class Roll(Part):
    """Ceilings of a roll."""

    longest_side_mm: int
    length_and_two_diameters_mm: int


class SmallestRoll(Part):
    """Floors of a roll."""

    length_mm: int
    length_and_two_diameters_mm: int


class Smallest(Part):
    """Floors of a size: the face that a label needs, its longer side first."""

    face_mm: tuple[int, int]
    roll: SmallestRoll

    def problems(self, sides_mm: tuple[int, ...], shape: Shape) -> list[FieldProblem]:
        """Return what is below a floor; all sides are known."""
        longest, second, *_ = sorted(sides_mm, reverse=True)
        if shape == "roll":
            length, around = self.roll.length_mm, self.roll.length_and_two_diameters_mm
            if longest >= length and longest + 2 * second >= around:
                return []
            message = (
                f"A roll is at least {length} mm long, and with twice its diameter {around} mm; "
                "put it into a larger tube or box."
            )
            return [FieldProblem("size_mm", "too-small", message)]
        longer, shorter = self.face_mm
        if longest >= longer and second >= shorter:
            return []
        message = f"Its largest face is at least {longer} x {shorter} mm; put it into a larger envelope or box."
        return [FieldProblem("size_mm", "too-small", message)]


class SizeClass(Part):
    """Ceilings of a size and its floors; what is None is not limited."""

    longest_side_mm: int
    length_and_girth_mm: int | None = None
    sides_sum_mm: int | None = None
    roll: Roll | None = None
    """Where rolls have ceilings of their own."""
    smallest: Smallest

    def problems(self, sides_mm: tuple[int, ...], shape: Shape) -> list[FieldProblem]:
        """Return what is above a ceiling; sides may be unknown."""
        if not sides_mm:
            return []
        return [
            FieldProblem("size_mm", code, f"{what} may come to {ceiling_mm} mm at most; here it is {found_mm} mm.")
            for code, what, found_mm, ceiling_mm in self._measured(sides_mm, shape)
            if ceiling_mm is not None and found_mm > ceiling_mm
        ]

    def _measured(self, sides_mm: tuple[int, ...], shape: Shape) -> list[tuple[str, str, int, int | None]]:
        longest, *others = sorted(sides_mm, reverse=True)
        if shape == "roll" and self.roll:
            across_mm = longest + 2 * max(others, default=0)
            return [
                ("too-long", "The roll's length", longest, self.roll.longest_side_mm),
                ("too-large", "Length and twice the diameter", across_mm, self.roll.length_and_two_diameters_mm),
            ]
        return [
            ("too-long", "The longest side", longest, self.longest_side_mm),
            ("too-large", "Length and girth", longest + 2 * sum(others), self.length_and_girth_mm),
            ("too-large", "Length, width and height", sum(sides_mm), self.sides_sum_mm),
        ]


class Limit(Part):
    """A ceiling of weight, and the size class."""

    weight_g: int
    size: str


class ServiceLimits(Part):
    """Limits of one service; a country with its own limit stands by its code."""

    domestic: Limit
    abroad: Limit
    measured: bool
    """Counters measure its items; of letters they see that they are small."""
    countries: dict[str, Limit] = Field(default_factory=dict)

    def to(self, country: str) -> Limit:
        """Return the limit on the way to a country."""
        return self.domestic if country == DOMESTIC else self.countries.get(country, self.abroad)


class Limits(Edition):
    """One edition of all limits."""

    sizes: dict[str, SizeClass]
    services: dict[Service, ServiceLimits]

    @model_validator(mode="after")
    def _know_each_size(self) -> "Limits":
        for service in self.services.values():
            for limit in (service.domestic, service.abroad, *service.countries.values()):
                if limit.size not in self.sizes:
                    raise ValueError(f"there is no size class {limit.size}")
        return self

    def lacks_sides(self, service: Service, sides_mm: tuple[int, ...], shape: Shape) -> bool:
        """Tell whether sides are missing of an item that is to be measured."""
        return self.services[service].measured and len(sides_mm) < (2 if shape == "roll" else 3)

    def problems(
        self, service: Service, country: str, weight_g: int, sides_mm: tuple[int, ...], shape: Shape = "box"
    ) -> list[FieldProblem]:
        """Return what an item is above or below; sides may be unknown."""
        limit = self.services[service].to(country)
        problems = []
        if weight_g > limit.weight_g:
            message = f"At most {limit.weight_g} g by {service} to this destination."
            problems.append(FieldProblem("weight_g", "too-heavy", message))
        size = self.sizes[limit.size]
        problems += size.problems(sides_mm, shape)
        if self._shows_its_face(service, sides_mm, shape):
            problems += size.smallest.problems(sides_mm, shape)
        return problems

    def _shows_its_face(self, service: Service, sides_mm: tuple[int, ...], shape: Shape) -> bool:
        """Tell whether sides say how small an item is; letters are flat, and two sides are their face."""
        fewest = 2 if shape == "roll" or not self.services[service].measured else 3
        return len(sides_mm) >= fewest


@cache
def editions() -> Editions[Limits]:
    """Return every edition there is."""
    return Editions.read(FILES, Limits)


def limits_on(day: date) -> Limits:
    """Return the limits in force on a day.

    Raises: NoLimitsInForce.
    """
    return editions().in_force(day, NoLimitsInForce)
