"""Requests of counters, and what their callers heard."""

from dataclasses import dataclass

from services.parcel.idempotency.domain.keys import KeyReused
from services.parcel.posting.use_cases.register_parcels import Asked


@dataclass(eq=False, slots=True)
class Registering:
    """One request of a counter; heard is None where it may or may not have happened."""

    asked: Asked
    heard: bytes | KeyReused | None = None
