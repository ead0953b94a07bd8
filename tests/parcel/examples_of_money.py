"""What the examples of cash and collected money need before they succeed."""

import secrets
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.store import drawers
from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.domain.payout import Batch, Payout
from services.parcel.cod.store import batches, cod_items
from services.parcel.cod.use_cases.propose_batch import propose_batch
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.ids import new_id
from shared.s10 import ItemNumber
from tests.access.signed_in import actor_id
from tests.contracts.examples import Example
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.cash.till import Till, dollars, riel
from tests.parcel.examples_ground import Ground, Prepare


async def _cash(ground: Ground, _example: Example) -> dict[str, str]:
    """Let the office have cash, boxes, a drawer with something in it, and something on its way to it."""
    till = Till(ground.counter)
    await till.floated(riel(2_000_000), dollars(1_000_00))
    await till.done("/stock-receipts", {"office": HOME, "articles": [{"article": "box-s", "pieces": 50}]})
    return ground.counter.signed_in(Role.SUPERVISOR)


async def _drawer(ground: Ground, example: Example) -> dict[str, str]:
    headers = await _cash(ground, example)
    till = Till(ground.counter)
    opened = await till.get("/drawers", office=HOME)
    still = [one["drawer_id"] for one in opened if not one["closed_at"] and one["staff"] == "supervisor-TK01A"]
    path = f"/drawers/{still[0]}" if still else await till.opened(role=Role.SUPERVISOR)
    ground.named["drawer_id"] = path.removeprefix("/drawers/")
    await till.done(f"{path}/floats", {"amounts": [riel(400_000), dollars(100_00)]}, Role.SUPERVISOR)
    return headers


async def _booked(ground: Ground, example: Example) -> dict[str, str]:
    await _cash(ground, example)
    *_, entry = await Till(ground.counter).get("/ledger", office=HOME)
    ground.named["entry_id"] = entry["entry_id"]
    return ground.counter.signed_in(Role.ADMINISTRATOR)


async def _sent(ground: Ground, _example: Example) -> dict[str, str]:
    till = Till(ground.counter)
    await till.floated(riel(50_000), office=AWAY)
    body = {"office": AWAY, "to_office": HOME, "amounts": [riel(50_000)]}
    ground.named["transfer_id"] = (await till.done("/transfers", body, Role.SUPERVISOR, AWAY))["transfer_id"]
    return ground.counter.signed_in()


async def _collected(ground: Ground, _example: Example) -> dict[str, str]:
    """Let something be collected for the shop, which wants it by bank."""
    async with ground.database.transaction() as tx:
        await tx.execute("""update trader set payout = '{"kind": "bank_account", "account": "1"}'""")
        shop = ground.owner.trader_uuid
        item = CodItem(
            str(ItemNumber("PD", secrets.randbelow(10**8), "KH")),
            str(shop),
            shop,
            HOME,
            5_000,
            "KHR",
            0,
            "cash",
            None,
            now(),
            HOME,
            new_id(),
        )
        await cod_items.add(tx, [replace(item, ready_at=now(), promised_on=now().date())])
    return ground.counter.signed_in(Role.ADMINISTRATOR)


async def _proposed(ground: Ground, example: Example) -> dict[str, str]:
    headers = await _collected(ground, example)
    async with ground.database.transaction() as tx:
        batch, _ = await propose_batch(tx, Actor("tests", Role.ADMINISTRATOR, None), "bank", "KHR", now())
    ground.named["batch_id"] = str(batch.batch_id)
    return headers


async def _approved(ground: Ground, example: Example) -> dict[str, str]:
    headers = await _proposed(ground, example)
    path = f"/cod/batches/{ground.named['batch_id']}/decision"
    answer = await ground.counter.client.post(path, json={"decision": "approved"}, headers=headers)
    assert answer.is_success, answer.text
    return headers


async def _fetched(ground: Ground, example: Example) -> dict[str, str]:
    """Let a payout wait for its code, and a drawer have as much."""
    drawer = Drawer(UUID(example["drawer_id"]), HOME, actor_id(Role.CLERK, HOME), now())
    batch = Batch(new_id(), "cash", "KHR", "tests", now())
    payout = Payout(new_id(), batch.batch_id, "x", None, HOME, 5_000, "KHR", 1, now().date(), example["code"])
    async with ground.database.transaction() as tx:
        await drawers.add(tx, drawer)
        await batches.add(tx, batch, [replace(payout, promised_on=now().date() + timedelta(days=1))])
        await batches.decide(tx, replace(batch, approved_by="another", approved_at=now()))
    await _cash(ground, example)
    path = f"/drawers/{drawer.drawer_id}/floats"
    await Till(ground.counter).done(path, {"amounts": [riel(5_000)]})
    ground.named["payout_id"] = str(payout.payout_id)
    return ground.counter.signed_in()


async def _owing(ground: Ground, example: Example) -> dict[str, str]:
    """Let a carrier owe what it collected for an item."""
    (number,) = example["item_numbers"]
    item = CodItem(number, number, None, HOME, 5_000, "KHR", 0, "carrier", "JNT", now(), HOME, new_id())
    async with ground.database.transaction() as tx:
        await cod_items.add(tx, [item])
    return ground.counter.signed_in(Role.ADMINISTRATOR)


MONEY: dict[tuple[str, str], Prepare] = {
    ("POST", "/cash/drawers/{drawer_id}/floats"): _drawer,
    ("POST", "/cash/drawers/{drawer_id}/hand-backs"): _drawer,
    ("POST", "/cash/drawers/{drawer_id}/closing"): _drawer,
    ("POST", "/cash/drawers/{drawer_id}/payments"): _drawer,
    ("POST", "/cod/payouts/{payout_id}/cash"): _fetched,
    ("POST", "/cod/remittances"): _owing,
    ("POST", "/cod/batches"): _collected,
    ("POST", "/cod/batches/{batch_id}/decision"): _proposed,
    ("POST", "/cod/batches/{batch_id}/paid"): _approved,
    ("POST", "/cash/floats"): _cash,
    ("POST", "/cash/deposits"): _cash,
    ("POST", "/cash/transfers"): _cash,
    ("POST", "/cash/transfers/{transfer_id}/receipt"): _sent,
    ("POST", "/cash/stock-counts"): _cash,
    ("POST", "/cash/entries/{entry_id}/correction"): _booked,
}
"""What must be there before a request about money can succeed."""
