"""Countries that a parcel can go to.

Source: ISO 3166-1 alpha-2, from the `pycountry` data.
"""

import re

import pycountry

from shared.errors import FieldProblem, Invalid

DOMESTIC = "KH"
_TURNED_ROUND = re.compile(r"^(.+), (.+ of(?: the)?|British|U\.S\.)$")


def must_be_country(code: str, field: str = "destination_country") -> None:
    """Check a two-letter code.

    Raises: Invalid.
    """
    if pycountry.countries.get(alpha_2=code) is None:
        message = "There is no country of this code; use two letters such as KH, KR, US."
        raise Invalid([FieldProblem(field, "unknown-country", message)])


def english_name(code: str) -> str:
    """Return the name of a country as English writes it: Federated States of Micronesia, not the other way round."""
    country = pycountry.countries.get(alpha_2=code)
    name = getattr(country, "common_name", None) or getattr(country, "name", code)
    return _TURNED_ROUND.sub(r"\2 \1", str(name))
