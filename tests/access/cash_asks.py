"""Requests about cash that are in order, but for the token."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.counting import Count
from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.store import drawers
from services.parcel.cash.use_cases.close_drawer import close_drawer
from services.parcel.cash.use_cases.correct_entry import correct_entry
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.send_cash import send_cash
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import COUNTER, Actor, Role
from shared.clock import now
from shared.ids import new_id
from tests.access.asks import Ask
from tests.access.running_post import Post
from tests.access.signed_in import actor_id
from tests.parcel.bodies import AWAY, HOME, keyed

FLOAT = 100_000
CLERK = Actor(actor_id(Role.CLERK, HOME), Role.CLERK, HOME)
RIEL = {"amount_minor": 1_000, "currency": "KHR"}


async def booked(post: Post, office: str = HOME, drawer: Drawer | None = None) -> UUID:
    """Let the post give an office cash, or a drawer of it; returns the entry."""
    account, holder = (Account.DRAWER, drawer.holder) if drawer else (Account.SAFE, "")
    postings = (Posting(account, FLOAT, "KHR", holder), Posting(Account.FLOAT, -FLOAT, "KHR"))
    draft = Draft(office, Kind.FLOAT_RECEIVED, postings, Cause("command", str(new_id())), CLERK.id, now(), now())
    async with post.service("parcel").database.transaction() as tx:
        (entered,) = await enter(tx, [replace(draft, drawer_id=drawer.drawer_id if drawer else None, words="Ours.")])
    return entered.entry.entry_id


async def open_drawer(post: Post) -> Drawer:
    """Open a drawer of the clerk of the home office, with something in it."""
    await booked(post)
    drawer = Drawer(new_id(), HOME, CLERK.id, now())
    async with post.service("parcel").database.transaction() as tx:
        await drawers.add(tx, drawer)
    await booked(post, drawer=drawer)
    return drawer


async def closed_drawer(post: Post) -> Drawer:
    """Close a drawer of the clerk of the home office, with an explanation."""
    drawer, service = await open_drawer(post), post.service("parcel")
    async with service.database.transaction() as tx:
        counted = (Count("KHR", FLOAT - 1),)
        return await close_drawer(tx, service.outbox, CLERK, drawer.drawer_id, counted, "Who knows.", now())


async def corrected_entry(post: Post) -> UUID:
    """Correct an entry of a drawer of the clerk of the home office; returns the correction."""
    entry_id = await booked(post, drawer=await open_drawer(post))
    async with post.service("parcel").database.transaction() as tx:
        actor = Actor("tests", Role.ADMINISTRATOR, None)
        return (await correct_entry(tx, actor, entry_id, (), "Not so.", now())).entry_id


async def _open(post: Post) -> Ask:
    """Ask for a drawer as one who has none open."""
    staff = [actor_id(role, HOME) for role in COUNTER]
    async with post.service("parcel").database.transaction() as tx:
        for person in staff:
            while drawer_id := await drawers.open_of(tx, HOME, person):
                drawer = Drawer(drawer_id, HOME, person, now(), closed_at=now(), closed_by=person)
                await drawers.close(tx, replace(drawer, closing_entry_id=new_id()))
    return Ask("/cash/drawers", {"office": HOME}, keyed())


async def _fill(post: Post) -> Ask:
    drawer = await open_drawer(post)
    return Ask(f"/cash/drawers/{drawer.drawer_id}/floats", {"amounts": [RIEL]}, keyed())


async def _hand_back(post: Post) -> Ask:
    drawer = await open_drawer(post)
    return Ask(f"/cash/drawers/{drawer.drawer_id}/hand-backs", {"amounts": [RIEL]}, keyed())


async def _close(post: Post) -> Ask:
    drawer = await open_drawer(post)
    body = {"counted": [{"amount_minor": FLOAT - 1, "currency": "KHR"}], "explanation": "Who knows."}
    return Ask(f"/cash/drawers/{drawer.drawer_id}/closing", body, keyed())


async def _confirm(post: Post) -> Ask:
    return Ask(f"/cash/drawers/{(await closed_drawer(post)).drawer_id}/confirmed")


async def _float(_post: Post) -> Ask:
    return Ask("/cash/floats", {"office": HOME, "amounts": [RIEL]}, keyed())


async def _deposit(post: Post) -> Ask:
    await booked(post)
    return Ask("/cash/deposits", {"office": HOME, "amounts": [RIEL], "slip": str(new_id())}, keyed())


async def _send(post: Post) -> Ask:
    await booked(post)
    return Ask("/cash/transfers", {"office": HOME, "to_office": AWAY, "amounts": [RIEL]}, keyed())


async def _receive(post: Post) -> Ask:
    await booked(post, AWAY)
    sender = Actor(actor_id(Role.SUPERVISOR, AWAY), Role.SUPERVISOR, AWAY)
    async with post.service("parcel").database.transaction() as tx:
        sent = await send_cash(tx, sender, AWAY, HOME, (Amount(1_000, "KHR"),), now())
    return Ask(f"/cash/transfers/{sent.transfer_id}/receipt", {"counted": [RIEL]}, keyed())


async def _stock(_post: Post) -> Ask:
    return Ask("/cash/stock-receipts", {"office": HOME, "articles": [{"article": "box-s", "pieces": 3}]}, keyed())


async def _count_stock(_post: Post) -> Ask:
    return Ask("/cash/stock-counts", {"office": HOME, "articles": [{"article": "box-l", "pieces": 3}]}, keyed())


async def _correct(post: Post) -> Ask:
    entry_id = await booked(post, drawer=await open_drawer(post))
    return Ask(f"/cash/entries/{entry_id}/correction", {"reason": "Booked twice."}, keyed())


async def see(post: Post) -> Ask:
    """Say to have seen a correction, as the clerk whom it concerns."""
    return Ask(f"/cash/corrections/{await corrected_entry(post)}/seen")


async def show_drawer(post: Post) -> Ask:
    """Look into a drawer."""
    return Ask(f"/cash/drawers/{(await open_drawer(post)).drawer_id}")


async def show_lines(post: Post) -> Ask:
    """Look at what went through a drawer."""
    return Ask(f"/cash/drawers/{(await open_drawer(post)).drawer_id}/entries")


async def show_closing(post: Post) -> Ask:
    """Look at the sheet of a closing, with words on it."""
    return Ask(f"/cash/drawers/{(await closed_drawer(post)).drawer_id}/closing")


async def show_entry(post: Post) -> Ask:
    """Look at an entry, with words beside it."""
    return Ask(f"/cash/entries/{await booked(post, drawer=await open_drawer(post))}")


VALID: dict[str, Callable[[Post], Awaitable[Ask]]] = {
    "parcel POST /cash/drawers": _open,
    "parcel POST /cash/drawers/{drawer_id}/floats": _fill,
    "parcel POST /cash/drawers/{drawer_id}/hand-backs": _hand_back,
    "parcel POST /cash/drawers/{drawer_id}/closing": _close,
    "parcel PUT /cash/drawers/{drawer_id}/confirmed": _confirm,
    "parcel POST /cash/floats": _float,
    "parcel POST /cash/deposits": _deposit,
    "parcel POST /cash/transfers": _send,
    "parcel POST /cash/transfers/{transfer_id}/receipt": _receive,
    "parcel POST /cash/stock-receipts": _stock,
    "parcel POST /cash/stock-counts": _count_stock,
    "parcel POST /cash/entries/{entry_id}/correction": _correct,
}
