"""What a sender announces of one parcel before it comes to a counter."""

import hashlib
from dataclasses import MISSING, dataclass, fields

import orjson
from pydantic import TypeAdapter

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.pricing.domain.limits import Shape
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.parcel import Service


@dataclass(frozen=True, slots=True)
class Announced:
    """One parcel within the country; weight and sides may be left to the counter."""

    sender: Person
    recipient: Person
    collecting_office: str
    service: Service = "parcel"
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    shape: Shape = "box"
    order_reference: str | None = None
    payer: Payer = Payer.SENDER
    insured_value: Amount | None = None
    cod: Amount | None = None
    options: tuple[Option, ...] = ()

    def written(self) -> bytes:
        """Return it as JSON, as it is kept: without what is as it mostly is."""
        people = {"sender": self.sender.kept(), "recipient": self.recipient.kept()}
        other = {name: value for name, usual in _USUAL if (value := getattr(self, name)) != usual}
        return orjson.dumps(people | {"collecting_office": self.collecting_office} | other)


_USUAL = [(one.name, one.default) for one in fields(Announced) if one.default is not MISSING]


def digest(written: bytes) -> bytes:
    """Return what tells two announcements under one order reference apart."""
    return hashlib.sha256(written).digest()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a counter finds as the parcel lies on its scales."""

    weight_g: int
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    shape: Shape = "box"
    fits_limits: bool = False

    @property
    def is_measured(self) -> bool:
        """Tell whether any side was measured."""
        return bool(self.length_mm or self.width_mm or self.height_mm)


def registration_of(announced: Announced, weighed: Weighed, office: str, trader: str | None) -> RegisterParcel:
    """Return the registration of an announced parcel, as the counter found it.

    Sides that the sender announced stand in for those that nobody measured.
    """
    sides: Weighed | Announced = weighed if weighed.is_measured else announced
    return RegisterParcel(
        office=office,
        service=announced.service,
        destination_country=DOMESTIC,
        collecting_office=announced.collecting_office,
        weight_g=weighed.weight_g,
        length_mm=sides.length_mm,
        width_mm=sides.width_mm,
        height_mm=sides.height_mm,
        sender=announced.sender,
        recipient=announced.recipient,
        order_reference=announced.order_reference,
        trader=trader,
        shape=sides.shape,
        payer=announced.payer,
        insured_value=announced.insured_value,
        cod=announced.cod,
        options=frozenset(announced.options),
        fits_limits=weighed.fits_limits,
    )


_STORED: TypeAdapter[Announced] = TypeAdapter(Announced)


def read_announced(stored: object) -> Announced | None:
    """Return what was kept as JSON; None of a draft that is closed."""
    return None if stored is None else _STORED.validate_python(stored)
