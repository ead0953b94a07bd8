"""How practice parcels go through the states: the recipient's phone says which way.

Together the walks pass through every state that a customer can see.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from shared.contracts.states import CustomerState as State

USUAL = "+85512000000"
WALKS: Mapping[str, Sequence[State]] = MappingProxyType(
    {
        USUAL: (
            State.ACCEPTED,
            State.IN_TRANSIT,
            State.ARRIVED,
            State.READY_FOR_COLLECTION,
            State.DELIVERED,
        ),
        "+85512000001": (
            State.ACCEPTED,
            State.IN_TRANSIT,
            State.ARRIVED,
            State.OUT_FOR_DELIVERY,
            State.ATTEMPT_FAILED,
            State.RETURNING,
            State.RETURNED,
        ),
        "+85512000002": (State.ACCEPTED, State.IN_TRANSIT, State.AT_CUSTOMS, State.HELD, State.STOPPED),
        "+85512000003": (State.ACCEPTED, State.IN_TRANSIT, State.LOST),
        "+85512000004": (State.ANNOUNCED, State.CANCELLED),
    }
)
"""By the recipient's phone; every other phone walks as usual."""


def walk_of(phone: str) -> str:
    """Return the name of the walk that a recipient's phone chooses."""
    return phone if phone in WALKS else USUAL


def state_after(walk: str, steps: int) -> State:
    """Return the state after so many steps; the last one stays."""
    states = WALKS[walk]
    return states[min(steps, len(states) - 1)]
