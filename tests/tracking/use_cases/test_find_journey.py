"""What anybody hears of a number."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.public import JourneyNotFound
from services.tracking.domain.scan import Scan, Source
from services.tracking.domain.wording import Text
from services.tracking.use_cases.append_scans import append_scans
from services.tracking.use_cases.find_journey import find_journey
from services.tracking.use_cases.open_journeys import open_journeys
from shared.contracts.directory import OfficeV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber
from tests.tracking.scans import NOON, NUMBER, posting, scan
from tests.tracking.use_cases.test_open_journeys import registered

TAKEO = OfficeV1(
    office="TK01",
    name_km="តាកែវ",
    name_en="Takeo",
    office_kind="ctc",
    district_code="2101",
    sample=True,
    version=1,
)
OFFICES = {"TK01": TAKEO}


async def test_an_answer_holds_state_places_local_times_and_the_service(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        way = [
            scan(EventCode.EDD, minutes=9, office="BKK"),
            scan(EventCode.EMA, posting=posting(service="ems"), office="TK01"),
        ]
        await append_scans(tx, Outbox("tracking"), way, NOON)
        journey = await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)

    assert (journey.state, journey.service) == (CustomerState.IN_TRANSIT, "ems")
    assert [event.event_code for event in journey.events] == [EventCode.EMA, EventCode.EDD]
    assert [event.place for event in journey.events] == [Text("តាកែវ", "Takeo"), None]
    assert journey.events[0].occurred_at.isoformat() == "2026-03-02T12:00:00+07:00"


async def test_an_answer_says_whether_it_is_brought_to_the_door(tracking_db: Database) -> None:
    found = []
    async with tracking_db.transaction() as tx:
        for seen in (scan(EventCode.EDD), scan(EventCode.EMA, minutes=1, posting=posting())):
            await append_scans(tx, Outbox("tracking"), [seen], NOON)
            found.append(await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES))
        event = registered(door_delivery=True, registered_at=NOON + timedelta(minutes=2))
        await open_journeys(tx, Outbox("tracking"), [event], NOON)
        found.append(await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES))
        await tx.execute("update scan set door_delivery = null")
        of_an_earlier_release = await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)

    assert [one.door_delivery for one in found] == [False, False, True]
    assert [one.door_delivery_text for one in found] == [None, None, Text("ដឹកដល់ផ្ទះ", "Door delivery")]
    assert of_an_earlier_release.door_delivery is False


async def test_an_answer_holds_nothing_of_who_scanned_with_what_and_why(tracking_db: Database) -> None:
    secrets: dict[str, Any] = {
        "actor": "actor-canary",
        "device": "device-canary",
        "reason": "14",
        "action": "returned-to-sender",
    }
    async with tracking_db.transaction() as tx:
        await append_scans(tx, Outbox("tracking"), [scan(EventCode.EMH, posting=posting(), **secrets)], NOON)
        journey = await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)

    written = str(asdict(journey))
    assert not [secret for secret in (*secrets.values(), "TK02", "ab" * 32) if secret in written]


async def test_a_scan_after_the_end_does_not_move_the_end(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        way = [scan(EventCode.EMI, office="TK01"), scan(EventCode.EDD, minutes=60, office="BKK")]
        await append_scans(tx, Outbox("tracking"), way, NOON)
        journey = await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)

    assert (journey.state, journey.place, journey.since) == (CustomerState.DELIVERED, Text("តាកែវ", "Takeo"), NOON)
    assert len(journey.events) == 2


POSTED: dict[str, Any] = {"source": Source.PARCEL, "posting": posting(service="ems")}


@pytest.mark.parametrize(
    ("way", "state", "shown"),
    [
        pytest.param(
            [
                scan(EventCode.EMA, **POSTED),
                scan(EventCode.EDD, minutes=4),
                scan(EventCode.CANCELLED, minutes=5, source=Source.PARCEL),
            ],
            CustomerState.IN_TRANSIT,
            [EventCode.EMA, EventCode.EDD],
            id="moved before it was cancelled",
        ),
        pytest.param(
            [
                scan(EventCode.EMA, **POSTED),
                scan(EventCode.CANCELLED, minutes=5, source=Source.PARCEL),
                scan(EventCode.EDD, minutes=6),
            ],
            CustomerState.CANCELLED,
            [EventCode.EMA, EventCode.CANCELLED, EventCode.EDD],
            id="moved after it was cancelled",
        ),
        pytest.param(
            [
                scan(EventCode.EMA, **POSTED),
                scan(EventCode.EMI, minutes=5),
                scan(EventCode.EDD, minutes=3),
                scan(EventCode.CANCELLED, minutes=7, source=Source.PARCEL),
                scan(EventCode.EDH, minutes=9),
            ],
            CustomerState.DELIVERED,
            [EventCode.EMA, EventCode.EDD, EventCode.EMI, EventCode.EDH],
            id="scanned late, and after it was handed over",
        ),
        pytest.param(
            [scan(EventCode.EMA), scan(EventCode.EMA, minutes=1, **POSTED), scan(EventCode.EMA, minutes=2, **POSTED)],
            CustomerState.ACCEPTED,
            [EventCode.EMA],
            id="registered after it was taken in, and told twice",
        ),
        pytest.param(
            [scan(EventCode.EDD), scan(EventCode.EMA, minutes=1, **POSTED), scan(EventCode.EMA, minutes=2, **POSTED)],
            CustomerState.IN_TRANSIT,
            [EventCode.EDD, EventCode.EMA],
            id="registered after it moved, and told twice",
        ),
    ],
)
async def test_what_is_shown_is_what_happened(
    tracking_db: Database, way: list[Scan], state: CustomerState, shown: list[EventCode]
) -> None:
    for arrivals in (way, way[::-1]):
        async with tracking_db.transaction() as tx:
            for seen in arrivals:
                await append_scans(tx, Outbox("tracking"), [seen], NOON)
            journey = await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)
            await tx.execute("delete from scan")

        assert journey.state is state
        assert [event.event_code for event in journey.events] == shown
        assert journey.service == "ems"


async def test_a_posting_told_again_does_not_move_the_time_of_the_state(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        way = [scan(EventCode.EMA, **POSTED), scan(EventCode.EMA, minutes=7, **POSTED)]
        await append_scans(tx, Outbox("tracking"), way, NOON)
        journey = await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)

    assert (journey.since, journey.events[-1].occurred_at) == (NOON, NOON)


async def test_a_number_that_came_again_shows_its_latest_journey_alone(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        way = [scan(EventCode.EMA), scan(EventCode.EMI, minutes=1), scan(EventCode.EMA, minutes=400 * 1440)]
        await append_scans(tx, Outbox("tracking"), way, NOON)
        journey = await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)

    assert journey.state is CustomerState.ACCEPTED
    assert len(journey.events) == 1


async def test_a_number_never_seen_is_not_found(tracking_db: Database) -> None:
    async with tracking_db.connection() as tx:
        with pytest.raises(JourneyNotFound):
            await find_journey(tx, ItemNumber.parse(NUMBER), OFFICES)
