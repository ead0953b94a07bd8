"""Histories in which somebody who was erased came back, before that was mended."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Scan, Source
from shared.contracts.parcel import Contact, ParcelContactsV1, ParcelErasedV1
from tests.model import scope
from tests.model.calls import number_of
from tests.model.loop import NOON
from tests.model.scope import moment, new_uuid
from tests.model.world import World

NUMBER = str(number_of(0))
PERSON = Contact(name="Sok Dara", phone="+855120000050", language="en")
LATE_SCAN = Scan(
    scan_id=new_uuid(1_000_000),
    item_number=NUMBER,
    event_code=EventCode.EDD,
    device_time=NOON,
    received_at=NOON,
    office="TK02",
    source=Source.COUNTER,
)


@pytest.fixture
def world() -> Iterator[World]:
    with scope.stand_ins(), scope.history() as loop:
        world = World(loop, moment)
        yield world
        world.close()


def settled(world: World) -> None:
    for _ in range(3):
        world.advance(1.1)


def test_a_parcel_that_moves_again_after_its_erasure_names_nobody(world: World) -> None:
    """A counter that was offline shows that a parcel left before it was cancelled, which undoes the cancellation."""
    world.register(0, 100, listens=True)
    settled(world)
    world.change(0, cancel=True)
    settled(world)
    world.erase()
    settled(world)
    world.scan([LATE_SCAN])
    settled(world)

    world.change(0, cancel=False)
    world.loop.settle()

    world.check()
    world.end()


def test_contacts_that_come_beside_the_erasure_are_not_kept(world: World) -> None:
    """Two members of the group: the partition of the contacts is one's, that of the parcel's events the other's."""
    process = world.living("notifications")
    told = ParcelContactsV1(item_number=NUMBER, version=1, sender=PERSON, recipient=PERSON, link_secret="")
    erased = ParcelErasedV1(item_number=NUMBER, version=2, erased_at=NOON)

    async def side_by_side() -> None:
        async with process.database.transaction() as remembering:
            await remember_contacts(cast("Any", remembering), [told], NOON)
            async with process.database.transaction() as forgetting:
                await forget_contacts(cast("Any", forgetting), [erased])

    world.call(process, "desk", side_by_side())
    settled(world)

    world.check()
