"""The phone that somebody looks for among names, whole, as it is written at home or abroad."""

import re

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.addresses.domain.phones import NotAPhoneNumber, e164

WRITTEN_PHONE = re.compile(r"(?<!\S)[+(]?[0-9][0-9 ()./-]{3,}[0-9](?!\S)")
"""Digits that stand by themselves, as phones are written."""
SHORTEST = 8
"""Digits of the shortest phone here without its zero; fewer are the end of a phone, or a number in a name."""


def phone_ending(text: str) -> str | None:
    """Return what a phone ends with that is the one in a text; None if there is no whole one.

    A phone of ours is returned as E.164, which is the end of no other. One of another country may be written as it is
    there, and the country is not known: then the end is all but the zeros that it is dialled with.
    """
    found = WRITTEN_PHONE.search(folded(text))
    if found is None:
        return None
    try:
        return e164(found[0], DOMESTIC)
    except NotAPhoneNumber:
        digits = re.sub("[^0-9]", "", found[0]).lstrip("0")
        return digits if len(digits) >= SHORTEST else None
