"""Where the examples of the description are sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.contracts.examples import Example
from tests.parcel.counter import Counter
from tests.parcel.people.shop import Owner


@dataclass
class Ground:
    """Where examples are sent: what is in the database before, and who sends them."""

    counter: Counter
    database: Database
    owner: Owner
    key_ring: KeyRing
    named: dict[str, str] = field(default_factory=dict)
    """What stands for the names in a path."""


Prepare = Callable[[Ground, Example], Awaitable[dict[str, str]]]
"""Prepares what a request needs; returns the headers of who sends it."""
