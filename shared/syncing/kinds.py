"""What a service does with records: a kind each, named by what happened at the counter."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, TypeAlias

from shared.access.devices import Device
from shared.access.passes import Pass
from shared.access.roles import Role
from shared.db.connection import Tx
from shared.syncing.record import Problem, Record


@dataclass(frozen=True, slots=True)
class Ready:
    """A record whose turn has come, of a device, under a pass that was good when it was made."""

    record: Record
    device: Device
    granted: Pass


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a record, and what somebody should look at."""

    result: Mapping[str, Any]
    flags: tuple[str, ...] = ()


Outcome: TypeAlias = Applied | Problem
Apply = Callable[[Tx, Sequence[Ready]], Awaitable[Sequence[Outcome]]]
"""Applies records in their order and returns what became of each; one that it finds a problem with changes nothing.

Kinds with the same function are applied together where their records follow each other.
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: who may make it, and what is done with it."""

    roles: AbstractSet[Role]
    apply: Apply


Kinds: TypeAlias = Mapping[str, Kind]
LOST = "lost"
"""Stands for a record that the device can no longer read: it keeps the place, so that others need not wait."""
