"""Persons and offices as a document names them."""

from dataclasses import dataclass

import phonenumbers

from services.parcel.addresses.domain.countries import DOMESTIC


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or recipient; the phone is E.164."""

    name: str
    phone: str
    address: tuple[str, ...] = ()
    postal_code: str | None = None
    country: str = DOMESTIC
    """ISO 3166-1 alpha-2."""
    business: str | None = None
    email: str | None = None

    def phone_for(self, country: str) -> str:
        """Return the phone as it is dialled in a country: 012 345 678 at home, +855 12 345 678 abroad."""
        number = phonenumbers.parse(self.phone)
        at_home = phonenumbers.region_code_for_number(number) == country
        kind = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, kind)

    @property
    def address_lines(self) -> tuple[str, ...]:
        """Return the address with the postal code at its end."""
        return (*self.address, self.postal_code) if self.postal_code else self.address


@dataclass(frozen=True, slots=True)
class Office:
    """An office of the post."""

    code: str
    name_km: str
    name_en: str
