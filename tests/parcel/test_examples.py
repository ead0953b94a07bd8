"""The examples of the API's description are requests that succeed."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.store import drawers
from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.domain.payout import Batch, Payout
from services.parcel.cod.store import batches, cod_items
from services.parcel.cod.use_cases.propose_batch import propose_batch
from services.parcel.people.domain.session import Session, digest
from services.parcel.people.domain.sign_in_code import SignInCode
from services.parcel.people.domain.sign_in_code import digest as code_digest
from services.parcel.people.store import sessions, sign_in_codes, staff
from shared.access.roles import Actor, Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.ids import new_id
from shared.s10 import ItemNumber
from shared.sealing import KeyRing
from tests.access.signed_in import actor_id
from tests.contracts.examples import Example, described
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.cash.till import Till, dollars, riel
from tests.parcel.claims.asking import Asking
from tests.parcel.counter import Counter
from tests.parcel.customs.desk import PHOTO, Desk, itmatt_body
from tests.parcel.people.second_factors import secret_of
from tests.parcel.people.shop import Owner, opened, owner_of_a_shop
from tests.parcel.posting.entrypoints.test_refunds_http import ask
from tests.parcel.practice.entrypoints.test_practice_http import bearer


@dataclass
class Ground:
    """Where examples are sent: what is in the database before, and who sends them."""

    counter: Counter
    database: Database
    owner: Owner
    key_ring: KeyRing
    named: dict[str, str] = field(default_factory=dict)
    """What stands for the names in a path."""

    async def headers(self, method: str, path: str, example: Example) -> dict[str, str]:
        """Prepare what a request needs; returns who sends it."""
        prepare = PREPARED.get((method, path))
        if prepare:
            return await prepare(self, example)
        return self.owner.headers if path in OF_THE_SHOP else self.counter.signed_in(AS.get(path, Role.CLERK))


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


def _claim(state: str, role: Role) -> Callable[[Ground, Example], Awaitable[dict[str, str]]]:
    async def prepare(ground: Ground, _example: Example) -> dict[str, str]:
        path = await Asking(Till(ground.counter)).taken_to(state, await ground.counter.registered())
        ground.named["claim_id"] = path.removeprefix("/claims/")
        return ground.counter.signed_in(role)

    return prepare


async def _nobody(_ground: Ground, _example: Example) -> dict[str, str]:
    return {}


PREPARED: dict[tuple[str, str], Callable[[Ground, Example], Awaitable[dict[str, str]]]] = {
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
    ("POST", "/trader-sessions"): _code,
    ("POST", "/trader-sessions/codes"): _nobody,
    ("POST", "/traders/{trader_id}/keys/{key_id}/rotation"): _key,
    ("POST", "/cash/drawers/{drawer_id}/floats"): _drawer,
    ("POST", "/cash/drawers/{drawer_id}/hand-backs"): _drawer,
    ("POST", "/cash/drawers/{drawer_id}/closing"): _drawer,
    ("POST", "/cash/drawers/{drawer_id}/payments"): _drawer,
    ("POST", "/cod/payouts/{payout_id}/cash"): _fetched,
    ("POST", "/cod/remittances"): _owing,
    ("POST", "/cod/batches"): _collected,
    ("POST", "/cod/batches/{batch_id}/decision"): _proposed,
    ("POST", "/cod/batches/{batch_id}/paid"): _approved,
    ("POST", "/parcels/{item_number}/claims"): _parcel,
    ("POST", "/claims/{claim_id}/answer"): _claim("enquired", Role.SUPERVISOR),
    ("POST", "/claims/{claim_id}/closing"): _claim("enquired", Role.SUPERVISOR),
    ("POST", "/claims/{claim_id}/proposal"): _claim("answered", Role.SUPERVISOR),
    ("POST", "/claims/{claim_id}/decision"): _claim("proposed", Role.OFFICE_MANAGER),
    ("PUT", "/claims/{claim_id}/payment"): _claim("granted", Role.ADMINISTRATOR),
    ("POST", "/claims/{claim_id}/found-later"): _claim("paid", Role.CLERK),
    ("POST", "/cash/floats"): _cash,
    ("POST", "/cash/deposits"): _cash,
    ("POST", "/cash/transfers"): _cash,
    ("POST", "/cash/transfers/{transfer_id}/receipt"): _sent,
    ("POST", "/cash/stock-counts"): _cash,
    ("POST", "/cash/entries/{entry_id}/correction"): _booked,
}
"""What must be there before a request can succeed."""
AS = {
    "/offices/{office}": Role.ADMINISTRATOR,
    "/number-ranges/{indicator}/{first_serial}": Role.ADMINISTRATOR,
    "/staff": Role.OFFICE_MANAGER,
    "/cod/bank-statements": Role.ADMINISTRATOR,
}
"""Who sends a request; a clerk if nothing is said, the shop itself for what is the shop's own."""
OF_THE_SHOP = ("/traders/{trader_id}/keys", "/traders/{trader_id}/addresses")


async def test_each_example_succeeds_as_it_stands(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await owner_of_a_shop(counter, parcel_db, key_ring)
    named = {"trader_id": owner.trader_id, "office": "TK09A", "indicator": "PE", "first_serial": "50000000"}
    ground = Ground(counter, parcel_db, owner, key_ring, named)
    refused, sent = [], 0
    for method, path, example in described(app):
        headers = await ground.headers(method, path, example) | keyed()
        body: dict[str, Any] = {"content": example.encode()} if isinstance(example, str) else {"json": example}
        answer = await counter.client.request(method, path.format(**ground.named), headers=headers, **body)
        if not answer.is_success:
            refused.append((method, path, answer.text[-300:]))
        sent += 1
    assert refused == []
    assert sent >= 30
