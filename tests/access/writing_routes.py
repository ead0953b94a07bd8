"""Every route that writes, read off the three applications, and for each that has a wall one valid request."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.parcel.people.domain.address_book import Entry
from services.parcel.people.domain.api_key import ApiKey
from services.parcel.people.domain.staff import Staff
from services.parcel.people.domain.trader import Member
from services.parcel.people.store import address_book, staff, traders
from services.parcel.people.use_cases.add_member import add_member
from services.parcel.people.use_cases.add_staff import add_staff
from services.parcel.people.use_cases.make_key import make_key
from shared.access.roles import Actor, Role
from shared.access.scopes import Scope
from shared.clock import LOCAL, now
from shared.ids import new_id
from tests.access import cash_asks, claims_asks, cod_asks, customs_asks
from tests.access.asks import Ask
from tests.access.routes import Route, every_route
from tests.access.running_post import Post, shop
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import HOME, THIRD, keyed, parcel_body

PASSPHRASE = "four words of mine"


def writing_routes() -> list[Route]:
    """Return every route that writes."""
    return [route for route in every_route() if route.writes]


async def registered(post: Post) -> str:
    """Register a parcel at the home office; returns its number."""
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | keyed()
    answer = await post.clients["parcel"].post("/parcels", json=parcel_body(trader=str(SHOPS[HOME])), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["item_number"])


async def colleague(post: Post, office: str = HOME) -> UUID:
    """Add a clerk; returns the id."""
    person = Staff(new_id(), f"clerk {new_id()}", "no hash", Role.CLERK, office)
    service = post.service("parcel")
    async with service.database.transaction() as tx:
        await add_staff(tx, service.outbox, person)
        assert await staff.by_name(tx, person.name)
    return person.staff_id


def scan_body() -> dict[str, Any]:
    """Return a scan of a parcel that arrived at the home office."""
    return {
        "scan_id": str(new_id()),
        "item_number": "RR473124829GB",
        "event_code": "EDD",
        "device_time": now().isoformat(),
        "office": HOME,
    }


async def _register(_post: Post) -> Ask:
    return Ask("/parcels", parcel_body(), keyed())


async def _correct(post: Post) -> Ask:
    return Ask(f"/parcels/{await registered(post)}/recipient", {"name": "Chan Sophea", "phone": "011 222 333"})


async def _cancel(post: Post) -> Ask:
    return Ask(f"/parcels/{await registered(post)}/cancellation")


async def _reserve(_post: Post) -> Ask:
    return Ask("/number-blocks", {"office": HOME, "indicator": "PD", "size": 10}, keyed())


async def _reserve_stickers(_post: Post) -> Ask:
    return Ask("/sticker-ranges", {"office": HOME, "indicator": "PD", "count": 3}, keyed())


async def _grant_range(_post: Post) -> Ask:
    first = secrets.randbelow(100_000_000)
    return Ask(f"/number-ranges/PE/{first}", {"last_serial": first})


async def _disable(post: Post) -> Ask:
    return Ask(f"/staff/{await colleague(post)}/disabled")


async def _enable(post: Post) -> Ask:
    staff_id = await colleague(post)
    async with post.service("parcel").database.transaction() as tx:
        await staff.disable(tx, staff_id, now())
    return Ask(f"/staff/{staff_id}/enabled", {"passphrase": PASSPHRASE})


async def _reset(post: Post) -> Ask:
    return Ask(f"/staff/{await colleague(post)}/passphrase", {"passphrase": PASSPHRASE})


async def _note_phone(post: Post) -> Ask:
    return Ask(f"/staff/{await colleague(post)}/phone", {"phone": _phone()})


async def _hire(_post: Post) -> Ask:
    body = {"name": f"clerk {new_id()}", "role": "clerk", "office": HOME, "passphrase": PASSPHRASE}
    return Ask("/staff", body, keyed())


async def _set_office(_post: Post) -> Ask:
    body = {"name_km": "a", "name_en": f"{new_id()}", "office_kind": "ctc", "district_code": "2101"}
    return Ask(f"/offices/{THIRD}", body)


def _phone() -> str:
    return f"012 {secrets.randbelow(900_000) + 100_000}"


async def _open_shop(_post: Post) -> Ask:
    owner = {"name": "Sok Dara", "phone": _phone()}
    body = {"shop_name": "Shop", "identity_kind": "other", "identity_number": "1", "owner": owner, "office": HOME}
    return Ask("/traders", body, keyed())


async def _add_member(_post: Post) -> Ask:
    return Ask(f"/traders/{SHOPS[HOME]}/members", {"name": "Chan Thida", "phone": _phone()}, keyed())


async def _remove_member(post: Post) -> Ask:
    member = Member(new_id(), SHOPS[HOME], "Chan Thida", f"+855{_phone()}", "km", "member", now())
    service = post.service("parcel")
    async with service.database.transaction() as tx:
        await add_member(tx, service.outbox, Actor("tests", Role.ADMINISTRATOR, None), member)
    return Ask(f"/traders/{SHOPS[HOME]}/members/{member.member_id}/disabled")


async def _close_shop(post: Post) -> Ask:
    trader = replace(shop(HOME), trader_id=new_id())
    async with post.service("parcel").database.transaction() as tx:
        await traders.add(tx, trader)
    return Ask(f"/traders/{trader.trader_id}/disabled")


async def _made_key(post: Post) -> ApiKey:
    service = post.service("parcel")
    async with service.database.transaction() as tx:
        scopes = (Scope.ADDRESSES,)
        key, _ = await make_key(tx, service.outbox, SHOPS[HOME], "x", scopes, "tests", now(), practice=False)
    return key


async def _make_key(_post: Post) -> Ask:
    return Ask(f"/traders/{SHOPS[HOME]}/keys", {"label": "x", "scopes": ["addresses"]})


async def _rotate_key(post: Post) -> Ask:
    return Ask(f"/traders/{SHOPS[HOME]}/keys/{(await _made_key(post)).key_id}/rotation", {})


async def _revoke_key(post: Post) -> Ask:
    return Ask(f"/traders/{SHOPS[HOME]}/keys/{(await _made_key(post)).key_id}/revoked")


async def _keep_address(_post: Post) -> Ask:
    return Ask(f"/traders/{SHOPS[HOME]}/addresses", {"name": "Chan Thida", "phone": _phone()})


async def _forget_address(post: Post) -> Ask:
    entry = Entry(new_id(), SHOPS[HOME], "Chan Thida", f"+855{_phone()}", "km", "KH")
    async with post.service("parcel").database.transaction() as tx:
        await address_book.keep(tx, entry, now())
    return Ask(f"/traders/{SHOPS[HOME]}/addresses/{entry.entry_id}")


async def _quote(_post: Post) -> Ask:
    return Ask("/quotes", {"office": HOME, "weight_g": 1200, "collecting_office": THIRD})


async def _set_rate(_post: Post) -> Ask:
    return Ask(f"/exchange-rates/{now().astimezone(LOCAL):%Y-%m-%d}", {"riel_per_usd": 4000 + secrets.randbelow(100)})


async def _ask_for_refund(post: Post) -> Ask:
    body = {"kind": "refund", "amount_minor": 100, "reason": "Weighed wrongly."}
    return Ask(f"/parcels/{await registered(post)}/refunds", body, keyed())


async def _decide_refund(post: Post) -> Ask:
    wanted = await _ask_for_refund(post)
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | wanted.headers
    answer = await post.clients["parcel"].post(wanted.path, json=wanted.body, headers=headers)
    assert answer.status_code == 201, answer.text
    return Ask(f"/refunds/{answer.json()['request_id']}/decision", {"decision": "granted"})


async def _pay(post: Post) -> Ask:
    drawer = await cash_asks.open_drawer(post)
    number = await registered(post)
    body = {"item_numbers": [number], "received": [{"amount_minor": 5_000, "currency": "KHR"}]}
    return Ask(f"/cash/drawers/{drawer.drawer_id}/payments", body, keyed())


async def _pay_back(post: Post) -> Ask:
    decision = await _decide_refund(post)
    headers = good(post.key, actor_id(Role.SUPERVISOR, HOME))
    answer = await post.clients["parcel"].post(decision.path, json=decision.body, headers=headers)
    assert answer.is_success, answer.text
    drawer = await cash_asks.open_drawer(post)
    return Ask(f"/cash/drawers/{drawer.drawer_id}/refunds/{answer.json()['request_id']}")


async def _scan(_post: Post) -> Ask:
    return Ask("/scans", scan_body())


async def _scan_list(_post: Post) -> Ask:
    return Ask("/scans/batch", {"scans": [scan_body(), scan_body()]})


VALID: dict[str, Callable[[Post], Awaitable[Ask]]] = (
    cash_asks.VALID
    | claims_asks.VALID
    | cod_asks.VALID
    | customs_asks.VALID
    | {
        "parcel POST /parcels": _register,
        "parcel PUT /parcels/{item_number}/recipient": _correct,
        "parcel POST /parcels/{item_number}/cancellation": _cancel,
        "parcel POST /number-blocks": _reserve,
        "parcel PUT /number-ranges/{indicator}/{first_serial}": _grant_range,
        "parcel POST /sticker-ranges": _reserve_stickers,
        "parcel PUT /staff/{staff_id}/disabled": _disable,
        "parcel PUT /staff/{staff_id}/enabled": _enable,
        "parcel PUT /staff/{staff_id}/passphrase": _reset,
        "parcel PUT /staff/{staff_id}/phone": _note_phone,
        "parcel POST /staff": _hire,
        "parcel PUT /offices/{office}": _set_office,
        "parcel POST /traders": _open_shop,
        "parcel POST /traders/{trader_id}/members": _add_member,
        "parcel PUT /traders/{trader_id}/members/{member_id}/disabled": _remove_member,
        "parcel PUT /traders/{trader_id}/disabled": _close_shop,
        "parcel POST /traders/{trader_id}/keys": _make_key,
        "parcel POST /traders/{trader_id}/keys/{key_id}/rotation": _rotate_key,
        "parcel PUT /traders/{trader_id}/keys/{key_id}/revoked": _revoke_key,
        "parcel PUT /traders/{trader_id}/addresses": _keep_address,
        "parcel DELETE /traders/{trader_id}/addresses/{entry_id}": _forget_address,
        "parcel POST /quotes": _quote,
        "parcel PUT /exchange-rates/{day}": _set_rate,
        "parcel POST /parcels/{item_number}/refunds": _ask_for_refund,
        "parcel POST /refunds/{request_id}/decision": _decide_refund,
        "parcel POST /cash/drawers/{drawer_id}/payments": _pay,
        "parcel PUT /cash/drawers/{drawer_id}/refunds/{request_id}": _pay_back,
        "tracking POST /scans": _scan,
        "tracking POST /scans/batch": _scan_list,
    }
)
