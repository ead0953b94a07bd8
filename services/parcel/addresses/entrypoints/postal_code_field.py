"""A postal code that stands in a field of a request, as people type it."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.addresses.domain.postal_codes import read_postal_code


def _folded(typed: object) -> object:
    return folded(typed) if isinstance(typed, str) else typed


PostalCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 \-]{2,12}$"), BeforeValidator(_folded)]
"""Khmer digits and spaces around it are taken; which codes a country has is known when the country is."""


def postal_code_of(code: str | None, country: str, field: str) -> str | None:
    """Return the code as it is kept; None stays None.

    Raises: NotAPostalCode.
    """
    return None if code is None else read_postal_code(code, country, field)
