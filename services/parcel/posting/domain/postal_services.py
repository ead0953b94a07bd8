"""What may be sent by which service: weight and size limits, and the letters its numbers begin with.

Provisional until Cambodia Post confirms its own table: the ceilings are those the UPU allows.
Source: UPU S10-12 for the indicators (P* is free for domestic use); UPU Convention Regulations for the ceilings.
"""

from dataclasses import dataclass

from services.parcel.addresses.domain.countries import DOMESTIC
from shared.contracts.parcel import Service
from shared.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings of one service; sizes in millimetres."""

    weight_g: int
    longest_side_mm: int
    sides_sum_mm: int


LIMITS: dict[Service, Limits] = {
    "parcel": Limits(30_000, 1_500, 3_000),
    "ems": Limits(30_000, 1_500, 3_000),
    "small_packet": Limits(2_000, 600, 900),
    "registered_letter": Limits(2_000, 600, 900),
}

DOMESTIC_INDICATOR = "PD"
INDICATORS: dict[Service, str] = {"parcel": "CP", "ems": "EE", "small_packet": "LX", "registered_letter": "RR"}


def indicator_for(service: Service, destination_country: str) -> str:
    """Return the two letters that a new item number begins with."""
    return DOMESTIC_INDICATOR if destination_country == DOMESTIC else INDICATORS[service]


def limit_problems(service: Service, weight_g: int, sides_mm: tuple[int, ...]) -> list[FieldProblem]:
    """Return what is above a limit; sides may be unknown."""
    limits = LIMITS[service]
    problems = []
    if weight_g > limits.weight_g:
        problems.append(FieldProblem("weight_g", "too-heavy", f"At most {limits.weight_g} g for {service}."))
    if sides_mm and max(sides_mm) > limits.longest_side_mm:
        message = f"The longest side is at most {limits.longest_side_mm} mm for {service}."
        problems.append(FieldProblem("size_mm", "too-long", message))
    if sum(sides_mm) > limits.sides_sum_mm:
        message = f"Length, width and height together are at most {limits.sides_sum_mm} mm for {service}."
        problems.append(FieldProblem("size_mm", "too-large", message))
    return problems
