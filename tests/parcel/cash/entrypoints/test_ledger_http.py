"""The ledger over HTTP: read in the order of its chain, corrected by other entries, shown to whom it concerns."""

from datetime import timedelta

from services.parcel.cash.use_cases.forget_words import forget_words
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.cash.ledger import faults
from tests.parcel.cash.till import Till, dollars, riel
from tests.parcel.counter import Counter, problems, refusal

ADMINISTRATOR, SUPERVISOR = Role.ADMINISTRATOR, Role.SUPERVISOR


async def test_the_ledger_is_read_page_by_page(till: Till, counter: Counter) -> None:
    for _ in range(5):
        await till.floated(riel(100))
    read, path = [], f"/cash/ledger?office={HOME}&limit=2"
    while path:
        answer = await counter.client.get(path, headers=counter.signed_in(Role.AUDITOR))
        read += [one["sequence"] for one in answer.json()]
        link = answer.headers.get("link", "")
        path = f"/cash/ledger{link[1 : link.index('>')]}" if link else ""

    assert read == [1, 2, 3, 4, 5]
    assert refusal(await counter.get("/cash/ledger", office=HOME)) == (403, "role-refused")
    assert refusal(await counter.get("/cash/ledger", SUPERVISOR, AWAY, office=HOME)) == (403, "other-office")


async def test_a_correction_is_another_entry_that_the_clerk_sees(till: Till, parcel_db: Database) -> None:
    await till.floated()
    drawer = await till.opened(riel(10_000))
    (opening,) = await till.get(f"{drawer}/entries")
    path = f"/entries/{opening['entry_id']}/correction"
    instead = [
        {"account": "drawer", "holder": drawer.removeprefix("/drawers/"), "unit": "KHR", "quantity": 9_000},
        {"account": "safe", "unit": "KHR", "quantity": -9_000},
    ]

    assert refusal(await till.post(path, {"reason": "x"}, SUPERVISOR)) == (403, "role-refused")
    uneven = {"reason": "x", "instead": instead[:1]}
    assert problems(await till.post(path, uneven, ADMINISTRATOR)) == [("instead", "does-not-balance")]
    correction = await till.done(path, {"reason": "It was a note less.", "instead": instead}, ADMINISTRATOR)
    assert refusal(await till.post(path, {"reason": "x"}, ADMINISTRATOR)) == (409, "entry-corrected")
    nothing = f"/entries/{new_id()}/correction"
    assert refusal(await till.post(nothing, {"reason": "x"}, ADMINISTRATOR)) == (404, "entry-not-found")

    assert (await till.get(drawer))["expected"] == [riel(9_000)]
    story = await till.get(f"/entries/{opening['entry_id']}", Role.CLERK)
    assert (story["corrected_by"], story["sha256"]) == (correction["entry_id"], opening["sha256"])
    assert await till.get("/corrections", Role.CLERK) == [correction]
    assert await till.get("/corrections", SUPERVISOR) == []
    seen = f"/corrections/{correction['entry_id']}/seen"
    assert refusal(await till.put(seen, SUPERVISOR)) == (403, "correction-not-yours")
    assert refusal(await till.put(seen, by=AWAY)) == (404, "entry-not-found")
    assert (await till.put(seen)).status_code == 204
    assert (await till.put(seen)).status_code == 204
    assert await till.get("/corrections", Role.CLERK) == []
    story = await till.get(f"/entries/{correction['entry_id']}", Role.CLERK)
    assert (story["explanation"], story["seen_at"] is None) == ("It was a note less.", False)
    assert await faults(parcel_db) == []


async def test_what_a_payment_that_was_taken_back_paid_for_is_due_again(till: Till, counter: Counter) -> None:
    drawer = await till.opened()
    pay = {"item_numbers": [await counter.registered()], "received": [riel(5_000)]}
    entry = await till.done(f"{drawer}/payments", pay)

    await till.done(f"/entries/{entry['entry_id']}/correction", {"reason": "Not theirs."}, ADMINISTRATOR)

    assert (await till.post(f"{drawer}/payments", pay)).status_code == 201
    assert (await till.get(drawer))["expected"] == [riel(5_000)]


async def test_an_entry_is_seen_by_whom_it_concerns(till: Till, counter: Counter) -> None:
    await till.floated()
    (entry,) = await till.get("/ledger", office=HOME)
    path = f"/cash/entries/{entry['entry_id']}"

    assert refusal(await counter.get(path)) == (404, "entry-not-found")
    assert refusal(await counter.get(path, SUPERVISOR, AWAY)) == (404, "entry-not-found")
    assert (await counter.get(path, Role.AUDITOR)).status_code == 200


async def test_the_sheet_of_a_day_says_what_moved_and_where_the_ledger_ended(till: Till) -> None:
    await till.floated(riel(10_000))
    drawer = await till.opened(riel(10_000))
    await till.done(f"{drawer}/closing", {"counted": [riel(9_900)], "explanation": "?"})
    today = now().astimezone(LOCAL).date()

    sheet = await till.get("/day-sheet", office=HOME, day=str(today))

    moved = {(one["kind"], one["account"]): one["quantity"] for one in sheet["moved"]}
    assert moved["closing", "safe"] == 9_900
    assert moved["closing", "differences"] == 100
    (closed,) = sheet["drawers"]
    assert closed["missing"] == [riel(100)]
    entries = await till.get("/ledger", office=HOME)
    assert (sheet["sequence"], sheet["sha256"]) == (3, entries[-1]["sha256"])
    before = await till.get("/day-sheet", office=HOME, day=str(today - timedelta(days=1)))
    assert (before["moved"], before["drawers"], before["sequence"], before["sha256"]) == ([], [], 0, None)


async def test_words_are_forgotten_and_the_ledger_is_as_it_was(till: Till, parcel_db: Database) -> None:
    drawer = await till.opened()
    await till.done(f"{drawer}/closing", {"counted": [dollars(1)], "explanation": "Chan Thida left it."})
    async with parcel_db.transaction() as tx:
        assert await forget_words(tx, timedelta(days=1), now()) == 0
        assert await forget_words(tx, timedelta(days=1), now() + timedelta(days=2)) == 1

    sheet = await till.get(f"{drawer}/closing")

    assert sheet["explanation"] is None
    assert sheet["closing"]["words_sha256"]
    assert await faults(parcel_db) == []


async def test_the_same_key_books_once(till: Till, counter: Counter) -> None:
    body = {"office": HOME, "amounts": [riel(100)]}
    answers = [await till.post("/floats", body, SUPERVISOR, key="same") for _ in range(2)]
    other = await till.post("/floats", body | {"amounts": [riel(7)]}, SUPERVISOR, key="same")
    without = await counter.client.post("/cash/floats", json=body, headers=counter.signed_in(SUPERVISOR))

    assert answers[0].content == answers[1].content
    assert refusal(other) == (422, "idempotency-key-reused")
    assert without.status_code == 422
    assert (await till.balances())["safe", "KHR"] == 100
