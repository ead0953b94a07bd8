"""What tracking tells of a parcel, one line each; any field may be given."""

from collections.abc import Sequence
from typing import Any

from services.parcel.posting.use_cases.follow_movements import follow_movements
from shared.clock import now
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database
from tests.parcel.bodies import HOME


def moved(item_number: str, version: int, state: CustomerState, **values: Any) -> ParcelMovedV1:
    """Tell that a parcel came into a state."""
    filled: dict[str, Any] = {
        "journey_no": 1,
        "previous_state": None,
        "first_time_in_state": True,
        "event_code": "EMA",
        "office": HOME,
        "occurred_at": now(),
        "reason": None,
    }
    return ParcelMovedV1(item_number=item_number, version=version, state=state, **(filled | values))


async def follow(database: Database, *events: ParcelMovedV1) -> None:
    """Apply what tracking told, as one batch."""
    told: Sequence[ParcelMovedV1] = events
    async with database.transaction() as tx:
        await follow_movements(tx, told)
