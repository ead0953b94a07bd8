"""Requests about money collected for senders that are in order, but for the token."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.domain.payout import Batch, Method, Payout
from services.parcel.cod.store import batches, cod_items
from shared.access.roles import Role
from shared.clock import now
from shared.ids import new_id
from tests.access.asks import Ask
from tests.access.cash_asks import open_drawer
from tests.access.customs_asks import foreign_number
from tests.access.running_post import Post
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import HOME, keyed, parcel_body

CODE = "012345"
AMOUNT = 5_000


async def collected(post: Post, **values: Any) -> CodItem:
    """Let something be collected for the shop of the home office, and be with the post."""
    item = CodItem(
        foreign_number().replace("KR", "KH"),
        str(SHOPS[HOME]),
        SHOPS[HOME],
        HOME,
        AMOUNT,
        "KHR",
        0,
        "cash",
        None,
        now(),
        HOME,
        new_id(),
        now(),
        date(2100, 1, 1),
    )
    item = replace(item, **values)
    async with post.service("parcel").database.transaction() as tx:
        await cod_items.add(tx, [item])
    return item


async def batch(post: Post, method: Method, *, approved: bool) -> Payout:
    """Propose a payout to the shop of the home office."""
    item = await collected(post)
    one = Batch(new_id(), method, "KHR", "tests", now())
    payout = Payout(new_id(), one.batch_id, item.holder, item.trader_id, HOME, AMOUNT, "KHR", 1, date(2100, 1, 1), CODE)
    async with post.service("parcel").database.transaction() as tx:
        await batches.add(tx, one, [payout])
        await cod_items.put_into(tx, [item.item_number], payout.payout_id)
        if approved:
            await batches.decide(tx, replace(one, approved_by="another", approved_at=now()))
    return payout


async def _propose(post: Post) -> Ask:
    await collected(post)
    return Ask("/cod/batches", {"method": "cash", "currency": "KHR"}, keyed())


async def _decide(post: Post) -> Ask:
    payout = await batch(post, "bank", approved=False)
    return Ask(f"/cod/batches/{payout.batch_id}/decision", {"decision": "approved"})


async def _note_paid(post: Post) -> Ask:
    payout = await batch(post, "bank", approved=True)
    return Ask(f"/cod/batches/{payout.batch_id}/paid", {})


async def _pay_in_cash(post: Post) -> Ask:
    payout, drawer = await batch(post, "cash", approved=True), await open_drawer(post)
    body = {"drawer_id": str(drawer.drawer_id), "code": CODE}
    return Ask(f"/cod/payouts/{payout.payout_id}/cash", body)


async def _remit(post: Post) -> Ask:
    item = await collected(post, method="carrier", carrier="JNT", ready_at=None, promised_on=None)
    body = {"carrier": "JNT", "reference": f"R{new_id()}", "item_numbers": [item.item_number]}
    return Ask("/cod/remittances", body, keyed())


async def _show_code(post: Post) -> Ask:
    body = parcel_body(cod={"amount_minor": 52_000, "currency": "KHR"})
    answer = await post.clients["parcel"].post(
        "/parcels", json=body, headers=good(post.key, actor_id(Role.CLERK, HOME)) | keyed()
    )
    assert answer.status_code == 201, answer.text
    return Ask(f"/parcels/{answer.json()['item_number']}/khqr")


async def _import(_post: Post) -> Ask:
    lines = f"reference,date,bill_number,amount,currency\r\n{new_id()},2026-11-30,RENT,100,KHR\r\n"
    return Ask("/cod/bank-statements", {"statement": lines})


async def show_batch(post: Post) -> Ask:
    """Look at a batch."""
    return Ask(f"/cod/batches/{(await batch(post, 'bank', approved=True)).batch_id}")


async def show_file(post: Post) -> Ask:
    """Look at the file of a batch."""
    return Ask(f"/cod/batches/{(await batch(post, 'bank', approved=True)).batch_id}/file.csv")


def statement(path: str) -> Callable[[Post], Awaitable[Ask]]:
    """Return how one looks at a statement of the shop of the home office."""

    async def ask(post: Post) -> Ask:
        await collected(post)
        return Ask(f"/traders/{SHOPS[HOME]}/{path}")

    return ask


VALID: dict[str, Callable[[Post], Awaitable[Ask]]] = {
    "parcel POST /cod/batches": _propose,
    "parcel POST /cod/batches/{batch_id}/decision": _decide,
    "parcel POST /cod/batches/{batch_id}/paid": _note_paid,
    "parcel POST /cod/payouts/{payout_id}/cash": _pay_in_cash,
    "parcel POST /cod/remittances": _remit,
    "parcel PUT /parcels/{item_number}/khqr": _show_code,
    "parcel POST /cod/bank-statements": _import,
}
