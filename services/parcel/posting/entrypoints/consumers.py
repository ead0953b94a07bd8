"""What the parcel service hears from tracking."""

from collections.abc import Mapping

from services.parcel.posting.use_cases.follow_movements import follow_movements
from shared.contracts.envelope import Event
from shared.contracts.tracking import ParcelMovedV1
from shared.messaging.consume import Handler
from shared.web.service import Service


def handlers(_service: Service) -> Mapping[type[Event], Handler]:
    """Return what is done with each event."""
    return {ParcelMovedV1: follow_movements}
