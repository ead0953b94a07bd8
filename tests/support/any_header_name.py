"""Records with header names that are no UTF-8, which no client of ours would write.

In such a name the byte 0xff is the character U+DCFF, as Python writes bytes that are no text.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

LARGEST_BYTES = 1_000_000

Headers = Iterable[tuple[str, bytes | None]]


class _Name(str):
    __slots__ = ()

    def encode(self, encoding: str = "utf-8", _errors: str = "") -> bytes:
        return super().encode(encoding, "surrogateescape")


def is_needed(headers: Headers) -> bool:
    """Tell whether the client would refuse one of these names."""
    return any(not name.isascii() for name, _ in headers)


async def send(
    producer: AIOKafkaProducer, topic: str, partition: int, key: bytes | None, value: bytes | None, headers: Headers
) -> Any:
    """Send one record; returns what the broker will answer."""
    batch = producer.create_batch()
    batch._builder = _builder()
    batch.append(timestamp=None, key=key, value=value, headers=_names(headers))
    return await producer.send_batch(batch, topic, partition=partition)


def batch_of(records: Sequence[Headers], first_offset: int = 0, compression: int = 0) -> bytearray:
    """Return a batch as it stands in a topic, each record with a value and these headers."""
    builder = _builder(compression)
    for offset, headers in enumerate(records):
        builder.append(offset, 1_000, key=b"key", value=b"%d" % (first_offset + offset), headers=_names(headers))
    batch: bytearray = builder.build()
    # The broker writes it there, outside of what the checksum covers.
    batch[:8] = first_offset.to_bytes(8, "big")
    return batch


def _names(headers: Headers) -> list[tuple[str, bytes | None]]:
    return [(_Name(name), value) for name, value in headers]


def _builder(compression: int = 0) -> Any:
    return _DefaultRecordBatchBuilderPy(
        magic=2,
        compression_type=compression,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=0,
        batch_size=LARGEST_BYTES,
    )
