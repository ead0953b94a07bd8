"""Blocks leased to devices: refilled at half, given once, shared by nobody, out of the ranges that all others use."""

import asyncio
from itertools import pairwise

import pytest

from services.parcel.numbers.domain.device_blocks import BLOCK_SIZE, MOST_UNSEEN, REFILLED_AT
from services.parcel.numbers.use_cases.must_be_of_device import must_be_of_device
from shared.db.connection import Database
from shared.errors import Invalid
from shared.s10 import ItemNumber
from tests.parcel.bodies import parcel_body
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.devices.counter_device import enrolled

REFILLS = 100


async def test_a_block_is_leased_to_one_device(counter: Counter, parcel_db: Database) -> None:
    device, other = await enrolled(counter), await enrolled(counter)

    block = (await device.lease()).json()

    assert block["last_serial"] - block["first_serial"] + 1 == BLOCK_SIZE
    number = ItemNumber.parse(block["first_number"])
    assert (number.indicator, number.serial) == ("PD", block["first_serial"])
    async with parcel_db.connection() as connection:
        await must_be_of_device(connection, device.device_id, ItemNumber.parse(block["last_number"]))
        for device_id, text in ((other.device_id, block["first_number"]), (device.device_id, "PD999999990KH")):
            with pytest.raises(Invalid):
                await must_be_of_device(connection, device_id, ItemNumber("PD", int(text[2:10]), "KH"))


async def test_a_device_gets_another_block_when_half_is_used(counter: Counter) -> None:
    device = await enrolled(counter)

    assert refusal(await device.lease(unused=REFILLED_AT + 1)) == (409, "numbers-enough")
    assert (await device.lease(unused=REFILLED_AT)).status_code == 201


async def test_the_same_key_gets_the_same_block(counter: Counter) -> None:
    device, other = await enrolled(counter), await enrolled(counter)

    answers = await asyncio.gather(*(device.lease(key="k1") for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (await other.lease(key="k1")).content != answers[0].content
    assert refusal(await device.lease(unused=1, key="k1")) == (422, "idempotency-key-reused")


async def test_hundreds_of_refills_of_two_devices_beside_a_counter_share_no_number(
    counter: Counter, parcel_db: Database
) -> None:
    devices = [await enrolled(counter), await enrolled(counter)]

    async def refill(number: int) -> None:
        answer = await devices[number % 2].lease(indicator=("PD", "EE", "CP", "RR")[number // 2 % 4])
        assert answer.status_code == 201, answer.text

    async def register() -> None:
        assert (await counter.register(parcel_body())).status_code == 201

    for first in range(0, REFILLS * 2, 20):
        await asyncio.gather(*(refill(number) for number in range(first, first + 20)), register())
        async with parcel_db.connection() as connection:
            # Longer ago than anything is counted from, so that the bound of one device ends no run.
            await connection.execute("update number_block set reserved_at = reserved_at - interval '31 days'")

    async with parcel_db.connection() as connection:
        blocks = await connection.fetch(
            "select indicator, first_serial, last_serial, device_id from number_block order by indicator, first_serial"
        )
        numbers = await connection.fetch("select item_number from parcel")
    leased = [block for block in blocks if block["device_id"]]
    assert len(leased) == REFILLS * 2
    assert {block["device_id"] for block in leased} == {device.device_id for device in devices}
    for before, after in pairwise(blocks):
        assert before["indicator"] != after["indicator"] or before["last_serial"] < after["first_serial"]
    for text in numbers:
        serial = ItemNumber.parse(text["item_number"]).serial
        assert not any(
            block["indicator"] == "PD" and block["first_serial"] <= serial <= block["last_serial"] for block in leased
        )


async def test_a_device_that_sends_nothing_gets_no_more_than_four_blocks(counter: Counter) -> None:
    device = await enrolled(counter)
    answers = await asyncio.gather(*(device.lease() for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] * (MOST_UNSEEN // BLOCK_SIZE) + [409, 409]
    assert {refusal(one)[1] for one in answers if one.status_code == 409} == {"too-many-numbers-unseen"}
    assert (await device.lease(indicator="EE")).status_code == 201


async def test_a_leased_block_is_no_supply_of_the_office(counter: Counter) -> None:
    device = await enrolled(counter)
    block = (await device.lease()).json()

    number = ItemNumber.parse(await counter.registered())

    assert not block["first_serial"] <= number.serial <= block["last_serial"]


async def test_letters_that_nobody_granted_give_no_block(counter: Counter) -> None:
    device = await enrolled(counter)

    assert refusal(await device.lease(indicator="QA")) == (409, "numbers-exhausted")
    assert problems(await device.lease(indicator="pd")) == [("indicator", "string-pattern-mismatch")]
