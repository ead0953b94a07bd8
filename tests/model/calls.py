"""Requests of counters, and what their callers heard."""

from dataclasses import dataclass

from services.parcel.idempotency.domain.keys import KeyReused, digest
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.use_cases.register_parcels import Asked
from shared.s10 import ItemNumber
from tests.parcel.priced import POSTAGE


@dataclass(eq=False, slots=True)
class Registering:
    """One request of a counter; heard is None where it may or may not have happened."""

    asked: Asked
    heard: bytes | KeyReused | None = None


def asking(key: int, weight_g: int, serial: int) -> Asked:
    """Return what a counter asks for under a key; the number set aside for it has the serial."""
    command = RegisterParcel(
        office="TK01",
        service="parcel",
        destination_country="KH",
        collecting_office="TK02",
        weight_g=weight_g,
        length_mm=None,
        width_mm=None,
        height_mm=None,
        sender=Person("Chan Sokha", phone_of(key), "km"),
        recipient=Person("Sok Dara", phone_of(key + 50), "en"),
        order_reference=None,
    )
    body = digest(repr(command).encode())
    return Asked("clerk", f"key {key}", command, POSTAGE, body, number_of(serial), "clerk", f"trace {serial}")


def number_of(serial: int) -> ItemNumber:
    """Return the number that the parcel of a serial has."""
    return ItemNumber("PD", serial, "KH")


def phone_of(person: int) -> str:
    """Return the phone of a person."""
    return f"+8551200000{person:02}"
