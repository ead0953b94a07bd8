"""Postal codes as people write them, kept as text.

Cambodia has had codes of five, six and, since 2025, eight digits, and senders know any of them. None of them is a code
of the gazetteer: 2101 begins the postal codes of Treang and is the district Angkor Borei.
"""

import re

from services.parcel.addresses.domain.address_formats import format_of
from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.khmer_folding import folded
from shared.errors import FieldProblem, Invalid

_DOMESTIC = re.compile(r"[0-9]{5,6}|[0-9]{8}")
_ABROAD = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,10}[A-Z0-9])?")
"""What the codes of all countries have in common; some of them have a form of their own beside it."""


class NotAPostalCode(Invalid):
    """This is no postal code of the country."""

    slug = "not-a-postal-code"

    def __init__(self, field: str, message: str) -> None:
        super().__init__([FieldProblem(field, self.slug, message)], message)


def read_postal_code(text: str, country: str, field: str = "postal_code") -> str:
    """Return a postal code as it is kept: capitals, digits 0-9, no spaces in one of Cambodia.

    Raises: NotAPostalCode.
    """
    written = folded(text).upper()
    if country == DOMESTIC:
        code = re.sub("[ -]", "", written)
        if not _DOMESTIC.fullmatch(code):
            raise NotAPostalCode(field, "A postal code of Cambodia has 5, 6 or 8 digits, such as 210801.")
        return code
    if not _ABROAD.fullmatch(written):
        raise NotAPostalCode(field, "Write at most 12 letters, digits, spaces and hyphens, as the country does.")
    form = format_of(country).postal_code
    if form and not re.fullmatch(form.pattern, written):
        raise NotAPostalCode(field, f"A postal code of this country looks like {form.such_as}.")
    return written
