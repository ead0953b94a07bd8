"""What chance breaks is broken for whoever reads it, and one seed breaks it alike."""

import random
from collections.abc import Iterable

import pytest

from shared.messaging.decode import Arrived, Broken, Decoder
from shared.sealing import KeyRing
from tests.contracts.events import GOLDEN
from tests.faults.injectors.mutations import CHANGES, mutated
from tests.faults.injectors.poison import PutAsideBy, Sample
from tests.faults.injectors.poison_by_chance import KNOWN, broken
from tests.faults.injectors.topics_by_hand import Written

RING = KeyRing("k1", {"k1": b"1" * 32})
EVERYBODY, STRANGER = Decoder(KNOWN.values(), RING), Decoder([], RING)
TIMES = 300


class Stands:
    """A record as a consumer is given it."""

    def __init__(self, written: Written) -> None:
        self.topic, self.key, self.value = written.topic, written.key, written.value
        self.headers: Iterable[tuple[str, bytes | None]] = written.headers
        self.partition = self.offset = 0


def _good(name: str) -> Written:
    return Sample(KNOWN[name].model_validate_json((GOLDEN / f"{name}.json").read_bytes()), RING).good()


@pytest.mark.parametrize("name", KNOWN)
def test_what_chance_breaks_is_put_aside_by_whom_it_says(name: str) -> None:
    good, chance, ways = _good(name), random.Random(name), set()
    assert isinstance(EVERYBODY.read(Stands(good)), Arrived)
    for _ in range(TIMES):
        record, who = broken(chance, good, RING)
        ways.add(who)
        assert isinstance(EVERYBODY.read(Stands(record)), Broken), record
        assert isinstance(STRANGER.read(Stands(record)), Broken) == (who is PutAsideBy.EVERY_READER), record
    assert ways == {PutAsideBy.EVERY_READER, PutAsideBy.WHO_KNOWS_ITS_TYPE}


def test_a_record_of_a_type_that_nobody_applies_is_damaged_too() -> None:
    good = Written("t", b"k", b"v", [("type", b"another.fact.v1"), ("id", b"1"), ("checksum", b"0")])
    record, who = broken(random.Random(1), good, RING)
    assert record != good
    assert who is PutAsideBy.EVERY_READER


@pytest.mark.parametrize("raw", [b"", b"x", b"one event of many bytes"])
def test_bytes_that_are_changed_are_others_and_the_same_for_one_seed(raw: bytes) -> None:
    changed = [mutated(random.Random(seed), raw) for seed in range(200)]
    assert raw not in changed
    assert changed == [mutated(random.Random(seed), raw) for seed in range(200)]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_each_way_changes_something(change: object) -> None:
    raw = bytes(range(100))
    assert any(change(random.Random(seed), raw) != raw for seed in range(20))  # type: ignore[operator]
