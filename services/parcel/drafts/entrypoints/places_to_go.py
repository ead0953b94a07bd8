"""Offices that announced parcels name: those that take in parcels on a day."""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from shared.contracts.directory import OfficeV1
from shared.errors import FieldProblem, Invalid

Offices: TypeAlias = Mapping[str, OfficeV1]


def must_take_in(offices: Offices, field: str, code: str, day: date) -> None:
    """Check that there is an office of a code, and that it takes in parcels on a day.

    Raises: Invalid.
    """
    office = offices.get(code)
    if office is None:
        raise Invalid([FieldProblem(field, "unknown-office", "There is no office of this code.")])
    if not office.takes_in(day):
        message = "This office takes in no parcels any more; name another one."
        raise Invalid([FieldProblem(field, "office-closed", message)])
