"""The disk of a device: records in their order and what else must outlive a restart, each sealed with the store's key.

Source: NIST SP 800-38D (AES-GCM). SQLite itself does not encrypt; sequence and state stand open, words do not.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
SCHEMA = """
create table if not exists record (
    service text not null, sequence integer not null, sealed blob not null, state text not null, told blob,
    primary key (service, sequence)
) without rowid;
create index if not exists record_waiting on record (service, sequence) where state = 'waiting';
create table if not exists kept (name text primary key, sealed blob not null) without rowid;
"""


class State(StrEnum):
    """Where a record of the device stands."""

    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set_aside"


class Store:
    """One file; what is written is on the disk when the call returns."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._sealer = AESGCM(key)
        self._file = sqlite3.connect(path, isolation_level=None)
        # A counter's power goes without a word.
        self._file.execute("pragma journal_mode = wal")
        self._file.execute("pragma synchronous = full")
        self._file.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def add(self, service: str, make: Callable[[int], str]) -> str:
        """Write the record that is made of the next sequence of a service; returns it."""
        self._file.execute("begin immediate")
        try:
            (last,) = self._file.execute(
                "select coalesce(max(sequence), 0) from record where service = ?", (service,)
            ).fetchone()
            written = make(last + 1)
            self._file.execute(
                "insert into record (service, sequence, sealed, state) values (?, ?, ?, ?)",
                (service, last + 1, self._seal(f"{service}/{last + 1}", written.encode()), State.WAITING),
            )
        except BaseException:
            self._file.execute("rollback")
            raise
        self._file.execute("commit")
        return written

    def waiting(self, service: str, most: int) -> list[tuple[int, str | None]]:
        """Return the records of a service that wait, in their order; None for one that the disk lost."""
        rows = self._file.execute(
            "select sequence, sealed from record where service = ? and state = 'waiting' order by sequence limit ?",
            (service, most),
        )
        return [(sequence, self._opened(f"{service}/{sequence}", sealed)) for sequence, sealed in rows]

    def settle(self, service: str, told: Sequence[tuple[int, State, str]]) -> None:
        """Note what the service said of records."""
        self._file.execute("begin immediate")
        self._file.executemany(
            "update record set state = ?, told = ? where service = ? and sequence = ?",
            [
                (state, self._seal(f"{service}/{sequence}/told", said.encode()), service, sequence)
                for sequence, state, said in told
            ],
        )
        self._file.execute("commit")

    def send_again(self, service: str, since: int) -> bool:
        """Have what was sent from a sequence on wait again; returns False where the disk does not hold that one."""
        there = self._file.execute(
            "select 1 from record where service = ? and sequence = ?", (service, since)
        ).fetchone()
        if there:
            self._file.execute(
                "update record set state = 'waiting' where service = ? and sequence >= ?", (service, since)
            )
        return bool(there)

    def counts(self, service: str) -> Counter[State]:
        """Return how many records of a service are in each state; what waits is always on the screen."""
        rows = self._file.execute("select state, count(*) from record where service = ? group by state", (service,))
        return Counter({State(state): count for state, count in rows})

    def keep(self, name: str, value: bytes) -> None:
        """Keep something under a name, in the place of what was there."""
        self._file.execute(
            "insert into kept (name, sealed) values (?, ?) on conflict (name) do update set sealed = excluded.sealed",
            (name, self._seal(name, value)),
        )

    def find(self, name: str) -> bytes | None:
        """Return what is kept under a name.

        Raises: InvalidTag, where the key of the store is another.
        """
        row = self._file.execute("select sealed from kept where name = ?", (name,)).fetchone()
        return self._open(name, row[0]) if row else None

    def _seal(self, place: str, value: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._sealer.encrypt(nonce, value, place.encode())

    def _open(self, place: str, sealed: bytes) -> bytes:
        return self._sealer.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())

    def _opened(self, place: str, sealed: bytes) -> str | None:
        try:
            return self._open(place, sealed).decode()
        except (InvalidTag, ValueError):
            return None
