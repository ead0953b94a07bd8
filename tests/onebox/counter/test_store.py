"""A device's disk: sealed, in order, and whole after the power went."""

import secrets
import sqlite3
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from onebox.counter.store import State, Store

KEY = secrets.token_bytes(32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counter.sqlite"


@pytest.fixture
def store(path: Path) -> Store:
    return Store(path, KEY)


def test_records_wait_in_the_order_of_each_service(store: Store) -> None:
    for service, word in (("parcel", "a"), ("tracking", "b"), ("parcel", "c")):
        store.add(service, (word + "{}").format)

    assert store.waiting("parcel", 10) == [(1, "a1"), (2, "c2")]
    assert store.waiting("tracking", 10) == [(1, "b1")]
    assert store.waiting("parcel", 1) == [(1, "a1")]


def test_what_was_written_is_there_after_the_power_went(store: Store, path: Path) -> None:
    store.add("parcel", lambda _sequence: "a")
    store.keep("name", b"value")

    # Nothing is closed or flushed: another connection sees what the disk has.
    again = Store(path, KEY)

    assert (again.waiting("parcel", 10), again.find("name")) == ([(1, "a")], b"value")


def test_a_record_that_could_not_be_made_takes_no_sequence(store: Store) -> None:
    def fail(_sequence: int) -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.add("parcel", fail)

    assert store.add("parcel", str) == "1"


def test_nothing_readable_is_on_the_disk(store: Store, path: Path) -> None:
    store.add("parcel", lambda _sequence: "Sok Dara 012345678")
    store.keep("name", b"Sok Dara 012345678")
    store.settle("parcel", [(1, State.DONE, "Sok Dara 012345678")])
    store.close()

    assert b"Sok Dara" not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_another_key_opens_nothing(store: Store, path: Path) -> None:
    store.add("parcel", lambda _sequence: "a")
    store.keep("name", b"value")

    other = Store(path, secrets.token_bytes(32))

    assert other.waiting("parcel", 10) == [(1, None)]
    with pytest.raises(InvalidTag):
        other.find("name")


def test_what_was_moved_on_the_disk_does_not_open_in_its_new_place(store: Store, path: Path) -> None:
    store.add("parcel", lambda _sequence: "a")
    store.add("parcel", lambda _sequence: "b")
    with sqlite3.connect(path) as thief:
        thief.execute("update record set sealed = (select sealed from record where sequence = 1) where sequence = 2")

    assert store.waiting("parcel", 10) == [(1, "a"), (2, None)]


def test_what_was_settled_waits_no_more_and_can_be_sent_again(store: Store) -> None:
    for _ in range(3):
        store.add("parcel", str)
    store.settle("parcel", [(1, State.DONE, ""), (2, State.SET_ASIDE, "")])

    assert store.waiting("parcel", 10) == [(3, "3")]
    assert store.counts("parcel") == {State.DONE: 1, State.SET_ASIDE: 1, State.WAITING: 1}
    assert store.send_again("parcel", 2)
    assert store.waiting("parcel", 10) == [(2, "2"), (3, "3")]
    assert not store.send_again("parcel", 9)
