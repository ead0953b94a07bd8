"""The bundle of an office: signed, in parts, given again only where something changed, and with nobody too many."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from services.parcel.customs.domain.inbound import Charges, Payment
from services.parcel.customs.store import inbound_items
from services.parcel.customs.store.inbound_items import InboundMovement
from services.parcel.devices.domain.bundle import MOST_ROWS, Part
from services.parcel.posting.store import parcels
from services.parcel.posting.store.parcels import Movement
from shared.access import directory, signed
from shared.access.roles import Role
from shared.access.signed import NotSigned
from shared.access.tokens import SigningKey, new_signing_key_pem
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.access.signed_in import office_entry
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, SENDER, THIRD, person
from tests.parcel.counter import Counter
from tests.parcel.customs.inbound import ITEM
from tests.parcel.devices.bundles import got, read
from tests.parcel.devices.counter_device import CounterDevice, enrolled
from tests.parcel.people.shop import opened

LARGEST_BYTES = 1_500_000


@pytest.fixture
async def device(counter: Counter) -> CounterDevice:
    return await enrolled(counter)


async def moved(database: Database, number: str, state: CustomerState, office: str | None, version: int = 1) -> None:
    async with database.transaction() as tx:
        await parcels.follow(tx, [Movement(number, 1, version, state, office)])


async def sent_home(counter: Counter, **values: Any) -> str:
    """Register a parcel of another office that waits at the home office; returns its number."""
    body = {"office": AWAY, "collecting_office": HOME, "weight_g": 1_200, "fits_limits": True} | {
        "sender": person(name=SENDER, phone="012 345 678"),
        "recipient": person(),
    }
    answer = await counter.register(body | values, by=AWAY)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["item_number"])


async def test_a_bundle_is_signed_and_holds_what_a_counter_works_by(counter: Counter, device: CounterDevice) -> None:
    bundle = await got(device, counter.key)

    assert set(bundle.parts) == set(bundle.manifest["parts"]) == set(Part)
    assert (bundle.manifest["office"], bundle.manifest["format"]) == (HOME, 1)
    assert all(part["is_whole"] for part in bundle.manifest["parts"].values())
    assert {one["version"] for one in bundle.parts["tariffs"]} == {"2026-07-sample"}
    assert [office["office"] for office in bundle.parts["offices"]] == [HOME, AWAY, THIRD]
    assert bundle.parts["routes"]["zones"][AWAY] == "same_district"
    assert any(one["id"] == "krama-silk" for one in bundle.parts["goods"])
    assert set(bundle.parts["rules"]) == {"currencies", "demands", "forbidden_goods", "vague_words"}


async def test_a_bundle_that_was_changed_on_the_way_is_seen(counter: Counter, device: CounterDevice) -> None:
    written = (await device.get("/bundle")).json()["bundle"]
    header, payload, mark = written.split(".")
    changed = payload[:-4] + ("AAAA" if payload[-4:] != "AAAA" else "BBBB")
    key = counter.key.private_key.public_key()

    for word in (f"{header}.{changed}.{mark}", f"{header}.{payload}.{'A' * 86}"):
        with pytest.raises(NotSigned):
            signed.must_be_signed(word, key)
    with pytest.raises(NotSigned):
        signed.must_be_signed(written, SigningKey.read(new_signing_key_pem()).private_key.public_key())


async def test_the_same_bundle_is_not_given_again(counter: Counter, device: CounterDevice) -> None:
    answer = await device.get("/bundle")
    tag = answer.headers["etag"]

    again = await device.get("/bundle", **{"If-None-Match": f'"other", W/{tag}'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert tag == f'"{read(answer, counter.key).manifest["bundle_id"]}"'
    assert answer.headers["cache-control"] == "no-store"


async def test_two_devices_of_an_office_get_one_bundle(counter: Counter, device: CounterDevice) -> None:
    devices = [device, await enrolled(counter)]
    bundles = await asyncio.gather(*(got(one, counter.key) for one in devices * 3))

    assert len({bundle.manifest["bundle_id"] for bundle in bundles}) == 1
    assert (await got(await enrolled(counter, AWAY), counter.key)).manifest["bundle_id"] not in {
        bundle.manifest["bundle_id"] for bundle in bundles
    }


async def test_only_what_changed_is_sent(counter: Counter, device: CounterDevice, parcel_db: Database) -> None:
    first = await got(device, counter.key)
    number = await sent_home(counter)
    await moved(parcel_db, number, CustomerState.IN_TRANSIT, None)

    held = "&".join(f"held={digest}" for digest in first.digests.values())
    second = await got(device, counter.key, f"?{held}")

    assert set(second.parts) == {"expected"}
    assert [one["item_number"] for one in second.parts["expected"]] == [number]
    assert second.manifest["bundle_id"] != first.manifest["bundle_id"]


async def test_a_new_rate_makes_a_new_bundle(counter: Counter, device: CounterDevice) -> None:
    first = await got(device, counter.key)
    headers = counter.signed_in(Role.ADMINISTRATOR)
    today = first.manifest["made_at"][:10]
    await counter.client.put(f"/exchange-rates/{today}", json={"riel_per_usd": 4_050}, headers=headers)

    second = await got(device, counter.key)

    changed = {name for name, digest in second.digests.items() if first.digests[name] != digest}
    assert changed == {"rates"}
    assert [one["riel_per_usd"] for one in second.parts["rates"]] == [4_050]


@pytest.mark.parametrize(
    ("state", "office", "where"),
    [
        (CustomerState.READY_FOR_COLLECTION, HOME, "shelf"),
        (CustomerState.ARRIVED, HOME, "shelf"),
        (CustomerState.ATTEMPT_FAILED, HOME, "shelf"),
        (CustomerState.ARRIVED, THIRD, "expected"),
        (CustomerState.IN_TRANSIT, HOME, "expected"),
        (CustomerState.IN_TRANSIT, None, "expected"),
        (CustomerState.DELIVERED, HOME, None),
        (CustomerState.RETURNING, HOME, None),
        (CustomerState.LOST, None, None),
    ],
)
async def test_a_parcel_is_on_the_shelf_or_expected_or_nowhere(
    counter: Counter,
    device: CounterDevice,
    parcel_db: Database,
    state: CustomerState,
    office: str | None,
    where: str | None,
) -> None:
    number = await sent_home(counter)
    await moved(parcel_db, number, state, office)
    bundle = await got(device, counter.key)

    found = [name for name in ("shelf", "expected") if number in str(bundle.parts[name])]
    assert found == ([where] if where else [])


async def test_who_waits_is_named_by_no_more_than_name_and_end_of_phone(
    counter: Counter, device: CounterDevice, parcel_db: Database
) -> None:
    number = await sent_home(counter, cod={"amount_minor": 52_000, "currency": "KHR"}, payer="recipient")
    await moved(parcel_db, number, CustomerState.READY_FOR_COLLECTION, HOME)
    answer = await device.get("/bundle")
    (waiting,) = read(answer, counter.key).parts["shelf"]

    assert (waiting["name"], waiting["phone_end"]) == (RECIPIENT, "4567")
    due = {one["due_for"]: one["amount"] for one in waiting["due"]}
    assert due["cod"] == {"amount_minor": 52_000, "currency": "KHR"}
    assert due["postage"]["amount_minor"] > 0
    assert "1234567" not in answer.text
    assert SENDER not in answer.text


async def test_what_came_back_waits_for_its_sender(
    counter: Counter, device: CounterDevice, parcel_db: Database
) -> None:
    number = await counter.registered()
    await moved(parcel_db, number, CustomerState.RETURNING, HOME)
    (waiting,) = (await got(device, counter.key)).parts["shelf"]

    assert (waiting["item_number"], waiting["name"], waiting["phone_end"], waiting["due"]) == (
        number,
        SENDER,
        "5678",
        [],
    )


async def test_an_item_from_abroad_waits_with_its_charges(
    counter: Counter, device: CounterDevice, parcel_db: Database
) -> None:
    item = replace(ITEM, collecting_office=HOME)
    async with parcel_db.transaction() as tx:
        await inbound_items.add(tx, item)
        await inbound_items.change(tx, replace(item, charges=Charges(12_000, (), "KHR"), payment=Payment.DUE))
        await inbound_items.follow(
            tx, [InboundMovement(item.item_number, 1, 1, CustomerState.READY_FOR_COLLECTION, HOME)]
        )
    (waiting,) = (await got(device, counter.key)).parts["shelf"]

    assert (waiting["item_number"], waiting["name"]) == (item.item_number, item.addressee.name)
    assert waiting["due"] == [{"due_for": "charges", "amount": {"amount_minor": 12_000, "currency": "KHR"}}]


async def test_people_who_are_forgotten_are_on_no_shelf(
    counter: Counter, device: CounterDevice, parcel_db: Database
) -> None:
    number = await sent_home(counter)
    await moved(parcel_db, number, CustomerState.READY_FOR_COLLECTION, HOME)
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set erased_at = now()")

    assert (await got(device, counter.key)).parts["shelf"] == []


async def test_customers_are_the_shops_of_the_office_by_name_alone(counter: Counter, device: CounterDevice) -> None:
    shop = (await opened(counter)).json()
    answer = await device.get("/bundle")
    (customer,) = read(answer, counter.key).parts["customers"]

    assert customer == {"trader": shop["trader_id"], "shop_name": shop["shop_name"]}
    assert shop["members"][0]["name"] not in answer.text


async def test_each_look_at_the_shelf_is_on_record(
    counter: Counter, device: CounterDevice, parcel_db: Database
) -> None:
    number = await sent_home(counter)
    await moved(parcel_db, number, CustomerState.READY_FOR_COLLECTION, HOME)
    bundle = await got(device, counter.key)
    await got(device, counter.key, f"?held={bundle.digests['shelf']}")
    await device.get("/bundle", **{"If-None-Match": f'"{bundle.manifest["bundle_id"]}"'})

    reads = (await counter.get(f"/parcels/{number}/reads", Role.AUDITOR)).json()
    assert [(one["actor"], one["what"]) for one in reads] == [(str(device.device_id), "bundle")]


async def test_parts_that_prices_rest_on_are_kept_once_and_no_people_at_all(
    counter: Counter, device: CounterDevice, parcel_db: Database
) -> None:
    number = await sent_home(counter)
    away = await enrolled(counter, AWAY)
    for version, state in enumerate((CustomerState.IN_TRANSIT, CustomerState.READY_FOR_COLLECTION), start=1):
        await moved(parcel_db, number, state, HOME, version)
        for one in (device, away):
            await got(one, counter.key)

    async with parcel_db.connection() as connection:
        bundles = await connection.fetchval("select count(*) from bundle")
        bodies = [row["body"] for row in await connection.fetch("select body from bundle_part")]
        manifests = await connection.fetchval("select max(length(manifest::text)) from bundle")
    assert bundles == 3
    assert len(bodies) == 7
    assert not any(RECIPIENT in body or "4567" in body for body in bodies)
    assert manifests < 3_000


async def test_a_bundle_of_the_whole_country_stays_within_its_bound(
    app: FastAPI, counter: Counter, device: CounterDevice, parcel_db: Database
) -> None:
    service = app.state.service
    async with parcel_db.transaction() as tx:
        offices = [office_entry(f"XX{number:04}") for number in range(555)]
        full = [one.model_copy(update={"name_km": "ប្រៃសណីយ៍ស្រុកទ្រាំង", "name_en": "Treang post office"}) for one in offices]
        await directory.keep(tx, full)
    await service.directory.refresh(parcel_db)
    number = await sent_home(counter)
    await moved(parcel_db, number, CustomerState.READY_FOR_COLLECTION, HOME)
    async with parcel_db.connection() as connection:
        columns = await connection.fetchval(
            "select string_agg(attname, ', ') from pg_attribute where attrelid = 'parcel'::regclass and attnum > 0"
            " and not attisdropped and attname <> 'item_number' and attgenerated = ''"
        )
        await connection.execute(
            f"insert into parcel (item_number, {columns})"
            f" select 'PD' || n || '0KH', {columns} from parcel, generate_series(10000000, 10000000 + {MOST_ROWS}) as n"
        )

    answer = await device.get("/bundle")
    bundle = read(answer, counter.key)

    assert len(bundle.parts["shelf"]) == MOST_ROWS
    assert not bundle.manifest["parts"]["shelf"]["is_whole"]
    assert len(bundle.parts["offices"]) == 558
    assert len(answer.content) < LARGEST_BYTES
