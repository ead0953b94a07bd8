"""A file goes through its steps: sent, read, looked at, announced; interrupted and repeated it comes to the same."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from services.parcel.imports.domain.draft_import import PORTION_ROWS
from services.parcel.imports.entrypoints.import_runner import advance
from services.parcel.imports.use_cases.forget_imports import KEPT_FOR, forget_imports
from services.parcel.imports.use_cases.import_portion import import_portion
from services.parcel.imports.use_cases.read_import import take_file
from shared.access.roles import Role
from shared.clock import now
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, SENDER, SENDER_PHONE, keyed, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.drafts.shop import SHOP
from tests.parcel.imports.files import HEADER, ROW, csv_file, xlsx_file

LIFETIME = timedelta(days=30)


class Desk:
    """A shop that sends files."""

    def __init__(self, counter: Counter, app: FastAPI) -> None:
        self.counter = counter
        self.service = app.state.service

    async def post(self, path: str, body: Any = None, **others: Any) -> Any:
        headers = self.counter.signed_in(Role.TRADER, **others) | keyed()
        return await self.counter.client.post(path, json=body, headers=headers)

    async def begin(self, **values: Any) -> str:
        body = {"file_name": "monday.csv", "sender": person(name=SENDER, phone=SENDER_PHONE)} | values
        answer = await self.post(f"/traders/{SHOP}/imports", body)
        assert answer.status_code == 201, answer.text
        return f"/imports/{answer.json()['import_id']}"

    async def send(self, path: str, piece_no: int, content: bytes) -> Any:
        headers = self.counter.signed_in(Role.TRADER) | {"Content-Type": "application/octet-stream"}
        return await self.counter.client.put(f"{path}/pieces/{piece_no}", content=content, headers=headers)

    async def sent(self, content: bytes, piece_bytes: int = 900_000, **values: Any) -> str:
        """Send a file whole and have it read."""
        path = await self.begin(**values)
        parts = [content[at : at + piece_bytes] for at in range(0, max(1, len(content)), piece_bytes)]
        for piece_no, part in enumerate(parts, 1):
            assert (await self.send(path, piece_no, part)).status_code == 200
        assert (await self.post(f"{path}/reading", {"pieces": len(parts)})).status_code == 200
        return path

    async def worked(self) -> None:
        """Let the loop run until nothing is left to do."""
        while await advance(self.service.database, self.service.directory.offices, LIFETIME):
            pass

    async def looked_at(self, content: bytes, **values: Any) -> str:
        path = await self.sent(content, **values)
        await self.worked()
        return path

    async def show(self, path: str) -> dict[str, Any]:
        answer = await self.counter.get(path, Role.TRADER)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def drafts(self) -> int:
        async with self.service.database.connection() as connection:
            return int(await connection.fetchval("select count(*) from draft"))


@pytest.fixture
def desk(counter: Counter, app: FastAPI) -> Desk:
    return Desk(counter, app)


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
async def test_a_file_is_looked_at_before_anything_is_announced(desk: Desk, make: Any) -> None:
    path = await desk.looked_at(make(ROW, ("Dara", "999", "TK03A", "12$", "W-2")), piece_bytes=500)

    told = await desk.show(path)
    found = (await desk.counter.get(f"{path}/problems", Role.TRADER)).json()

    assert (told["state"], told["rows_read"], told["rows_done"], told["refused"]) == ("ready", 2, 2, 1)
    assert told["mapping"] == {"name": 0, "phone": 1, "collecting_office": 2, "cod": 3, "order_reference": 4}
    assert (told["header"], told["rows"][0]) == (list(HEADER), list(ROW))
    assert [(one["row_no"], one["field"], one["code"]) for one in found] == [(3, "phone", "not-a-phone-number")]
    assert await desk.drafts() == 0


async def test_what_is_in_order_is_announced_and_the_rest_stays_behind(desk: Desk) -> None:
    path = await desk.looked_at(csv_file(ROW, ("Dara", "999", "TK03A", "12$", "W-2")))

    await desk.post(f"{path}/start")
    await desk.worked()

    told = await desk.show(path)
    assert (told["state"], told["announced"], told["refused"], told["rows"]) == ("done", 1, 1, [])
    (draft,) = (await desk.counter.get("/drafts", Role.TRADER, sack_id=told["sack_ids"][0])).json()
    assert (draft["order_reference"], draft["source"]) == ("W-1", "file")
    assert draft["announced"]["cod"] == {"amount_minor": 52_000, "currency": "KHR"}


async def test_the_same_file_again_announces_nothing_twice(desk: Desk) -> None:
    for _ in range(2):
        path = await desk.looked_at(csv_file(ROW, (*ROW[:4], "W-2")))
        await desk.post(f"{path}/start")
        await desk.worked()

    told = await desk.show(path)
    assert (told["announced"], told["known"]) == (0, 2)
    assert await desk.drafts() == 2


async def test_an_order_with_other_content_is_a_problem_of_its_row(desk: Desk) -> None:
    path = await desk.looked_at(csv_file(ROW, ("Other Name", *ROW[1:])))
    await desk.post(f"{path}/start")
    await desk.worked()

    (found,) = (await desk.counter.get(f"{path}/problems", Role.TRADER)).json()
    assert (found["row_no"], found["field"], found["code"]) == (3, "order_reference", "order-known-otherwise")


async def test_it_goes_on_where_it_was_interrupted(desk: Desk, parcel_db: Database) -> None:
    rows = [(f"Name {n}", "012345678", "TK03A", "", f"W-{n}") for n in range(2 * PORTION_ROWS + 10)]
    path = await desk.looked_at(csv_file(*rows))
    await desk.post(f"{path}/start")
    offices = desk.service.directory.offices
    async with parcel_db.transaction() as tx:
        assert await import_portion(tx, offices, LIFETIME, now())
    with pytest.raises(ZeroDivisionError):
        await _killed_before_its_commit(parcel_db, desk)

    halfway = await desk.show(path)
    await desk.worked()

    assert (halfway["state"], halfway["announced"], halfway["rows_done"]) == ("importing", PORTION_ROWS, PORTION_ROWS)
    told = await desk.show(path)
    assert (told["state"], told["announced"], len(told["sack_ids"])) == ("done", len(rows), 3)
    assert await desk.drafts() == len(rows)


async def _killed_before_its_commit(parcel_db: Database, desk: Desk) -> None:
    async with parcel_db.transaction() as tx:
        assert await import_portion(tx, desk.service.directory.offices, LIFETIME, now())
        raise ZeroDivisionError


async def test_a_reading_that_stood_still_is_taken_over(desk: Desk, parcel_db: Database) -> None:
    path = await desk.sent(csv_file(ROW))
    async with parcel_db.transaction() as tx:
        assert await take_file(tx, now())
    assert not await advance(parcel_db, desk.service.directory.offices, LIFETIME)
    async with parcel_db.transaction() as tx:
        await tx.execute("update draft_import set leased_until = now() - interval '1 second'")

    await desk.worked()

    assert (await desk.show(path))["state"] == "ready"


async def test_columns_may_be_chosen_and_all_is_checked_again(desk: Desk) -> None:
    path = await desk.looked_at(csv_file(("097 123 4567", "Dara", "TK03A"), header=("A", "B", "C")))
    assert (await desk.show(path))["refused"] == 1
    assert problems(await desk.post(f"{path}/start")) == [("mapping.name", "missing"), ("mapping.phone", "missing")]

    headers = desk.counter.signed_in(Role.TRADER)
    mapping = {"name": 1, "phone": 0, "collecting_office": 2}
    chosen = await desk.counter.client.put(f"{path}/mapping", json={"mapping": mapping}, headers=headers)
    await desk.worked()

    assert chosen.json()["state"] == "checking"
    told = await desk.show(path)
    assert (told["state"], told["refused"], told["mapping"]) == ("ready", 0, mapping)


async def test_a_file_that_cannot_be_read_says_why_and_is_forgotten(desk: Desk, parcel_db: Database) -> None:
    path = await desk.looked_at(b"\xd0\xcf\x11\xe0 an old workbook")

    told = await desk.show(path)

    assert (told["state"], told["refusal"]["code"]) == ("refused", "old-or-locked")
    assert "without" in told["refusal"]["message"]
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from import_piece") == 0


@pytest.mark.parametrize("content", [b" ", b"name,phone\n", b"\n\n\n"])
async def test_a_file_without_rows_is_refused(desk: Desk, content: bytes) -> None:
    path = await desk.looked_at(content)

    assert (await desk.show(path))["refusal"]["code"] == "empty"


async def test_a_piece_may_come_again_but_not_as_another(desk: Desk) -> None:
    path = await desk.begin()
    assert (await desk.send(path, 2, b"b")).json()["pieces"] == [2]
    assert (await desk.send(path, 2, b"b")).status_code == 200

    assert refusal(await desk.send(path, 2, b"c")) == (409, "piece-of-other-bytes")
    assert problems(await desk.post(f"{path}/reading", {"pieces": 2})) == [("pieces.1", "missing")]
    assert problems(await desk.post(f"{path}/reading", {"pieces": 1})) == [
        ("pieces.1", "missing"),
        ("pieces.2", "too-many"),
    ]


async def test_a_step_out_of_turn_is_refused(desk: Desk) -> None:
    path = await desk.begin()
    assert refusal(await desk.post(f"{path}/start")) == (409, "import-not-there")

    withdrawn = await desk.post(f"{path}/withdrawal")

    assert withdrawn.json()["state"] == "withdrawn"
    assert refusal(await desk.send(path, 1, b"x")) == (409, "import-not-there")


async def test_another_shop_sees_no_import(desk: Desk) -> None:
    path = await desk.begin()

    assert (await desk.counter.get(path, Role.TRADER, AWAY)).status_code == 404
    assert (await desk.counter.get(path, Role.CLERK, AWAY)).status_code == 404
    assert (await desk.counter.get(path, Role.CLERK)).status_code == 200


async def test_a_shop_has_a_bounded_number_of_imports_open(desk: Desk) -> None:
    for _ in range(10):
        await desk.begin()

    body = {"file_name": "x", "sender": person()}
    assert refusal(await desk.post(f"/traders/{SHOP}/imports", body)) == (409, "too-many-imports")


async def test_a_file_is_forgotten_with_its_time(desk: Desk, parcel_db: Database) -> None:
    path = await desk.looked_at(csv_file(ROW))
    async with parcel_db.transaction() as tx:
        assert await forget_imports(tx, now()) == 0
        assert await forget_imports(tx, now() + KEPT_FOR * 2) == 1

    assert (await desk.counter.get(path, Role.TRADER)).status_code == 404


async def test_what_is_wrong_is_listed_page_by_page(desk: Desk) -> None:
    path = await desk.looked_at(csv_file(*[("", "999", "Nowhere")] * 3))
    headers = desk.counter.signed_in(Role.TRADER)

    url, found = f"{path}/problems?limit=2", []
    while url:
        answer = await desk.counter.client.get(url, headers=headers)
        found += [(one["row_no"], one["field"]) for one in answer.json()]
        following = answer.links.get("next")
        url = f"{path}/problems{following['url']}" if following else ""
    beyond = base64.urlsafe_b64encode(f'[{2**31}, "a", "b"]'.encode()).decode()

    assert found == [(row, field) for row in (2, 3, 4) for field in ("collecting_office", "name", "phone")]
    assert problems(await desk.counter.get(f"{path}/problems", Role.TRADER, cursor=beyond)) == [
        ("cursor", "not-a-cursor")
    ]
