"""Requests for the routes that the walls' tests leave out: for anyone, about oneself, and for practice."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pyotp

from shared.access.roles import Role
from shared.access.scopes import Scope
from shared.clock import now
from tests.access import cash_asks
from tests.access.asks import Ask
from tests.access.running_post import Post
from tests.access.signed_in import SHOPS, actor_id, bearer, good
from tests.access.test_stolen_devices import stand_in
from tests.canaries.canaries import phone, word
from tests.parcel.bodies import HOME, keyed, parcel_body
from tests.parcel.devices.counter_device import CounterDevice
from tests.parcel.drafts.shop import draft_body
from tests.parcel.people.shop import shop_body

PASSPHRASE = f"{word('passphrase')} four words of mine"


async def _asked(post: Post, method: str, path: str, body: object, headers: dict[str, str]) -> dict[str, str]:
    answer = await post.clients["parcel"].request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    told: dict[str, str] = answer.json()
    return told


async def clerk(post: Post) -> dict[str, str]:
    """Let a clerk work here who signs in; returns the headers of their requests."""
    name = word("clerk")
    body = {"name": name, "role": "clerk", "office": HOME, "passphrase": PASSPHRASE}
    await _asked(post, "POST", "/staff", body, good(post.key, actor_id(Role.OFFICE_MANAGER, HOME)) | keyed())
    session = await _asked(post, "POST", "/sessions", {"name": name, "passphrase": PASSPHRASE}, {})
    return bearer(session["token"])


async def practising(post: Post) -> dict[str, str]:
    """Make a practice key for a shop; returns the headers of its requests."""
    scopes = [Scope.PARCELS_READ.value, Scope.PARCELS_WRITE.value]
    body = {"label": word("label"), "scopes": scopes, "practice": True}
    headers = good(post.key, actor_id(Role.TRADER, HOME))
    key = await _asked(post, "POST", f"/traders/{SHOPS[HOME]}/keys", body, headers)
    service = post.service("parcel")
    await service.directory.refresh(service.database)
    return bearer(key["secret"])


async def _sign_in(_post: Post) -> Ask:
    return Ask("/sessions", {"name": "nobody", "passphrase": "wrong"})


async def _renew(_post: Post) -> Ask:
    return Ask("/sessions/renewals", {"session": "x" * 43})


async def _end(_post: Post) -> Ask:
    return Ask("/sessions/endings", {"session": "x" * 43})


async def _sign_in_by_code(_post: Post) -> Ask:
    return Ask("/trader-sessions", {"phone": phone(), "code": "000000"})


async def _ask_for_code(post: Post) -> Ask:
    theirs = phone()
    body = shop_body(office=HOME, owner={"name": word("owner"), "phone": theirs})
    await _asked(post, "POST", "/traders", body, good(post.key, actor_id(Role.CLERK, HOME)) | keyed())
    return Ask("/trader-sessions/codes", {"phone": theirs})


async def _see(post: Post) -> Ask:
    wanted = await cash_asks.see(post)
    return Ask(wanted.path, headers=good(post.key, actor_id(Role.CLERK, HOME)))


async def _link(_post: Post) -> Ask:
    return Ask(f"/inbox/phones/{phone()}/telegram")


async def _change_passphrase(post: Post) -> Ask:
    return Ask("/staff/me/passphrase", {"old": PASSPHRASE, "new": f"{PASSPHRASE} again"}, await clerk(post))


async def _enrol(post: Post) -> Ask:
    return Ask("/staff/me/second-factor", {"passphrase": PASSPHRASE}, await clerk(post))


async def _confirm(post: Post) -> Ask:
    headers = await clerk(post)
    enrolled = await _asked(post, "PUT", "/staff/me/second-factor", {"passphrase": PASSPHRASE}, headers)
    return Ask("/staff/me/second-factor/confirmation", {"code": pyotp.TOTP(enrolled["secret"]).now()}, headers)


async def _practise(post: Post) -> Ask:
    return Ask(
        "/practice/parcels", parcel_body(), await practising(post) | keyed(f"{word('key').split()[0]}-{uuid4()}")
    )


async def _step(post: Post) -> Ask:
    headers = await practising(post)
    made = await _asked(post, "POST", "/practice/parcels", parcel_body(), headers | keyed())
    return Ask(f"/practice/parcels/{made['item_number']}/steps", headers=headers)


async def _announce(_post: Post) -> Ask:
    return Ask("/drafts", draft_body(office=HOME), keyed())


async def _send_key(post: Post) -> Ask:
    headers = good(post.key, actor_id(Role.SUPERVISOR, HOME))
    shown = await _asked(post, "POST", "/devices", {"office": HOME, "label": word("label")}, headers)
    one = CounterDevice(post.clients["parcel"], UUID(shown["device_id"]))
    return Ask(f"/devices/{one.device_id}/key", {"code": shown["code"], "public_key": one.public_key})


async def _sign_in_on_device(post: Post) -> Ask:
    one = await stand_in(post)
    return Ask(f"/devices/{one.device_id}/sessions", {"name": "nobody", "passphrase": "wrong"}, sign=one.headers)


async def _lease(post: Post) -> Ask:
    one = await stand_in(post)
    body = {"indicator": "PD", "unused": 0}
    return Ask(f"/devices/{one.device_id}/number-blocks", body, keyed(), sign=one.headers)


async def _send_records(post: Post) -> Ask:
    one = await stand_in(post)
    one.service = "tracking"
    body = {"sent_at": now().isoformat(), "passes": [], "records": ["x.y.z"]}
    return Ask(f"/devices/{one.device_id}/records", body, sign=one.headers)


MORE: dict[str, Callable[[Post], Awaitable[Ask]]] = {
    "parcel POST /sessions": _sign_in,
    "parcel POST /sessions/renewals": _renew,
    "parcel POST /sessions/endings": _end,
    "parcel POST /trader-sessions": _sign_in_by_code,
    "parcel POST /trader-sessions/codes": _ask_for_code,
    "parcel PUT /staff/me/passphrase": _change_passphrase,
    "parcel PUT /staff/me/second-factor": _enrol,
    "parcel PUT /staff/me/second-factor/confirmation": _confirm,
    "parcel POST /drafts": _announce,
    "parcel PUT /cash/corrections/{entry_id}/seen": _see,
    "parcel POST /devices/{device_id}/key": _send_key,
    "parcel POST /devices/{device_id}/number-blocks": _lease,
    "parcel POST /devices/{device_id}/sessions": _sign_in_on_device,
    "tracking POST /devices/{device_id}/records": _send_records,
    "parcel POST /practice/parcels": _practise,
    "parcel POST /practice/parcels/{item_number}/steps": _step,
    "notifications POST /inbox/phones/{phone}/telegram": _link,
}
REFUSED = {
    "parcel POST /sessions",
    "parcel POST /sessions/renewals",
    "parcel POST /trader-sessions",
    "parcel POST /devices/{device_id}/sessions",
}
"""What a stranger asks with a name, a session or a code of their own making."""
