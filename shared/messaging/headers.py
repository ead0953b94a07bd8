r"""Headers whose names or values are no UTF-8: aiokafka and FastStream stumble over them; here they are read.

aiokafka decodes each name strictly, in C as in Python, before any code of ours sees the record, and no setting tells it
otherwise: it would stand still before the first such record for ever. The error ends FastStream's task, and whoever has
the partition next fetches the same records again. So what cannot be read is read once more, by its own parser in
Python, with such bytes as `\xff` in the name: then the record is judged like any other, and put aside where it lacks
what it needs. FastStream decodes values, and would drop a batch where one is null or no text.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy


def read_any_name() -> None:
    """Have every consumer that this process opens from now on read any header name."""
    fetcher.MemoryRecords, fetcher.PartitionRecords = _Fetched, _Partition


async def read_first(message: Any, original: Any) -> Any:
    """Let FastStream read the first record of a batch alone; the consumer reads them all, from the raw ones."""
    if not isinstance(message, tuple):
        return await original(_clean(message))
    parsed = await original((_clean(message[0]),))
    parsed.raw_message = message
    return parsed


def _clean(record: Any) -> Any:
    if _readable(record.headers):
        return record
    cleaned = [(name, (value or b"").decode("utf-8", "backslashreplace").encode()) for name, value in record.headers]
    return dataclasses.replace(record, headers=tuple(cleaned))


def _readable(headers: Iterable[tuple[str, bytes | None]]) -> bool:
    try:
        return all(value is not None and value.decode() is not None for _, value in headers)
    except UnicodeDecodeError:
        return False


class _Fetched(MemoryRecords):  # type: ignore[misc]  # aiokafka is untyped
    """Batches as they were fetched, which can be read again from the one that was opened last."""

    def __init__(self, fetched: bytes) -> None:
        super().__init__(fetched)
        self.fetched, self.opened = fetched, 0

    def next_batch(self) -> Any:
        self.opened += 1
        return super().next_batch()


class _Partition(fetcher.PartitionRecords):  # type: ignore[misc]  # aiokafka is untyped
    """Records of one fetch; which of them were handed out already, its parent knows by the next offset."""

    _records: Any

    def _unpack_records(self) -> Iterator[Any]:
        try:
            yield from super()._unpack_records()
        except (UnicodeDecodeError, CorruptRecordException):
            # The parser in Python calls both by the second name; what is really corrupt is so a second time.
            self._records = _ReadAgain(self._records)
            yield from super()._unpack_records()


class _ReadAgain(_MemoryRecordsPy):  # type: ignore[misc]  # aiokafka is untyped
    """The same batches, from the one that could not be read on; those before would be handed out twice."""

    def __init__(self, records: _Fetched) -> None:
        super().__init__(records.fetched)
        for _ in range(records.opened - 1):
            super().next_batch()

    def next_batch(self) -> Any:
        raw, batch = self._next_slice, super().next_batch()
        return _Batch(raw) if isinstance(batch, DefaultRecordBatch) else batch


class _Batch(_DefaultRecordBatchPy):  # type: ignore[misc]  # aiokafka is untyped
    _buffer: bytearray

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Bytes(self._buffer)


class _Bytes(bytearray):
    """Bytes of which each part can be read as text."""

    def __getitem__(self, at: Any) -> Any:
        found: Any = super().__getitem__(at)
        return _Bytes(found) if isinstance(at, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)
