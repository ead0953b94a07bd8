"""Cash of an office: floats, deposits, transfers that arrive short, and stock that is counted."""

from shared.access.roles import Role
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.cash.ledger import faults
from tests.parcel.cash.till import Till, dollars, riel
from tests.parcel.counter import problems, refusal

SUPERVISOR = Role.SUPERVISOR


async def test_a_deposit_is_booked_once_by_its_slip(till: Till) -> None:
    await till.floated(riel(500_000))
    body = {"office": HOME, "amounts": [riel(300_000)], "slip": "4711"}
    entry = await till.done("/deposits", body, SUPERVISOR)

    assert (entry["cause_kind"], entry["cause_id"]) == ("deposit", "TK01A/4711")
    assert refusal(await till.post("/deposits", body | {"amounts": [riel(1)]}, SUPERVISOR)) == (409, "deposit-booked")
    assert refusal(await till.post("/deposits", body | {"slip": "2"}, SUPERVISOR)) == (409, "not-enough-cash")
    assert await till.balances() == {("safe", "KHR"): 200_000, ("bank", "KHR"): 300_000, ("float", "KHR"): -500_000}


async def test_cash_is_in_transit_until_it_is_counted_and_a_difference_stands(till: Till, parcel_db: Database) -> None:
    await till.floated(riel(500_000), dollars(50_00))
    body = {"office": HOME, "to_office": AWAY, "amounts": [riel(200_000), dollars(10_00)]}
    sent = await till.done("/transfers", body, SUPERVISOR)
    path = f"/transfers/{sent['transfer_id']}/receipt"
    counted = {"counted": [riel(199_000), dollars(10_00)], "explanation": "The bag was sealed."}

    assert (await till.balances())["transit", "KHR"] == 200_000
    assert refusal(await till.post(path, counted)) == (404, "transfer-not-found")
    assert refusal(await till.post(f"/transfers/{new_id()}/receipt", counted, by=AWAY)) == (404, "transfer-not-found")
    received = await till.done(path, counted, by=AWAY)
    assert refusal(await till.post(path, counted, by=AWAY)) == (409, "transfer-received")

    assert (received["received"], received["received_by"]) == ([riel(199_000), dollars(10_00)], "clerk-TK02A")
    assert await till.balances(AWAY) == {
        ("safe", "KHR"): 199_000,
        ("safe", "USD"): 10_00,
        ("differences", "KHR"): 1_000,
        ("transit", "KHR"): -200_000,
        ("transit", "USD"): -10_00,
    }
    for office in (HOME, AWAY):
        assert await till.get("/transfers", by=office, office=office) == [received]
    assert await faults(parcel_db) == []


async def test_cash_is_sent_to_another_office_that_there_is(till: Till) -> None:
    body = {"office": HOME, "to_office": HOME, "amounts": [riel(1)]}
    assert problems(await till.post("/transfers", body, SUPERVISOR)) == [("to_office", "same-office")]
    unknown = body | {"to_office": "XX99Z"}
    assert problems(await till.post("/transfers", unknown, SUPERVISOR)) == [("to_office", "unknown-office")]


async def test_stock_comes_and_is_counted(till: Till) -> None:
    body = {"office": HOME, "articles": [{"article": "box-s", "pieces": 10}, {"article": "envelope", "pieces": 5}]}
    await till.done("/stock-receipts", body)
    count = {"office": HOME, "articles": [{"article": "box-s", "pieces": 8}], "explanation": "Two were wet."}
    entry = await till.done("/stock-counts", count, SUPERVISOR)

    assert {one["account"]: one["quantity"] for one in entry["postings"]} == {"stock": -2, "differences": 2}
    story = await till.get(f"/entries/{entry['entry_id']}")
    assert story["explanation"] == "Two were wet."
    stock = {one["article"]: one["pieces"] for one in await till.get("/stock", Role.CLERK, office=HOME)}
    assert {code: pieces for code, pieces in stock.items() if pieces} == {"box-s": 8, "envelope": 5}
    unknown = body | {"articles": [{"article": "gold", "pieces": 1}, {"article": "box-s", "pieces": 1}] * 2}
    assert problems(await till.post("/stock-receipts", unknown)) == [
        ("articles.0.article", "unknown-article"),
        ("articles.2.article", "unknown-article"),
        ("articles.2.article", "named-twice"),
        ("articles.3.article", "named-twice"),
    ]
