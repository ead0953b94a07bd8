"""The examples of the API's description are requests that succeed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from services.parcel.people.domain.session import Session, digest
from services.parcel.people.domain.sign_in_code import SignInCode
from services.parcel.people.domain.sign_in_code import digest as code_digest
from services.parcel.people.store import sessions, sign_in_codes, staff
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.ids import new_id
from shared.sealing import KeyRing
from tests.access.signed_in import actor_id
from tests.contracts.examples import Example, described
from tests.parcel.bodies import HOME, keyed
from tests.parcel.counter import Counter
from tests.parcel.customs.desk import PHOTO, Desk, itmatt_body
from tests.parcel.examples_ground import Ground, Prepare
from tests.parcel.examples_of_devices import DEVICES
from tests.parcel.examples_of_drafts import DRAFTS
from tests.parcel.examples_of_money import MONEY
from tests.parcel.people.second_factors import secret_of
from tests.parcel.people.shop import opened, owner_of_a_shop
from tests.parcel.posting.entrypoints.test_refunds_http import ask
from tests.parcel.practice.entrypoints.test_practice_http import bearer


async def _practice(ground: Ground, _example: Example) -> dict[str, str]:
    return bearer((await ground.owner.key(practice=True, scopes=["parcels:read", "parcels:write"]))["secret"])


async def _parcel(ground: Ground, _example: Example) -> dict[str, str]:
    ground.named["item_number"] = await ground.counter.registered()
    return ground.counter.signed_in()


async def _to_korea(ground: Ground, _example: Example) -> dict[str, str]:
    ground.named["item_number"] = await Desk(ground.counter).parcel_to_korea()
    return ground.counter.signed_in()


async def _inbound(ground: Ground, _example: Example) -> dict[str, str]:
    await Desk(ground.counter).take_in_ahead(itmatt_body(item_number="EE003431680FR"))
    ground.named["item_number"] = "EE003431680FR"
    return ground.counter.signed_in()


async def _paid(ground: Ground, example: Example) -> dict[str, str]:
    await _inbound(ground, example)
    headers = ground.counter.signed_in(Role.SUPERVISOR)
    path = "/inbound-items/EE003431680FR"
    await ground.counter.client.put(f"{path}/charges", json={"duty_minor": 12_000, "currency": "KHR"}, headers=headers)
    answer = await ground.counter.client.put(f"{path}/paid", headers=headers)
    assert answer.is_success, answer.text
    return headers


async def _inbound_that_waits(ground: Ground, example: Example) -> dict[str, str]:
    headers = await _inbound(ground, example)
    wanted = {"wanted": "an invoice"}
    answer = await ground.counter.client.put("/inbound-items/EE003431680FR/papers-asked", json=wanted, headers=headers)
    assert answer.is_success, answer.text
    return headers | {"Content-Type": "application/pdf"}


async def _attached(ground: Ground, example: Example) -> dict[str, str]:
    headers = await _inbound_that_waits(ground, example) | keyed()
    path = "/inbound-items/EE003431680FR/papers"
    answer = await ground.counter.client.post(path, content=PHOTO, headers=headers)
    assert answer.status_code == 201, answer.text
    ground.named["paper_id"] = answer.json()["paper_id"]
    return ground.counter.signed_in()


async def _inbound_by_hand(ground: Ground, _example: Example) -> dict[str, str]:
    await Desk(ground.counter).taken_in(item_number="EE471108151FR")
    ground.named["item_number"] = "EE471108151FR"
    return ground.counter.signed_in(Role.SUPERVISOR)


async def _refund(ground: Ground, _example: Example) -> dict[str, str]:
    answer = await ask(ground.counter, await ground.counter.registered())
    ground.named["request_id"] = answer.json()["request_id"]
    return ground.counter.signed_in(Role.SUPERVISOR)


async def _rate(ground: Ground, _example: Example) -> dict[str, str]:
    ground.named["day"] = str(now().astimezone(LOCAL).date())
    return ground.counter.signed_in(Role.ADMINISTRATOR)


async def _hired(ground: Ground, name: str, passphrase: str) -> str:
    body = {"name": name, "role": "clerk", "office": HOME, "passphrase": passphrase}
    headers = ground.counter.signed_in(Role.ADMINISTRATOR) | keyed()
    answer = await ground.counter.client.post("/staff", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["staff_id"])


async def _signing_in(ground: Ground, example: Example) -> dict[str, str]:
    await _hired(ground, example["name"], example["passphrase"])
    return {}


async def _who_changes(ground: Ground, example: Example) -> dict[str, str]:
    await _hired(ground, "heng bunrith", example["old"])
    body = {"name": "heng bunrith", "passphrase": example["old"]}
    return bearer((await ground.counter.client.post("/sessions", json=body)).json()["token"])


async def _who_enrols(ground: Ground, example: Example) -> dict[str, str]:
    await _hired(ground, "ros sothea", example["passphrase"])
    body = {"name": "ros sothea", "passphrase": example["passphrase"]}
    return bearer((await ground.counter.client.post("/sessions", json=body)).json()["token"])


async def _who_confirms(ground: Ground, example: Example) -> dict[str, str]:
    staff_id = UUID(await _hired(ground, "keo chenda", "words of hers alone"))
    body = {"name": "keo chenda", "passphrase": "words of hers alone"}
    headers = bearer((await ground.counter.client.post("/sessions", json=body)).json()["token"])
    sealed = ground.key_ring.seal(secret_of(example["code"]).encode(), str(staff_id))
    async with ground.database.connection() as connection:
        await staff.keep_enrolled(connection, staff_id, sealed)
    return headers


async def _who_forgot(ground: Ground, _example: Example) -> dict[str, str]:
    ground.named["staff_id"] = await _hired(ground, "vong pisey", "words that were forgotten")
    return ground.counter.signed_in(Role.ADMINISTRATOR)


async def _who_is_at_work(ground: Ground, _example: Example) -> dict[str, str]:
    ground.named["staff_id"] = await _hired(ground, "prak sreyneang", "words of one at work")
    return ground.counter.signed_in(Role.ADMINISTRATOR)


async def _who_left(ground: Ground, _example: Example) -> dict[str, str]:
    ground.named["staff_id"] = await _hired(ground, "meas sopheap", "words of one who left")
    headers = ground.counter.signed_in(Role.ADMINISTRATOR)
    path = f"/staff/{ground.named['staff_id']}/disabled"
    assert (await ground.counter.client.put(path, headers=headers)).status_code == 204
    return headers


async def _session(ground: Ground, example: Example) -> dict[str, str]:
    session = Session(new_id(), actor_id(Role.CLERK, HOME), began_at=now(), used_at=now())
    async with ground.database.connection() as connection:
        await connection.execute("delete from session where secret_sha256 = $1", digest(example["session"]))
        await sessions.add(connection, session, digest(example["session"]))
    return {}


async def _code(ground: Ground, example: Example) -> dict[str, str]:
    phone = "+855" + example["phone"].replace(" ", "").removeprefix("0")
    await opened(ground.counter, owner={"name": "Sok Dara", "phone": example["phone"]})
    sent = SignInCode(phone, code_digest(phone, example["code"]), 0, now(), now() + timedelta(minutes=5))
    async with ground.database.connection() as connection:
        await sign_in_codes.keep(connection, sent)
    return {}


async def _key(ground: Ground, _example: Example) -> dict[str, str]:
    ground.named["key_id"] = (await ground.owner.key())["key_id"]
    return ground.owner.headers


async def _supervisor(ground: Ground, _example: Example) -> dict[str, str]:
    return ground.counter.signed_in(Role.SUPERVISOR)


async def _nobody(_ground: Ground, _example: Example) -> dict[str, str]:
    return {}


PREPARED: dict[tuple[str, str], Prepare] = (
    DEVICES
    | DRAFTS
    | MONEY
    | {
        ("POST", "/practice/parcels"): _practice,
        ("PUT", "/parcels/{item_number}/recipient"): _parcel,
        ("POST", "/parcels/{item_number}/refunds"): _parcel,
        ("PUT", "/parcels/{item_number}/customs-declaration"): _to_korea,
        ("PUT", "/inbound-items/{item_number}/addressee"): _inbound,
        ("POST", "/inbound-items/{item_number}/withdrawal"): _inbound_by_hand,
        ("PUT", "/inbound-items/{item_number}/charges"): _inbound,
        ("PUT", "/inbound-items/{item_number}/unpaid"): _paid,
        ("PUT", "/inbound-items/{item_number}/papers-asked"): _inbound,
        ("POST", "/inbound-items/{item_number}/papers"): _inbound_that_waits,
        ("PUT", "/inbound-items/{item_number}/papers/{paper_id}/withdrawal"): _attached,
        ("POST", "/refunds/{request_id}/decision"): _refund,
        ("PUT", "/exchange-rates/{day}"): _rate,
        ("POST", "/sessions"): _signing_in,
        ("POST", "/sessions/renewals"): _session,
        ("POST", "/sessions/endings"): _session,
        ("PUT", "/staff/me/passphrase"): _who_changes,
        ("PUT", "/staff/me/second-factor"): _who_enrols,
        ("PUT", "/staff/me/second-factor/confirmation"): _who_confirms,
        ("PUT", "/staff/{staff_id}/enabled"): _who_left,
        ("PUT", "/staff/{staff_id}/passphrase"): _who_forgot,
        ("PUT", "/staff/{staff_id}/phone"): _who_is_at_work,
        ("POST", "/devices"): _supervisor,
        ("POST", "/trader-sessions"): _code,
        ("POST", "/trader-sessions/codes"): _nobody,
        ("POST", "/traders/{trader_id}/keys/{key_id}/rotation"): _key,
        ("POST", "/drafts"): _nobody,
    }
)
"""What must be there before a request can succeed."""
AS = {
    "/offices/{office}": Role.ADMINISTRATOR,
    "/number-ranges/{indicator}/{first_serial}": Role.ADMINISTRATOR,
    "/staff": Role.OFFICE_MANAGER,
    "/cod/bank-statements": Role.ADMINISTRATOR,
}
"""Who sends a request; a clerk if nothing is said, the shop itself for what is the shop's own."""
OF_THE_SHOP = tuple(
    f"/traders/{{trader_id}}/{what}" for what in ("keys", "addresses", "drafts", "drafts/batch", "imports")
)


async def _headers(ground: Ground, method: str, path: str, example: Example) -> dict[str, str]:
    """Prepare what a request needs; returns who sends it."""
    if prepare := PREPARED.get((method, path)):
        return await prepare(ground, example)
    return ground.owner.headers if path in OF_THE_SHOP else ground.counter.signed_in(AS.get(path, Role.CLERK))


async def test_each_example_succeeds_as_it_stands(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await owner_of_a_shop(counter, parcel_db, key_ring)
    named = {"trader_id": owner.trader_id, "office": "TK09A", "indicator": "PE", "first_serial": "50000000"}
    ground = Ground(counter, parcel_db, owner, key_ring, named)
    refused, sent = [], 0
    for method, path, example in described(app):
        headers = await _headers(ground, method, path, example) | keyed()
        body: dict[str, Any] = {"content": example.encode()} if isinstance(example, str) else {"json": example}
        answer = await counter.client.request(method, path.format(**ground.named), headers=headers, **body)
        if not answer.is_success:
            refused.append((method, path, answer.text[-300:]))
        sent += 1
    assert refused == []
    assert sent >= 30
