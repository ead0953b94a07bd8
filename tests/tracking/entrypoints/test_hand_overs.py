"""A hand-over is one command that carries what was paid: told once, and held back by the rule of its office."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.tracking.entrypoints.consumers import handlers
from shared.access import directory
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.directory import HandOverRule
from shared.contracts.envelope import Event
from shared.contracts.parcel import ParcelCodBookedV1, ParcelRegisteredV1
from shared.contracts.tracking import ParcelHandedOverV1
from shared.db.connection import Database
from shared.ids import new_id
from tests.tracking.entrypoints.conftest import OFFICES, SignIn, office_called
from tests.tracking.entrypoints.test_http import form

OURS = "PD100000003KH"
DRAWER = "01a22f17-10c6-75dc-976e-a143d825f330"
RIEL = {"amount_minor": 52_000, "currency": "KHR"}
CASH = {"method": "cash", "drawer_id": DRAWER, "received": [RIEL]}
KHQR = {"method": "khqr", "received": [RIEL]}


def registered(**values: Any) -> ParcelRegisteredV1:
    filled: dict[str, Any] = {
        "item_number": OURS,
        "version": 1,
        "office": "TK02",
        "service": "parcel",
        "destination_country": "KH",
        "collecting_office": "TK01",
        "weight_g": 1_000,
        "registered_at": now(),
        "link_secret_sha256": "0" * 64,
        "cod_amount_minor": 52_000,
    }
    return ParcelRegisteredV1(**(filled | values))


async def hear(app: FastAPI, database: Database, event: Event) -> None:
    async with database.transaction() as tx:
        await handlers(app.state.service)[type(event)](tx, [event])


async def ruled(app: FastAPI, database: Database, rule: HandOverRule) -> None:
    office = office_called(*OFFICES[0]).model_copy(update={"hand_over_rule": rule, "version": 2})
    async with database.transaction() as tx:
        await directory.keep(tx, [office])
    await app.state.service.directory.refresh(database)


async def told(database: Database) -> list[ParcelHandedOverV1]:
    async with database.connection() as connection:
        rows = await connection.fetch("select payload from outbox where type = 'parcel.handed-over.v1' order by id")
    return [ParcelHandedOverV1.model_validate_json(row["payload"]) for row in rows]


def hand_over(**values: Any) -> dict[str, Any]:
    return form(item_number=OURS, event_code="EMI", **values)


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(problem["field"], problem["code"]) for problem in answer.json()["errors"]]


async def test_what_was_paid_is_told_once(
    app: FastAPI, api: httpx.AsyncClient, sign_in: SignIn, tracking_db: Database
) -> None:
    headers, sent = await sign_in(Role.CLERK), hand_over(payment=CASH, device="counter-1")
    await hear(app, tracking_db, registered())
    first, again = [await api.post("/scans", json=sent, headers=headers) for _ in range(2)]
    other = await api.post("/scans", json=sent | {"payment": CASH | {"received": []}}, headers=headers)

    assert (first.status_code, again.status_code, first.json()["state"]) == (201, 200, "delivered")
    assert other.status_code == 422
    (event,) = await told(tracking_db)
    assert (str(event.scan_id), event.office, event.actor, event.device) == (
        sent["scan_id"],
        "TK01",
        "clerk-TK01",
        "counter-1",
    )
    assert event.payment.model_dump(mode="json") == CASH | {"carrier": None, "change": []}


async def test_a_hand_over_without_a_payment_tells_none(
    api: httpx.AsyncClient, sign_in: SignIn, tracking_db: Database
) -> None:
    answer = await api.post("/scans", json=hand_over(), headers=await sign_in(Role.CLERK))

    assert answer.status_code == 201
    assert await told(tracking_db) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"payment": CASH, "event_code": "EDD"}, ("payment", "not-used")),
        ({"payment": CASH | {"drawer_id": None}}, ("payment", "holder-needed")),
        ({"payment": KHQR | {"drawer_id": DRAWER}}, ("payment", "holder-needed")),
        ({"payment": {"method": "carrier", "received": [RIEL]}}, ("payment", "holder-needed")),
        ({"payment": CASH | {"received": [RIEL | {"amount_minor": 50_000}]}}, ("payment.received", "does-not-add-up")),
    ],
    ids=str,
)
async def test_a_payment_that_cannot_be_is_refused(
    app: FastAPI,
    api: httpx.AsyncClient,
    sign_in: SignIn,
    tracking_db: Database,
    values: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    await hear(app, tracking_db, registered())

    answer = await api.post("/scans", json=hand_over() | values, headers=await sign_in(Role.CLERK))

    assert (answer.status_code, codes(answer)) == (422, [expected]), answer.text


@pytest.mark.parametrize(
    ("rule", "payment", "refusal"),
    [
        ("noted", None, None),
        ("noted", KHQR, None),
        ("paid", None, "payment-missing"),
        ("paid", KHQR, None),
        ("paid", CASH, None),
        ("matched", None, "payment-missing"),
        ("matched", KHQR, "payment-unmatched"),
        ("matched", CASH, None),
    ],
)
async def test_an_office_says_what_must_be_there_first(
    app: FastAPI,
    api: httpx.AsyncClient,
    sign_in: SignIn,
    tracking_db: Database,
    rule: HandOverRule,
    payment: dict[str, Any] | None,
    refusal: str | None,
) -> None:
    headers = await sign_in(Role.CLERK)
    await ruled(app, tracking_db, rule)
    await hear(app, tracking_db, registered())

    answer = await api.post("/scans", json=hand_over(payment=payment), headers=headers)

    if refusal is None:
        assert answer.status_code == 201, answer.text
    else:
        assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{refusal}")


async def test_what_is_booked_is_not_asked_for_again_in_whatever_order_that_is_heard(
    app: FastAPI, api: httpx.AsyncClient, sign_in: SignIn, tracking_db: Database
) -> None:
    headers = await sign_in(Role.CLERK)
    await ruled(app, tracking_db, "matched")
    booked = ParcelCodBookedV1(item_number=OURS, amount_minor=52_000, currency="KHR", method="khqr", booked_at=now())
    for event in (booked, registered()):
        await hear(app, tracking_db, event)

    assert (await api.post("/scans", json=hand_over(), headers=headers)).status_code == 201


async def test_a_sender_who_gets_a_parcel_back_pays_nothing_of_it(
    app: FastAPI, api: httpx.AsyncClient, sign_in: SignIn, tracking_db: Database
) -> None:
    headers = await sign_in(Role.CLERK)
    await ruled(app, tracking_db, "paid")
    await hear(app, tracking_db, registered())
    back = form(item_number=OURS, event_code="EMH", reason="11", action="returned-to-sender")
    turned = await api.post("/scans", json=back, headers=headers)
    assert turned.status_code == 201, turned.text

    answer = await api.post("/scans", json=hand_over(), headers=headers)

    assert answer.status_code == 201, answer.text


async def test_a_number_that_comes_again_owes_anew(
    app: FastAPI, api: httpx.AsyncClient, sign_in: SignIn, tracking_db: Database
) -> None:
    headers = await sign_in(Role.CLERK)
    await ruled(app, tracking_db, "paid")
    first = registered()
    later = registered(registered_at=now().replace(year=now().year + 1), event_id=new_id())
    booked = ParcelCodBookedV1(item_number=OURS, amount_minor=1, currency="KHR", method="cash", booked_at=now())
    for event in (first, booked, later):
        await hear(app, tracking_db, event)

    answer = await api.post("/scans", json=hand_over(), headers=headers)

    assert answer.json()["type"] == "/problems/payment-missing"
