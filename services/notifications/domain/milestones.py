"""Which steps of a parcel's journey are told, to whom, and for how long they stay news."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1


class Milestone(StrEnum):
    """A fact worth a message."""

    ACCEPTED = "accepted"
    READY_FOR_COLLECTION = "ready_for_collection"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    LOST = "lost"
    AT_CUSTOMS = "at_customs"
    PAPERS_ASKED = "papers_asked"
    CHARGES = "charges"
    """What is due on an item that waits, where that was set or changed since it was told to wait."""
    SIGN_IN_CODE = "sign_in_code"
    """Of a member, not of a parcel."""


class Audience(StrEnum):
    """The two people a parcel has, and one who acts for a shop."""

    RECIPIENT = "recipient"
    SENDER = "sender"
    MEMBER = "member"


OF_A_PARCEL = (Audience.RECIPIENT, Audience.SENDER)
OF_A_SHOP = (Audience.MEMBER,)


@dataclass(frozen=True, slots=True, order=True)
class Telling:
    """One milestone told to one person; a journey has each at most once."""

    milestone: Milestone
    audience: Audience


_ON_ITS_WAY = (Telling(Milestone.ACCEPTED, Audience.RECIPIENT),)

TELLINGS: Mapping[CustomerState, tuple[Telling, ...]] = {
    CustomerState.ACCEPTED: _ON_ITS_WAY,
    # A counter that was offline sends its acceptance late, and a state never goes back:
    # the first state that shows a parcel on its way tells so.
    CustomerState.IN_TRANSIT: _ON_ITS_WAY,
    CustomerState.READY_FOR_COLLECTION: (Telling(Milestone.READY_FOR_COLLECTION, Audience.RECIPIENT),),
    CustomerState.ATTEMPT_FAILED: (Telling(Milestone.ATTEMPT_FAILED, Audience.RECIPIENT),),
    CustomerState.DELIVERED: (Telling(Milestone.DELIVERED, Audience.SENDER),),
    CustomerState.RETURNING: (
        Telling(Milestone.RETURNING, Audience.RECIPIENT),
        Telling(Milestone.RETURNING, Audience.SENDER),
    ),
    CustomerState.RETURNED: (Telling(Milestone.RETURNED, Audience.SENDER),),
    CustomerState.CANCELLED: (
        Telling(Milestone.CANCELLED, Audience.RECIPIENT),
        Telling(Milestone.CANCELLED, Audience.SENDER),
    ),
    CustomerState.STOPPED: (Telling(Milestone.STOPPED, Audience.SENDER),),
    CustomerState.LOST: (Telling(Milestone.LOST, Audience.SENDER),),
}

STANDING = (
    Milestone.ACCEPTED,
    Milestone.READY_FOR_COLLECTION,
    Milestone.ATTEMPT_FAILED,
    Milestone.RETURNING,
)
"""Where a parcel stands for a while: whose phone is corrected then is told so; after the others it is over."""

OF_CUSTOMS = tuple(
    Telling(milestone, Audience.RECIPIENT)
    for milestone in (Milestone.AT_CUSTOMS, Milestone.PAPERS_ASKED, Milestone.CHARGES)
)
"""What addressees of items from abroad are told beside the steps of the journey; see `customs_news`."""

ALL_TELLINGS = frozenset(telling for tellings in (*TELLINGS.values(), OF_CUSTOMS) for telling in tellings)

NEWS_FOR: Mapping[Milestone, timedelta] = {
    Milestone.ACCEPTED: timedelta(days=2),
    Milestone.READY_FOR_COLLECTION: timedelta(days=10),
    Milestone.ATTEMPT_FAILED: timedelta(days=3),
    Milestone.DELIVERED: timedelta(days=7),
    Milestone.RETURNING: timedelta(days=7),
    Milestone.RETURNED: timedelta(days=14),
    Milestone.CANCELLED: timedelta(days=3),
    Milestone.STOPPED: timedelta(days=14),
    Milestone.LOST: timedelta(days=14),
    Milestone.AT_CUSTOMS: timedelta(days=3),
    Milestone.PAPERS_ASKED: timedelta(days=14),
    Milestone.CHARGES: timedelta(days=10),
    # Then another code may be asked for, and this one on the phone would be the wrong one.
    Milestone.SIGN_IN_CODE: timedelta(minutes=1),
}
"""How long after the event a message is still worth sending; counted from when tracking recorded it, so that
a topic that is read again from its beginning tells no old news."""


STALE_AFTER: Mapping[Milestone, timedelta] = {
    **{milestone: told_for for milestone, told_for in NEWS_FOR.items() if milestone is not Milestone.SIGN_IN_CODE},
    # A counter that had no line for a day tells of its postings when many are further along; the next step is told.
    Milestone.ACCEPTED: timedelta(hours=12),
}
"""How long after it happened a step is still worth a message, however late tracking heard of it."""


def deadline_of(moved: ParcelMovedV1, milestone: Milestone) -> datetime:
    """Return until when a movement is news: neither long after it was recorded, nor long after it happened."""
    return min(moved.time + NEWS_FOR[milestone], moved.occurred_at + STALE_AFTER[milestone])


def place(milestone: Milestone, seen_at: str | None, collecting_office: str | None) -> str | None:
    """Return the code of the office that a text names: where the parcel goes, or else where it is."""
    return collecting_office if milestone is Milestone.ACCEPTED else seen_at or collecting_office


def tellings(moved: ParcelMovedV1) -> tuple[Telling, ...]:
    """Return what this movement makes us tell; empty for one that is no news."""
    return TELLINGS.get(moved.state, ()) if moved.first_time_in_state else ()
