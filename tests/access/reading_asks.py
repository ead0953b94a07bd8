"""For each route that shows staff the data of people one request, about people who are there."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from services.parcel.customs.domain.inbound import PapersState
from services.parcel.customs.store import inbound_items, papers
from services.parcel.customs.store.inbound_items import InboundMovement
from shared.access.roles import Role
from shared.contracts.states import CustomerState
from tests.access import cash_asks, claims_asks, cod_asks
from tests.access.asks import Ask
from tests.access.customs_asks import declare, foreign_number, inbound
from tests.access.running_post import Post
from tests.access.signed_in import SHOPS, actor_id, good
from tests.access.writing_routes import VALID, colleague, registered
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.customs.desk import hand_body, itmatt_body
from tests.parcel.customs.inbound import ITEM

Asking = Callable[[Post], Awaitable[Ask]]


async def _declared(post: Post) -> str:
    """Register a parcel to Korea and declare what it holds; returns its path."""
    wanted = await declare(post)
    headers = good(post.key, actor_id(Role.CLERK, HOME))
    answer = await post.clients["parcel"].put(wanted.path, json=wanted.body, headers=headers)
    assert answer.is_success, answer.text
    return wanted.path.removesuffix("/customs-declaration")


def _of_a_parcel(beneath: str) -> Asking:
    async def ask(post: Post) -> Ask:
        return Ask(await _declared(post) + beneath)

    return ask


def _once_findable(path: str) -> Asking:
    async def ask(post: Post) -> Ask:
        await registered(post)
        await post.digest("parcel")
        return Ask(path)

    return ask


async def _refunds(post: Post) -> Ask:
    wanted = await VALID["parcel POST /parcels/{item_number}/refunds"](post)
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | wanted.headers
    answer = await post.clients["parcel"].post(wanted.path, json=wanted.body, headers=headers)
    assert answer.is_success, answer.text
    return Ask(wanted.path)


async def _waiting_refunds(post: Post) -> Ask:
    await _refunds(post)
    return Ask(f"/refunds?office={HOME}")


async def _inbound(post: Post) -> Ask:
    return Ask(f"/inbound-items/{await inbound(post)}")


async def _inbound_list(post: Post) -> Ask:
    await inbound(post)
    return Ask(f"/inbound-items?office={HOME}")


async def _inbound_table(post: Post) -> Ask:
    await inbound(post)
    return Ask(f"/inbound-items.csv?office={HOME}")


async def _paper(post: Post) -> Ask:
    number = await inbound(post, papers=PapersState.PHOTOGRAPHED)
    async with post.service("parcel").database.connection() as connection:
        (paper,) = await papers.of_item(connection, number)
    return Ask(f"/inbound-items/{number}/papers/{paper.paper_id}")


async def _told_ahead(post: Post, office: str) -> str:
    """Let another office take in what a post tells ahead of an item; returns its number."""
    number = foreign_number()
    body = {"office": office, "itmatt": itmatt_body(item_number=number)}
    headers = good(post.key, actor_id(Role.CLERK, office)) | keyed()
    answer = await post.clients["parcel"].post("/inbound-items/advance-data", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return number


async def _complete(post: Post) -> Ask:
    number = await _told_ahead(post, AWAY)
    async with post.service("parcel").database.transaction() as tx:
        await inbound_items.follow(tx, [InboundMovement(number, 1, 1, CustomerState.ARRIVED, HOME)])
    return Ask("/inbound-items", hand_body(item_number=number, office=HOME, collecting_office=HOME), keyed())


async def _tell_again(post: Post) -> Ask:
    item = replace(ITEM, item_number=foreign_number(), collecting_office=HOME)
    async with post.service("parcel").database.transaction() as tx:
        await inbound_items.add(tx, item)
    body = {"office": HOME, "itmatt": itmatt_body(item_number=item.item_number)}
    return Ask("/inbound-items/advance-data", body, keyed())


async def _staff(post: Post) -> Ask:
    await colleague(post)
    return Ask("/staff")


async def _reads_of_a_colleague(post: Post) -> Ask:
    return Ask(f"/staff/{await colleague(post)}/reads")


async def _addresses(post: Post) -> Ask:
    wanted = await VALID["parcel DELETE /traders/{trader_id}/addresses/{entry_id}"](post)
    return Ask(wanted.path.rpartition("/")[0])


async def _stickers(post: Post) -> Ask:
    wanted = await VALID["parcel POST /sticker-ranges"](post)
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | wanted.headers
    answer = await post.clients["parcel"].post(wanted.path, json=wanted.body, headers=headers)
    assert answer.is_success, answer.text
    return Ask(f"/sticker-ranges/{answer.json()['first_number']}/stickers")


def _at(path: str) -> Asking:
    async def ask(_post: Post) -> Ask:
        return Ask(path)

    return ask


READS: dict[str, Asking] = {
    "parcel GET /parcels": _once_findable(f"/parcels?office={HOME}"),
    "parcel GET /parcels.csv": _once_findable(f"/parcels.csv?office={HOME}"),
    "parcel GET /parcels/search": _once_findable("/parcels/search?q=Sok"),
    "parcel GET /parties": _once_findable("/parties?phone=012345678"),
    "parcel GET /parcels/{item_number}": _of_a_parcel(""),
    "parcel GET /parcels/{item_number}/advance-data": _of_a_parcel("/advance-data"),
    "parcel GET /parcels/{item_number}/customs-declaration": _of_a_parcel("/customs-declaration"),
    "parcel GET /parcels/{item_number}/customs-form": _of_a_parcel("/customs-form"),
    "parcel GET /parcels/{item_number}/label": _of_a_parcel("/label"),
    "parcel GET /parcels/{item_number}/receipt": _of_a_parcel("/receipt"),
    "parcel GET /parcels/{item_number}/refunds": _refunds,
    "parcel GET /refunds": _waiting_refunds,
    "parcel GET /cash/drawers/{drawer_id}/closing": cash_asks.show_closing,
    "parcel GET /cash/entries/{entry_id}": cash_asks.show_entry,
    "parcel GET /claims/{claim_id}": claims_asks.show,
    "parcel GET /cod/batches/{batch_id}/file.csv": cod_asks.show_file,
    "parcel GET /traders/{trader_id}/cod-statement": cod_asks.statement("cod-statement"),
    "parcel GET /traders/{trader_id}/cod-statement.csv": cod_asks.statement("cod-statement.csv"),
    "parcel GET /inbound-items": _inbound_list,
    "parcel GET /inbound-items.csv": _inbound_table,
    "parcel GET /inbound-items/{item_number}": _inbound,
    "parcel GET /inbound-items/{item_number}/papers/{paper_id}": _paper,
    "parcel POST /inbound-items": _complete,
    "parcel POST /inbound-items/advance-data": _tell_again,
    "parcel GET /staff": _staff,
    "parcel GET /traders": _at("/traders"),
    "parcel GET /traders/{trader_id}": _at(f"/traders/{SHOPS[HOME]}"),
    "parcel GET /traders/{trader_id}/addresses": _addresses,
    "parcel GET /traders/{trader_id}/keys": _at(f"/traders/{SHOPS[HOME]}/keys"),
}
SHOWN = READS | {
    "parcel GET /parcels/{item_number}/claims": claims_asks.show_of_item,
    "parcel GET /cod/batches/{batch_id}": cod_asks.show_batch,
    "parcel GET /cash/drawers/{drawer_id}": cash_asks.show_drawer,
    "parcel GET /cash/drawers/{drawer_id}/entries": cash_asks.show_lines,
    "parcel GET /parcels/{item_number}/price": _of_a_parcel("/price"),
    "parcel GET /parcels/{item_number}/prints": _of_a_parcel("/prints"),
    "parcel GET /parcels/{item_number}/reads": _of_a_parcel("/reads"),
    "parcel GET /staff/{staff_id}/reads": _reads_of_a_colleague,
    "parcel GET /sticker-ranges/{item_number}/stickers": _stickers,
    "parcel GET /traders/{trader_id}/reads": _at(f"/traders/{SHOPS[HOME]}/reads"),
}
"""Those that show what names no person as well."""
