"""Requests about claims that are in order, but for the token."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.parcel.claims.domain.claim import Claim, Ground, State, Worth
from services.parcel.claims.domain.step import Step
from services.parcel.claims.store import claims, steps
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.ids import new_id
from tests.access import cash_asks
from tests.access.asks import Ask
from tests.access.running_post import Post
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import HOME, keyed, parcel_body

WORTH = Worth(1_000, 500, "KHR", 30_000, "2026-01-provisional")
GRANTED: dict[str, Any] = {
    "outcome": "compensation",
    "worth": WORTH,
    "proposed_by": "tests",
    "decided_by": "another",
}


async def _number(post: Post) -> str:
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | keyed()
    answer = await post.clients["parcel"].post("/parcels", json=parcel_body(trader=str(SHOPS[HOME])), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["item_number"])


async def claim(post: Post, state: State, **values: Any) -> str:
    """Let a claim of the shop of the home office stand somewhere; returns its path."""
    today = now().astimezone(LOCAL).date()
    opened = Claim(
        claim_id=new_id(),
        item_number=await _number(post),
        ground=Ground.LOSS,
        claimant="shop",
        office=HOME,
        trader=str(SHOPS[HOME]),
        is_international=False,
        opened_by="tests",
        opened_at=now(),
        terms_version="2026-01-provisional",
        answer_by=today + timedelta(days=5),
        settle_by=today + timedelta(days=30),
        holder_office=HOME,
        holder_country=None,
    )
    async with post.service("parcel").database.transaction() as tx:
        assert await claims.add(tx, opened)
        await claims.change(tx, replace(opened, state=state, **values))
        await steps.add(tx, Step(opened.claim_id, State.ENQUIRED, "loss", "tests", now(), HOME, words="Ours."))
    return f"/claims/{opened.claim_id}"


async def _ask(post: Post) -> Ask:
    return Ask(f"/parcels/{await _number(post)}/claims", {"ground": "loss"}, keyed())


async def _answer(post: Post) -> Ask:
    return Ask(f"{await claim(post, State.ENQUIRED)}/answer", {"answer": "not_here"})


async def _close(post: Post) -> Ask:
    return Ask(f"{await claim(post, State.ENQUIRED)}/closing", {"closed_for": "withdrawn"})


async def _propose(post: Post) -> Ask:
    body = {
        "outcome": "compensation",
        "value": {"amount_minor": 80_000, "currency": "KHR"},
        "note": "By its receipt.",
    }
    return Ask(f"{await claim(post, State.ANSWERED)}/proposal", body)


async def _decide(post: Post) -> Ask:
    path = await claim(post, State.PROPOSED, **(GRANTED | {"decided_by": None}))
    return Ask(f"{path}/decision", {"decision": "approved"})


async def _pay(post: Post) -> Ask:
    path, drawer = await claim(post, State.GRANTED, **GRANTED), await cash_asks.open_drawer(post)
    return Ask(f"{path}/payment", {"method": "cash", "drawer_id": str(drawer.drawer_id)})


async def _settle(post: Post) -> Ask:
    paid = {"method": "cash", "entry_id": new_id(), "paid_at": now(), "closed_at": now()}
    return Ask(f"{await claim(post, State.PAID, **GRANTED, **paid)}/found-later", {"outcome": "kept"})


async def show(post: Post) -> Ask:
    """Look at a claim."""
    return Ask(await claim(post, State.ENQUIRED))


async def show_of_item(post: Post) -> Ask:
    """Look at the claims about an item."""
    number = await _number(post)
    return Ask(f"/parcels/{number}/claims")


VALID: dict[str, Callable[[Post], Awaitable[Ask]]] = {
    "parcel POST /parcels/{item_number}/claims": _ask,
    "parcel POST /claims/{claim_id}/answer": _answer,
    "parcel POST /claims/{claim_id}/closing": _close,
    "parcel POST /claims/{claim_id}/proposal": _propose,
    "parcel POST /claims/{claim_id}/decision": _decide,
    "parcel PUT /claims/{claim_id}/payment": _pay,
    "parcel POST /claims/{claim_id}/found-later": _settle,
}
