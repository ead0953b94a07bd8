"""What a counter registered without a line: the same parcel, number, price and events as with one, each once."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from onebox.counter.asking import Line
from onebox.counter.registering import Desk
from onebox.counter.syncing import sync
from services.parcel.devices.use_cases.erase_set_aside_records import erase_set_aside_records
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.contracts.parcel import ParcelContactsV1, ParcelRegisteredV1
from shared.db.connection import Database
from shared.errors import Invalid
from shared.s10 import ItemNumber
from tests.parcel.bodies import AWAY
from tests.parcel.counter import Counter
from tests.parcel.devices.desks import desk, form, noted, send, waiting

EARLIER = timedelta(minutes=2)
COLUMNS = "office, service, destination_country, collecting_office, weight_g, sender, recipient, postage, fits_limits"


@pytest.fixture
async def line(app: FastAPI, counter: Counter, parcel_db: Database, tmp_path: Path) -> AsyncIterator[Line]:
    made = await desk(app, counter, parcel_db, tmp_path)
    yield made
    made.device.store.close()


async def rows(database: Database, statement: str, *values: object) -> list[Any]:
    async with database.connection() as connection:
        return await connection.fetch(statement, *values)


def errors(answer: dict[str, Any]) -> list[tuple[str, str]]:
    assert answer["outcome"] == "set_aside", answer
    return [(one["field"], one["code"]) for one in answer["problem"]["errors"]]


def further(number: str) -> str:
    """Return a number of the same block that was not taken yet."""
    read = ItemNumber.parse(number)
    return str(replace(read, serial=read.serial + 900))


async def test_it_becomes_what_an_online_registration_becomes(
    counter: Counter, line: Line, parcel_db: Database
) -> None:
    online = await counter.registered()
    device = replace(line.device, clock=lambda: now() + timedelta(days=2) - EARLIER)
    device.store.keep("drift", str(2 * 86_400_000).encode())
    made = Desk(device).register(form())

    assert await sync(line, "parcel") == {"applied": 1}

    kept = {
        row["item_number"]: row
        for row in await rows(parcel_db, f"select item_number, registered_at, registered_by, {COLUMNS} from parcel")
    }
    ours, theirs = kept[made.item_number], kept[online]
    assert [ours[name] for name in COLUMNS.split(", ")] == [theirs[name] for name in COLUMNS.split(", ")]
    assert abs(ours["registered_at"] - (now() - EARLIER)) < timedelta(minutes=1)
    assert ours["registered_by"] == made.record.staff
    told = await rows(parcel_db, "select type, payload from outbox where key = $1 order by id", made.item_number)
    assert [row["type"] for row in told] == [ParcelRegisteredV1.type, ParcelContactsV1.type]
    event = json.loads(told[0]["payload"])
    assert datetime.fromisoformat(event["registered_at"]) == ours["registered_at"]
    (received,) = await rows(parcel_db, "select received_at, recorded_at, result from synced_record")
    assert abs(received["received_at"] - now()) < timedelta(minutes=1)
    assert received["result"]["item_number"] == made.item_number
    shown = (await counter.get(f"/parcels/{made.item_number}")).json()
    (answer,) = await rows(parcel_db, "select answer from request where item_number = $1", made.item_number)
    assert json.loads(answer["answer"]) == shown


async def test_sent_again_or_twice_at_once_it_changes_nothing(line: Line, parcel_db: Database) -> None:
    for _ in range(5):
        Desk(line.device).register(form())
    records = waiting(line)

    first, twin = await asyncio.gather(send(line, records), send(line, records))
    again = await send(line, records)

    assert {one["outcome"] for one in again} == {"known"}
    assert sorted(one["outcome"] for one in (*first, *twin)) == ["applied"] * 5 + ["known"] * 5
    assert [one["result"] for one in first] == [one["result"] for one in twin] == [one["result"] for one in again]
    events = "select count(*) from outbox where topic = 'parcel.events'"
    ((parcels, told),) = await rows(parcel_db, f"select (select count(*) from parcel), ({events})")
    assert (parcels, told) == (5, 5)


async def test_one_that_is_wrong_is_set_aside_and_the_rest_pass(line: Line, parcel_db: Database) -> None:
    made = Desk(line.device).register(form())
    body = {**form(), "item_number": made.item_number, "total_riel": made.total_riel}
    noted(line, body)
    noted(line, body | {"item_number": str(ItemNumber("PD", 19_000_000, "KH"))})
    noted(line, body | {"item_number": "nothing"})
    noted(line, body | {"collecting_office": "XX99Z", "item_number": further(made.item_number)})
    noted(line, body | {"total_riel": made.total_riel - 1, "item_number": further(made.item_number)})
    noted(line, body | {"office": AWAY})
    noted(line, {"weight_g": "heavy"})
    noted(line, body | {"item_number": further(made.item_number)}, "no-bundle")
    noted(line, body | {"item_number": further(made.item_number)}, "019ab5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b")
    last = Desk(line.device).register(form())

    answers = await send(line, waiting(line))

    assert [one["outcome"] for one in answers] == ["applied", *["set_aside"] * 9, "applied"]
    assert errors(answers[1]) == [("item_number", "number-used")]
    assert errors(answers[2]) == [("item_number", "not-of-this-device")]
    assert [field for field, _ in errors(answers[3])] == ["item_number"]
    assert errors(answers[4]) == [("collecting_office", "unknown-office")]
    assert errors(answers[5]) == [("total_riel", "price-differs")]
    assert errors(answers[6]) == [("office", "of-the-record")]
    assert ("item_number", "missing") in errors(answers[7])
    assert [one["problem"]["code"] for one in answers[8:10]] == ["bundle-missing", "bundle-not-found"]
    numbers = [row[0] for row in await rows(parcel_db, "select item_number from parcel order by 1")]
    assert numbers == sorted([made.item_number, last.item_number])


async def test_what_was_set_aside_may_be_registered_anew_with_the_number_on_its_label(
    line: Line, parcel_db: Database
) -> None:
    made = Desk(line.device).register(form())
    records = waiting(line)
    line.device.store._file.execute("delete from record")
    noted(line, {**form(), "item_number": made.item_number, "total_riel": made.total_riel + 100})
    noted(line, {**form(), "item_number": made.item_number, "total_riel": made.total_riel})
    assert len(records) == 1

    answers = await send(line, waiting(line))

    assert [one["outcome"] for one in answers] == ["set_aside", "applied"]
    assert [row[0] for row in await rows(parcel_db, "select item_number from parcel")] == [made.item_number]


async def test_numbers_of_another_device_are_refused(
    app: FastAPI, counter: Counter, line: Line, parcel_db: Database, tmp_path: Path
) -> None:
    other = await desk(app, counter, parcel_db, tmp_path)
    theirs = Desk(other.device).register(form())
    noted(line, {**form(), "item_number": theirs.item_number, "total_riel": theirs.total_riel})

    (answer,) = await send(line, waiting(line))

    assert errors(answer) == [("item_number", "not-of-this-device")]
    assert await sync(other, "parcel") == {"applied": 1}
    other.device.store.close()


async def test_a_price_holds_that_was_right_when_it_was_given(counter: Counter, line: Line) -> None:
    cod = {"payer": "sender", "cod": {"amount_minor": 2_500, "currency": "USD"}}
    path, headers = f"/exchange-rates/{now().astimezone(LOCAL).date()}", counter.signed_in(Role.ADMINISTRATOR)
    with pytest.raises(Invalid):
        Desk(line.device).register(form(**cod))
    made = Desk(line.device).register(form())
    assert (await counter.client.put(path, json={"riel_per_usd": 4_321}, headers=headers)).is_success

    (answer,) = await send(line, waiting(line))

    assert answer["outcome"] == "applied"
    assert answer["result"]["total_riel"] == made.total_riel


async def test_what_was_done_after_a_session_ended_counts_and_is_flagged(line: Line, parcel_db: Database) -> None:
    Desk(line.device).register(form())
    async with parcel_db.connection() as connection:
        await connection.execute("update session set ended_at = now() where device_id is not null")
    Desk(line.device).register(form())

    answers = await send(line, waiting(line))

    assert [(one["outcome"], one["flags"]) for one in answers] == [("applied", []), ("applied", ["session-ended"])]


async def test_what_one_did_who_was_disabled_since_counts_and_is_flagged(counter: Counter, line: Line) -> None:
    made = Desk(line.device).register(form())
    path, headers = f"/staff/{made.record.staff}/disabled", counter.signed_in(Role.ADMINISTRATOR)
    assert (await counter.client.put(path, headers=headers)).status_code == 204

    (answer,) = await send(line, waiting(line))

    assert (answer["outcome"], answer["flags"]) == ("applied", ["member-disabled"])


async def test_a_supervisor_sees_what_was_set_aside_first_and_that_they_looked_is_noted(
    counter: Counter, line: Line, parcel_db: Database
) -> None:
    noted(line, {"weight_g": 1})
    made = Desk(line.device).register(form())
    await sync(line, "parcel")
    path = f"/devices/{line.device.device_id}/records"

    page = (await counter.get(path, Role.SUPERVISOR)).json()["records"]
    elsewhere = await counter.get(path, Role.SUPERVISOR, AWAY)

    assert [(one["sequence"], one["set_aside"]) for one in page] == [(1, True), (2, False)]
    assert page[0]["written"]
    assert page[1]["result"]["item_number"] == made.item_number
    assert elsewhere.status_code == 404
    reads = await rows(parcel_db, "select what, subjects from personal_data_read where what = 'device records'")
    assert [row["subjects"] for row in reads] == [[line.device.device_id]]


async def test_the_bytes_of_what_was_set_aside_are_forgotten_as_people_are(line: Line, parcel_db: Database) -> None:
    noted(line, {"weight_g": 1})
    await sync(line, "parcel")
    async with parcel_db.transaction() as tx:
        assert await erase_set_aside_records(tx, timedelta(days=180), now() + timedelta(days=179)) == 0
        assert await erase_set_aside_records(tx, timedelta(days=180), now() + timedelta(days=181)) == 1
        assert await erase_set_aside_records(tx, timedelta(days=180), now() + timedelta(days=181)) == 0

    ((written, code),) = await rows(parcel_db, "select written, problem->>'code' from synced_record")
    assert (written, code) == (None, "registration-refused")


async def test_250_registrations_are_synced_within_ten_seconds(line: Line, parcel_db: Database) -> None:
    for _ in range(250):
        Desk(line.device).register(form())
    began = asyncio.get_running_loop().time()

    said = await sync(line, "parcel")

    took_s = asyncio.get_running_loop().time() - began
    assert said == {"applied": 250}
    assert took_s < 10
