"""Requests about customs and items from abroad that are in order, but for the token."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from services.parcel.customs.domain.inbound import Charges, PapersState, Payment
from services.parcel.customs.domain.paper import Paper, digest_of, kind_of
from services.parcel.customs.store import inbound_items, papers
from shared.access.roles import Role
from shared.clock import now
from shared.ids import new_id
from shared.s10 import ItemNumber
from tests.access.asks import Ask
from tests.access.running_post import Post
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import HOME, abroad, keyed
from tests.parcel.customs.desk import PHOTO, content_body, declaration_body, hand_body, itmatt_body
from tests.parcel.customs.inbound import ITEM


def foreign_number() -> str:
    """Return a number from Korea that no other request has."""
    return str(ItemNumber("CP", secrets.randbelow(10**8), "KR"))


async def inbound(post: Post, **values: Any) -> str:
    """Let an item wait at the home office, in a state; returns its number."""
    item = replace(ITEM, item_number=foreign_number(), collecting_office=HOME, holding_office=HOME)
    async with post.service("parcel").database.transaction() as tx:
        await inbound_items.add(tx, item)
        await inbound_items.change(tx, replace(item, papers_wanted="an invoice", **values))
        if values.get("papers") is PapersState.PHOTOGRAPHED:
            paper = Paper(new_id(), item.item_number, kind_of(PHOTO), digest_of(PHOTO), HOME, "tests", now())
            await papers.add(tx, paper, PHOTO)
    return item.item_number


async def declare(post: Post) -> Ask:
    """Declare what a parcel to Korea holds."""
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | keyed()
    answer = await post.clients["parcel"].post("/parcels", json=abroad(trader=str(SHOPS[HOME])), headers=headers)
    assert answer.status_code == 201, answer.text
    return Ask(f"/parcels/{answer.json()['item_number']}/customs-declaration", declaration_body())


async def check(_post: Post) -> Ask:
    """Ask whether a declaration would pass."""
    return Ask(
        "/customs/checks",
        declaration_body() | {"service": "parcel", "destination_country": "KR", "gross_weight_g": 900},
    )


async def take_in(_post: Post) -> Ask:
    """Take an item in by hand."""
    body = hand_body(item_number=foreign_number(), office=HOME, content=content_body())
    return Ask("/inbound-items", body, keyed())


async def take_in_ahead(_post: Post) -> Ask:
    """Take advance data in."""
    return Ask(
        "/inbound-items/advance-data", {"office": HOME, "itmatt": itmatt_body(item_number=foreign_number())}, keyed()
    )


async def correct(post: Post) -> Ask:
    """Correct whom an item is for."""
    addressee = {"name": "Chan Sophea", "phone": "011 222 333"}
    return Ask(f"/inbound-items/{await inbound(post)}/addressee", {"addressee": addressee})


async def withdraw(post: Post) -> Ask:
    """Withdraw an item that was taken in by hand."""
    return Ask(f"/inbound-items/{await inbound(post)}/withdrawal", {"reason": "wrong_number"}, keyed())


async def charge(post: Post) -> Ask:
    """Set what is to be paid."""
    number = await inbound(post, papers=PapersState.ASKED_FOR)
    return Ask(f"/inbound-items/{number}/charges", {"duty_minor": 12_000, "currency": "KHR"})


async def settle(post: Post) -> Ask:
    """Note that it was paid."""
    charges = Charges(12_000, (), "KHR")
    number = await inbound(post, papers=PapersState.ASKED_FOR, charges=charges, payment=Payment.DUE)
    return Ask(f"/inbound-items/{number}/paid")


async def undo(post: Post) -> Ask:
    """Take back that it was paid."""
    charges = Charges(12_000, (), "KHR")
    number = await inbound(post, charges=charges, payment=Payment.PAID)
    return Ask(f"/inbound-items/{number}/unpaid", {"reason": "marked on the wrong item"})


async def ask_for_papers(post: Post) -> Ask:
    """Tell which papers customs wants."""
    number = await inbound(post, papers=PapersState.ASKED_FOR)
    return Ask(f"/inbound-items/{number}/papers-asked", {"office": HOME, "wanted": "another invoice"})


async def attach(post: Post) -> Ask:
    """Attach a photograph."""
    number = await inbound(post, papers=PapersState.ASKED_FOR)
    headers = keyed() | {"Content-Type": "image/jpeg"}
    return Ask(f"/inbound-items/{number}/papers?office={HOME}", headers=headers, content=PHOTO)


async def withdraw_paper(post: Post) -> Ask:
    """Take a photograph away again."""
    number = await inbound(post, papers=PapersState.PHOTOGRAPHED)
    async with post.service("parcel").database.connection() as connection:
        (paper,) = await papers.of_item(connection, number)
    return Ask(f"/inbound-items/{number}/papers/{paper.paper_id}/withdrawal", {"reason": "another item's"})


async def forward(post: Post) -> Ask:
    """Send the photographed papers on."""
    number = await inbound(post, papers=PapersState.PHOTOGRAPHED)
    return Ask(f"/inbound-items/{number}/papers-forwarded")


VALID: dict[str, Callable[[Post], Awaitable[Ask]]] = {
    "parcel PUT /parcels/{item_number}/customs-declaration": declare,
    "parcel POST /customs/checks": check,
    "parcel POST /inbound-items": take_in,
    "parcel POST /inbound-items/advance-data": take_in_ahead,
    "parcel PUT /inbound-items/{item_number}/addressee": correct,
    "parcel POST /inbound-items/{item_number}/withdrawal": withdraw,
    "parcel PUT /inbound-items/{item_number}/charges": charge,
    "parcel PUT /inbound-items/{item_number}/paid": settle,
    "parcel PUT /inbound-items/{item_number}/unpaid": undo,
    "parcel PUT /inbound-items/{item_number}/papers-asked": ask_for_papers,
    "parcel POST /inbound-items/{item_number}/papers": attach,
    "parcel PUT /inbound-items/{item_number}/papers/{paper_id}/withdrawal": withdraw_paper,
    "parcel PUT /inbound-items/{item_number}/papers-forwarded": forward,
}
