"""Senders and recipients of parcels."""

from dataclasses import dataclass

from shared.contracts.parcel import Contact, Language


@dataclass(frozen=True, slots=True)
class Person:
    """One party of a parcel; the phone is E.164 and, here, the real address."""

    name: str
    phone: str
    language: Language
    address: tuple[str, ...] = ()
    postal_code: str | None = None

    def contact(self) -> Contact:
        """Return what notifications needs to reach the person."""
        return Contact(name=self.name, phone=self.phone, language=self.language)
