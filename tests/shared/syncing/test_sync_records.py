"""Taking records in: what one of them breaks is its own affair, and faults of the moment are nobody's."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.access import signed
from shared.access.devices import Device
from shared.access.passes import Pass
from shared.access.roles import Role
from shared.access.signed import Word
from shared.clock import now
from shared.db.connection import Database, DatabaseUnavailable, Tx
from shared.errors import Conflict, FieldProblem, Invalid
from shared.ids import new_id
from shared.syncing import record
from shared.syncing.kinds import Applied, Kind, Kinds, Outcome, Ready
from shared.syncing.record import Record, read_all
from shared.syncing.sync_records import Sending, Synced, sync_records

KEY = Ed25519PrivateKey.generate()


class NotNow(Conflict):
    """Not in this state."""

    slug = "not-now"


class Desk:
    """A device of these tests, and what a service does with its records."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.device = Device(new_id(), "TK01", KEY.public_key(), now())
        self.granted = Pass(
            pass_id=new_id(),
            staff="sok",
            role=Role.CLERK,
            office="TK01",
            device_id=self.device.device_id,
            issued_at=now() - timedelta(hours=1),
        )
        self.runs: list[list[int]] = []

    def record(self, sequence: int, number: int = 1, **values: Any) -> str:
        """Sign a record that wants a number written down."""
        filled: dict[str, Any] = {
            "record_id": new_id(),
            "device_id": self.device.device_id,
            "sequence": sequence,
            "kind": "effect",
            "recorded_at": now(),
            "drift_ms": 0,
            "staff": "sok",
            "pass_id": self.granted.pass_id,
            "body": {"number": number},
        }
        return record.write(Record(**(filled | values)), KEY)

    @property
    def kinds(self) -> Kinds:
        """Return what is done: the number is written into a table that takes none below one."""
        return {"effect": Kind(frozenset({Role.CLERK}), self._apply), "other": Kind(frozenset(Role), self._apply)}

    async def _apply(self, tx: Tx, ready: Sequence[Ready]) -> Sequence[Outcome]:
        self.runs.append([one.record.sequence for one in ready])
        for one in ready:
            number = one.record.body["number"]
            if number == 99:
                raise NotNow("Come again later.")
            if number == 98:
                raise Invalid([FieldProblem("number", "odd", "Not this one.")])
            if number == 97:
                raise DatabaseUnavailable
            await tx.execute("insert into effect (event_id, item, number) values ($1, 'x', $2)", new_id(), number)
        return [Applied({"number": one.record.body["number"]}) for one in ready]

    async def send(self, *written: object) -> Synced:
        """Take records in, in one transaction."""
        passes = {self.granted.pass_id: self.granted}
        sending = Sending(self.device, now(), now(), read_all(self.device, written), passes)
        async with self.database.transaction() as tx:
            return await sync_records(tx, sending, self.kinds, lambda _staff: False)

    async def numbers(self) -> list[int]:
        """Return what was written down, in order."""
        async with self.database.connection() as tx:
            return [row["number"] for row in await tx.fetch("select number from effect order by place")]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def became(synced: Synced) -> list[str]:
    return [one.became.value for one in synced.answers]


def codes(synced: Synced) -> list[str | None]:
    return [one.kept.problem["code"] if one.kept and one.kept.problem else None for one in synced.answers]


async def test_records_that_follow_each_other_are_applied_together(desk: Desk) -> None:
    synced = await desk.send(desk.record(1, 10), desk.record(2, 20), desk.record(3, 30, kind="other"))

    assert (became(synced), synced.next_sequence) == (["applied"] * 3, 4)
    assert (await desk.numbers(), desk.runs) == ([10, 20, 30], [[1, 2, 3]])


@pytest.mark.parametrize(
    ("number", "code"), [(0, "defect"), (99, "not-now"), (98, "invalid-request"), ("x", "defect")], ids=str
)
async def test_what_breaks_the_others_is_set_aside_alone(desk: Desk, number: Any, code: str) -> None:
    sent = [desk.record(1, 10), desk.record(2, number), desk.record(3, 30)]

    synced = await desk.send(*sent)
    again = await desk.send(*sent)

    assert became(synced) == ["applied", "set_aside", "applied"]
    assert codes(synced)[1] == code
    assert (await desk.numbers(), desk.runs) == ([10, 30], [[1, 2, 3], [1], [2], [3]])
    assert became(again) == ["known"] * 3
    assert codes(again) == codes(synced)


async def test_a_fault_of_the_moment_leaves_all_as_it_was(desk: Desk) -> None:
    sent = [desk.record(1, 10), desk.record(2, 97)]
    with pytest.raises(DatabaseUnavailable):
        await desk.send(*sent)

    assert await desk.numbers() == []
    assert became(await desk.send(sent[0])) == ["applied"]


async def test_an_id_is_used_once_by_a_device(desk: Desk) -> None:
    record_id = new_id()
    first = await desk.send(desk.record(1, record_id=record_id), desk.record(2, record_id=record_id))
    later = await desk.send(desk.record(3, record_id=record_id))

    assert (became(first), codes(first)) == (["applied", "set_aside"], [None, "record-id-used"])
    assert codes(later) == ["record-id-used"]


async def test_what_stands_in_a_request_twice_is_applied_once(desk: Desk) -> None:
    one, two = desk.record(1, 10), desk.record(2, 20)

    assert became(await desk.send(one, one, two, one)) == ["applied", "known", "applied", "known"]
    assert await desk.numbers() == [10, 20]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sequence": 0}, "sequence"),
        ({"sequence": True}, "sequence"),
        ({"sequence": "1"}, "sequence"),
        ({"kind": "Scan!"}, "kind"),
        ({"recorded_at": "2026-03-02T12:00:00"}, "recorded_at"),
        ({"drift_ms": 10**15}, "drift_ms"),
        ({"drift_ms": 1.5}, "drift_ms"),
        ({"staff": ""}, "staff"),
        ({"body": []}, "body"),
        ({"record_id": "1"}, "record_id"),
        ({"record_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}, "record_id"),
        ({"more": 1}, "more"),
    ],
    ids=str,
)
async def test_a_record_whose_fields_are_wrong_is_set_aside_by_field(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    device_id = str(desk.device.device_id)
    payload = signed.peek(desk.record(1), record.LONGEST).payload | change
    written = signed.write(Word(device_id, record.KIND, payload), KEY)

    (answer,) = (await desk.send(written)).answers

    assert answer.kept is not None
    assert answer.kept.problem is not None
    assert answer.kept.problem["code"] == "record-malformed"
    assert [error["field"] for error in answer.kept.problem["errors"]] == [field]
    assert (answer.kept.sequence, answer.kept.written) == (1, written)


async def test_what_the_device_signed_otherwise_is_no_record_of_it(desk: Desk) -> None:
    payload = signed.peek(desk.record(1), record.LONGEST).payload
    device_id, other = str(desk.device.device_id), str(new_id())
    written = [
        signed.write(Word(device_id, "pass+jwt", payload), KEY),
        signed.write(Word(other, record.KIND, payload), KEY),
        signed.write(Word(device_id, record.KIND, payload | {"device_id": other}), KEY),
    ]

    assert codes(await desk.send(*written)) == ["not-a-record", "other-device", "other-device"]
