"""A registration opens a journey, or joins the scans that came before it."""

from datetime import timedelta
from typing import Any

from services.tracking.domain.event_codes import EventCode
from services.tracking.use_cases.append_scans import append_scans
from services.tracking.use_cases.open_journeys import open_journeys
from shared.contracts.parcel import ParcelRegisteredV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database, Tx
from shared.messaging.outbox import Outbox
from tests.tracking import told
from tests.tracking.scans import NOON, NUMBER, scan


def registered(**values: Any) -> ParcelRegisteredV1:
    filled: dict[str, Any] = {
        "item_number": NUMBER,
        "version": 1,
        "office": "TK01",
        "service": "ems",
        "destination_country": "KH",
        "collecting_office": "TK02",
        "weight_g": 1200,
        "registered_at": NOON,
        "link_secret_sha256": "cd" * 32,
    }
    return ParcelRegisteredV1(**(filled | values))


async def journey_row(tx: Tx) -> dict[str, object]:
    row = await tx.fetchrow("select * from journey where item_number = $1 and journey_no = 1", NUMBER)
    assert row is not None
    return dict(row)


async def test_a_registration_opens_the_journey_of_its_parcel(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        await open_journeys(tx, Outbox("tracking"), [registered()], NOON)

        row = await journey_row(tx)
        (event,) = await told.events(tx)
    assert (event.state, event.event_code, event.office) == (CustomerState.ACCEPTED, "EMA", "TK01")
    assert row["registered"] is True
    assert (row["office_of_posting"], row["collecting_office"], row["destination_country"]) == ("TK01", "TK02", "KH")
    assert (row["service"], row["weight_g"], row["link_secret_sha256"]) == ("ems", 1200, "cd" * 32)


async def test_a_registration_read_twice_opens_one_journey(tracking_db: Database) -> None:
    event = registered()
    async with tracking_db.transaction() as tx:
        await open_journeys(tx, Outbox("tracking"), [event, event], NOON)
        await open_journeys(tx, Outbox("tracking"), [event], NOON + timedelta(days=1))

        assert len(await told.events(tx)) == 1
        assert await tx.fetchval("select count(*) from scan") == 1


async def test_scans_that_came_first_open_an_unregistered_journey_and_are_joined(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        await append_scans(tx, Outbox("tracking"), [scan(EventCode.EMG, minutes=5, office="TK02")], NOON)
        before = await journey_row(tx)
        await open_journeys(tx, Outbox("tracking"), [registered()], NOON)
        after = await journey_row(tx)

        events = await told.events(tx)
    assert (before["registered"], after["registered"]) == (False, True)
    assert (after["state"], after["service"], after["opened_at"]) == ("arrived", "ems", NOON)
    assert [(event.version, event.state) for event in events] == [
        (1, CustomerState.ARRIVED),
        (2, CustomerState.ARRIVED),
    ]
    assert [event.first_time_in_state for event in events] == [True, False]


async def test_scans_that_come_again_behind_a_registration_are_told_no_more(tracking_db: Database) -> None:
    seen = scan(EventCode.EMG, minutes=5, office="TK02")
    async with tracking_db.transaction() as tx:
        await append_scans(tx, Outbox("tracking"), [seen], NOON)
        await open_journeys(tx, Outbox("tracking"), [registered()], NOON)
        await append_scans(tx, Outbox("tracking"), [seen], NOON)

        assert len(await told.events(tx)) == 2
