"""Whole lives of parcels from a seed: registered, scanned on their way, handed over; to be told in any order."""

from datetime import timedelta
from random import Random

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.journey import fold
from services.tracking.domain.scan import Scan, Source
from shared.contracts.states import CustomerState
from shared.s10 import ItemNumber
from tests.model.loop import NOON
from tests.model.scope import new_uuid
from tests.model.world import World

WAYS = (
    (EventCode.EMA, EventCode.EDD, EventCode.EMG, EventCode.EDG, EventCode.EMI),
    (EventCode.EMA, EventCode.EDD, EventCode.EDE, EventCode.EMG, EventCode.EDH, EventCode.EMI),
    (EventCode.EDD, EventCode.EMG, EventCode.EDG),
    (EventCode.EDD, EventCode.EMH, EventCode.EMG, EventCode.EMI),
)
TOPICS = ("parcel.events", "parcel.contacts", "tracking.events")
READ_LATER = frozenset((topic, partition) for topic in TOPICS for partition in range(2))


def way(parcel: int, chance: Random) -> list[Scan]:
    """Return the scans of one parcel in the order in which they were made; a failed attempt turns it back."""
    return [
        Scan(
            scan_id=new_uuid(1_000_000 + 100 * parcel + place),
            item_number=str(ItemNumber("PD", parcel, "KH")),
            event_code=code,
            device_time=NOON + timedelta(minutes=place - 60),
            received_at=NOON,
            office="TK02",
            source=Source.COUNTER,
            reason="14" if code is EventCode.EMH else None,
            action="returned-to-sender" if code is EventCode.EMH else None,
        )
        for place, code in enumerate(chance.choice(WAYS))
    ]


def live(world: World, chance: Random, parcels: int) -> dict[str, CustomerState]:
    """Play registrations and scans in any order, of which nobody reads yet; returns where each parcel's way leads."""
    world.cluster.slow |= READ_LATER
    ways = [way(parcel, chance) for parcel in range(parcels)]
    deeds = [*([None] * parcels), *([scan] for scans in ways for scan in scans)]
    chance.shuffle(deeds)
    for deed in deeds:
        if deed is None:
            world.register(len(world.requests), 100, listens=True)
        else:
            world.scan(deed if chance.random() < 0.8 else [*deed, *deed])
        world.advance(chance.choice((0.0, 0.6, 1.1)))
    world.advance(1.1)
    return {scans[0].item_number: fold(scans)[-1].state for scans in ways}


def read(world: World, topic: str) -> None:
    """Let the groups read a topic."""
    world.cluster.slow -= {place for place in READ_LATER if place[0] == topic}
    world.cluster.wake()
    world.loop.settle()
