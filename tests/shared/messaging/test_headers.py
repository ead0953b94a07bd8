"""Whatever the name of a header is, each record of a fetch is handed out once, in its order, by both parsers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords as ByAiokafka
from aiokafka.record.memory_records import _MemoryRecordsPy

from shared.messaging import headers
from tests.support.any_header_name import Headers, batch_of

GZIP = 1
BAD, KHMER = "ty\udcff", "ប្រភេទ"
Parser = Callable[[bytes], Any]


class InPython(headers._Fetched):
    """As aiokafka reads where it was installed without its parser in C."""

    def __init__(self, fetched: bytes) -> None:
        super().__init__(fetched)
        self._slices = _MemoryRecordsPy(fetched)

    def next_batch(self) -> Any:
        super().next_batch()
        raw = self._slices._next_slice
        self._slices.next_batch()
        return _DefaultRecordBatchPy(raw)


PARSERS: dict[str, Parser] = {"C": headers._Fetched, "Python": InPython}


def fetched(*batches: bytearray) -> bytes:
    return b"".join(map(bytes, batches))


def read(of: type, records: Any, begin_at: int = 0) -> Iterator[Any]:
    partition = TopicPartition("letters", 0)
    return iter(of(partition, records, None, begin_at, None, None, True, "read_uncommitted"))


def named(*names: str) -> list[Headers]:
    return [[(name, b"1"), ("id", b"7")] for name in names]


def test_aiokafka_alone_stops_before_such_a_name() -> None:
    records = read(headers._Partition.__mro__[1], ByAiokafka(fetched(batch_of(named("type", BAD, "type")))))
    assert next(records).offset == 0
    with pytest.raises(UnicodeDecodeError):
        next(records)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("compression", [0, GZIP])
@pytest.mark.parametrize("begin_at", [0, 1])
def test_each_record_is_handed_out_once_whatever_names_are_around_it(
    parser: str, compression: int, begin_at: int
) -> None:
    names = [["type", KHMER], ["type", BAD, "\udcfe", "type"], ["type"], [BAD]]
    batches = [batch_of(named(*some), at, compression) for some, at in zip(names, [0, 2, 6, 7], strict=True)]
    found = list(read(headers._Partition, PARSERS[parser](fetched(*batches)), begin_at))

    assert [one.offset for one in found] == list(range(begin_at, 8))
    assert [one.value for one in found] == [b"%d" % number for number in range(begin_at, 8)]
    assert {one.key for one in found} == {b"key"}
    told = ["type", KHMER, "type", r"ty\xff", r"\xfe", "type", "type", r"ty\xff"]
    assert [one.headers for one in found] == [((name, b"1"), ("id", b"7")) for name in told[begin_at:]]


@pytest.mark.parametrize("parser", PARSERS)
def test_what_is_corrupt_otherwise_stays_an_error(parser: str) -> None:
    batch = batch_of(named("type"))
    batch[-1] ^= 1
    with pytest.raises(CorruptRecordException):
        list(read(headers._Partition, PARSERS[parser](fetched(batch_of(named("type")), batch))))


def test_consumers_use_it_once_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MemoryRecords", "PartitionRecords"):
        monkeypatch.setattr(fetcher, name, getattr(fetcher, name))
    headers.read_any_name()
    records = fetcher.MemoryRecords(fetched(batch_of(named(BAD))))
    (one,) = read(fetcher.PartitionRecords, records)
    assert dict(one.headers) == {r"ty\xff": b"1", "id": b"7"}
