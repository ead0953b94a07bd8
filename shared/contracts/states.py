"""The states of a parcel as its customer sees them."""

from enum import StrEnum


class CustomerState(StrEnum):
    """Where a parcel stands, each shown as itself."""

    ANNOUNCED = "announced"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    AT_CUSTOMS = "at_customs"
    HELD = "held"
    ARRIVED = "arrived"
    READY_FOR_COLLECTION = "ready_for_collection"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    LOST = "lost"
