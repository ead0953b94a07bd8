"""A topic read from its beginning: all that was there, nothing for a group to remember, and an end."""

import asyncio
from dataclasses import replace

import pytest
from aiokafka.errors import KafkaError

from shared.messaging import read_back as module
from shared.messaging.read_back import read_back
from tests.shared.messaging.kafka import write
from tests.shared.messaging.notes import notes_on, record


async def numbers_of(bootstrap: str, topic: str) -> list[list[bytes | None]]:
    async with asyncio.timeout(20):
        return [[one.key for one in records] async for records in read_back(bootstrap, topic)]


async def test_everything_is_read_in_portions_and_each_partition_in_its_order(
    kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_PORTION", 20)
    told = notes_on(topic)
    records = [replace(record(told(item=f"{place:03}", number=1)), partition=place % 3) for place in range(100)]
    await write(kafka_bootstrap, records)

    portions = await numbers_of(kafka_bootstrap, topic)

    read = [key for portion in portions for key in portion]
    assert max(map(len, portions)) <= 20
    for partition in range(3):
        kept = [one.key for one in records if one.partition == partition]
        assert [key for key in read if key in kept] == kept


async def test_a_header_name_that_is_no_text_does_not_keep_it_from_ending(kafka_bootstrap: str, topic: str) -> None:
    told = notes_on(topic)
    records = [record(told(item=item, number=1)) for item in ("A", "B", "C")]
    records[1] = replace(records[1], headers=(*records[1].headers, ("\udcff", b"x")))
    await write(kafka_bootstrap, records)
    assert [key for portion in await numbers_of(kafka_bootstrap, topic) for key in portion] == [b"A", b"B", b"C"]


async def test_an_empty_topic_ends_at_once(kafka_bootstrap: str, topic: str) -> None:
    assert await numbers_of(kafka_bootstrap, topic) == []


async def test_what_is_told_while_it_is_read_does_not_keep_it_from_ending(kafka_bootstrap: str, topic: str) -> None:
    told = notes_on(topic)
    await write(kafka_bootstrap, [record(told(item="first", number=1))])

    async with asyncio.timeout(20):
        async for _ in read_back(kafka_bootstrap, topic):
            await write(kafka_bootstrap, [record(told(item="later", number=1))])


async def test_a_broker_that_is_not_there_is_an_error(topic: str) -> None:
    with pytest.raises(KafkaError):
        await numbers_of("127.0.0.1:1", topic)
