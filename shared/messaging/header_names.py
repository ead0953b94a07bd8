r"""Header names that are no UTF-8: aiokafka would stand still before the first of them for ever; here it reads on.

It decodes each name strictly, in C as in Python, before any code of ours sees the record, and no setting tells it
otherwise. The error ends FastStream's task, and whoever has the partition next fetches the same records again. So what
cannot be read is read once more, by its own parser in Python, with such bytes as `\xff` in the name: then the record is
judged like any other, and put aside where it lacks what it needs.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy


def read_any() -> None:
    """Have every consumer that this process opens from now on read any header name."""
    fetcher.MemoryRecords, fetcher.PartitionRecords = _Fetched, _Partition


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
