"""An address that stands in the fields of a request: `address`, `place`, `postal_code`, `city`, `region`."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from services.parcel.addresses.domain.addresses import MOST_LINES, Address, read_address
from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.addresses.domain.postal_codes import read_postal_code
from services.parcel.forms import Body, Text


def _folded(typed: object) -> object:
    return folded(typed) if isinstance(typed, str) else typed


PostalCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 \-]{2,12}$"), BeforeValidator(_folded)]
"""Khmer digits and spaces around it are taken; which codes a country has is known when the country is."""
PlaceCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}){1,4}$")]


class AddressBody(Body):
    """Where somebody is; what a country asks for is known when the country is."""

    address: Annotated[tuple[Text, ...], Field(max_length=MOST_LINES)] = ()
    postal_code: PostalCode | None = None
    place: PlaceCode | None = None
    """Village, commune, district or province by its code in the gazetteer; in Cambodia only."""
    city: Text | None = None
    """The town; abroad only, where it may as well be the last of several lines of the address."""
    region: Text | None = None
    """State or province; abroad only."""

    def address_in(self, country: str, field: str) -> Address:
        """Return the address as it is kept; in Cambodia it may be left out.

        Raises: Invalid.
        """
        # Nearly every parcel stays here and names no place, and a registration waits for this.
        if country == DOMESTIC and not (self.place or self.city or self.region):
            return Address(country, self.address, None, self._code_at_home(field))
        written = Address(country, self.address, self.place, self.postal_code, self.city, self.region)
        return read_address(written, field, whole=False)

    def _code_at_home(self, field: str) -> str | None:
        at = f"{field}." if field else ""
        return read_postal_code(self.postal_code, DOMESTIC, f"{at}postal_code") if self.postal_code else None
