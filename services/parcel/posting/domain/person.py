"""Senders and recipients of parcels."""

from dataclasses import dataclass
from typing import Any

from services.parcel.addresses.domain.addresses import Address
from shared.contracts.parcel import Contact, Language


@dataclass(frozen=True, slots=True)
class Person:
    """One party of a parcel; the phone is E.164 and, here, the real address."""

    name: str
    phone: str
    language: Language
    address: tuple[str, ...] = ()
    postal_code: str | None = None
    place: str | None = None
    """Of the gazetteer; in Cambodia only."""
    city: str | None = None
    region: str | None = None
    """Both abroad only."""

    def address_in(self, country: str) -> Address:
        """Return where the person is, as an address of a country."""
        return Address(country, self.address, self.place, self.postal_code, self.city, self.region)

    def kept(self) -> dict[str, Any]:
        """Return the person as it is kept; parts that the release before does not know are there if filled."""
        kept = {
            "name": self.name,
            "phone": self.phone,
            "language": self.language,
            "address": self.address,
            "postal_code": self.postal_code,
        }
        added = {"place": self.place, "city": self.city, "region": self.region}
        return kept | {name: part for name, part in added.items() if part is not None}

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> "Person":
        """Return the person that was kept."""
        return cls(**{**kept, "address": tuple(kept["address"])})

    def contact(self) -> Contact:
        """Return what notifications needs to reach the person."""
        return Contact(name=self.name, phone=self.phone, language=self.language)
