"""Countries that a parcel can go to.

Source: ISO 3166-1 alpha-2, from the `pycountry` data.
"""

import pycountry

from shared.errors import FieldProblem, Invalid

DOMESTIC = "KH"


def must_be_country(code: str) -> None:
    """Check a two-letter code.

    Raises: Invalid.
    """
    if pycountry.countries.get(alpha_2=code) is None:
        message = "There is no country of this code; use two letters such as KH, KR, US."
        raise Invalid([FieldProblem("destination_country", "unknown-country", message)])
