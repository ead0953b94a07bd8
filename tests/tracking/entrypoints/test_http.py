"""The JSON API: counters send scans, anybody asks where a parcel is."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.tracking.use_cases.remember_advance_data import remember_advance_data
from services.tracking.use_cases.remember_charges import remember_charges
from shared.access import directory
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.directory import OfficeV1
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1, ParcelChargesSetV1
from shared.db.connection import Database
from shared.ids import new_id
from tests.tracking.entrypoints.conftest import SignIn
from tests.tracking.numbers import numbers
from tests.tracking.scans import NUMBER, OTHER_NUMBER


def form(**values: Any) -> dict[str, Any]:
    filled = {
        "scan_id": str(new_id()),
        "item_number": NUMBER,
        "event_code": "EDD",
        "device_time": now().isoformat(),
        "office": "TK01",
    }
    return filled | values


async def test_a_scan_is_recorded_once_however_often_it_is_sent(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    headers, sent = await sign_in(Role.CLERK), form()

    first = await api.post("/scans", json=sent, headers=headers)
    again = await api.post("/scans", json=sent, headers=headers)

    assert (first.status_code, first.json()["result"]) == (201, "recorded")
    assert (again.status_code, again.json()["result"]) == (200, "already_recorded")
    assert first.json()["state"] == again.json()["state"] == "in_transit"


async def test_sloppy_item_numbers_are_understood(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    answer = await api.post(
        "/scans", json=form(item_number="rr 473-124 829 gb"), headers=await sign_in(Role.SUPERVISOR)
    )

    assert answer.json()["item_number"] == NUMBER


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"item_number": "RR473124828GB"}, "item_number", "check-digit"),
        ({"item_number": "hello"}, "item_number", "item-number-shape"),
        ({"item_number": "zp 000 000 005 kh"}, "item_number", "practice-number"),
        ({"event_code": "XYZ"}, "event_code", "unknown-event-code"),
        ({"event_code": "CTC-CANCELLED"}, "event_code", "unknown-event-code"),
        ({"event_code": "EME"}, "retention_reason", "required"),
        ({"next_office": "XX99"}, "next_office", "unknown-office"),
        ({"device_time": "2026-03-02T12:00:00"}, "device_time", "timezone-aware"),
        ({"device_time": "1812-03-02T12:00:00Z"}, "device_time", "greater-than-equal"),
        ({"device_time": "2199-03-02T12:00:00Z"}, "device_time", "in-the-future"),
        ({"drift_ms": 10**15}, "drift_ms", "less-than-equal"),
        ({"scan_id": "1"}, "scan_id", "uuid-parsing"),
        ({"device": "a\u0000b"}, "device", "string-pattern-mismatch"),
        ({"acton": "again-today"}, "acton", "extra-forbidden"),
    ],
    ids=str,
)
async def test_a_scan_that_cannot_be_is_refused_by_field(
    api: httpx.AsyncClient, sign_in: SignIn, change: dict[str, Any], field: str, code: str
) -> None:
    headers = await sign_in(Role.CLERK)

    single = await api.post("/scans", json=form(**change), headers=headers)
    listed = await api.post("/scans/batch", json={"scans": [form(**change)]}, headers=headers)

    assert single.status_code == 422
    assert single.headers["content-type"] == "application/problem+json"
    assert [(error["field"], error["code"]) for error in single.json()["errors"]] == [(field, code)]
    assert listed.status_code == 200
    (result,) = listed.json()["results"]
    assert result["result"] == "refused"
    assert [(error["field"], error["code"]) for error in result["errors"]] == [(field, code)]


@pytest.mark.parametrize("path", ["/scans", "/scans/batch"])
async def test_nobody_sends_scans_without_signing_in(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.post(path, json=form() | {"scans": [form()]})).status_code == 401


@pytest.mark.parametrize("path", ["/scans", "/scans/batch"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DISTRICT])
async def test_those_who_only_look_send_no_scans(
    api: httpx.AsyncClient, sign_in: SignIn, path: str, role: Role
) -> None:
    headers = await sign_in(role)

    assert (await api.post(path, json=form() | {"scans": [form()]}, headers=headers)).status_code == 403


async def test_a_clerk_scans_for_the_own_office_alone(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    headers = await sign_in(Role.CLERK, "TK02")

    single = await api.post("/scans", json=form(office="TK01"), headers=headers)
    listed = await api.post("/scans/batch", json={"scans": [form(office="TK01"), form(office="TK02")]}, headers=headers)

    assert (single.status_code, single.json()["type"]) == (403, "/problems/other-office")
    refused, recorded = listed.json()["results"]
    assert (refused["result"], refused["errors"][0]["code"]) == ("refused", "other-office")
    assert recorded["result"] == "recorded"


async def test_an_administrator_scans_for_any_office(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    headers = await sign_in(Role.ADMINISTRATOR, None)

    listed = await api.post("/scans/batch", json={"scans": [form(office="TK01"), form(office="TK02")]}, headers=headers)

    assert [result["result"] for result in listed.json()["results"]] == ["recorded", "recorded"]


async def test_a_list_answers_each_record_in_the_order_sent(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    good, other = form(), form(item_number=OTHER_NUMBER)
    sent = [good, "not a scan", form(item_number="RR473124828GB"), good, other, None, {"scan_id": "\ud800"}]

    headers = await sign_in(Role.CLERK) | {"Content-Type": "application/json"}
    answer = await api.post("/scans/batch", content=json.dumps({"scans": sent}), headers=headers)

    results = answer.json()["results"]
    assert [result["result"] for result in results] == [
        "recorded",
        "refused",
        "refused",
        "already_recorded",
        "recorded",
        "refused",
        "refused",
    ]
    assert [results[0]["scan_id"], results[4]["scan_id"]] == [good["scan_id"], other["scan_id"]]
    assert results[2]["scan_id"] == sent[2]["scan_id"]  # type: ignore[index]  # the third is a form


async def test_a_misspelt_field_in_a_list_hinders_no_other_scan(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    sent = [form(), form(acton="again-today"), form(item_number=OTHER_NUMBER)]

    answer = await api.post("/scans/batch", json={"scans": sent}, headers=await sign_in(Role.CLERK))

    assert [result["result"] for result in answer.json()["results"]] == ["recorded", "refused", "recorded"]


@pytest.mark.parametrize("name", ["", "\ud800", "a" * 10_000], ids=["none", "half a character", "long"])
async def test_a_field_of_any_name_is_refused_and_not_a_fault(
    api: httpx.AsyncClient, sign_in: SignIn, name: str
) -> None:
    headers, sent = await sign_in(Role.CLERK) | {"Content-Type": "application/json"}, form(**{name: 1})

    single = await api.post("/scans", content=json.dumps(sent), headers=headers)
    listed = await api.post("/scans/batch", content=json.dumps({"scans": [sent]}), headers=headers)

    assert single.status_code == 422
    assert [result["result"] for result in listed.json()["results"]] == ["refused"]


async def test_a_list_of_500_is_taken_and_a_longer_one_refused(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    headers = await sign_in(Role.CLERK)
    scans = [form(item_number=number) for number in numbers(501)]

    taken = await api.post("/scans/batch", json={"scans": scans[:500]}, headers=headers)
    refused = await api.post("/scans/batch", json={"scans": scans}, headers=headers)

    assert {result["result"] for result in taken.json()["results"]} == {"recorded"}
    assert refused.status_code == 422


async def test_scans_of_a_day_without_a_line_fall_into_place(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    headers, morning = await sign_in(Role.CLERK), now() - timedelta(hours=9)
    way = [
        form(event_code=code, device_time=(morning + timedelta(hours=hour)).isoformat())
        for hour, code in enumerate(["EMA", "EMG", "EDH", "EMI"])
    ]

    await api.post("/scans/batch", json={"scans": [way[3], way[1]]}, headers=headers)
    await api.post("/scans/batch", json={"scans": [way[0], way[2], way[3]]}, headers=headers)

    journey = (await api.get(f"/journeys/{NUMBER}")).json()
    assert journey["state"] == "delivered"
    assert [event["event_code"] for event in journey["events"]] == ["EMA", "EMG", "EDH", "EMI"]


async def test_anybody_hears_state_place_and_local_time(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    await api.post("/scans", json=form(event_code="EDH"), headers=await sign_in(Role.CLERK))

    journey = (await api.get("/journeys/rr 473 124 829 gb")).json()

    assert journey["item_number"] == NUMBER
    assert journey["state_text"] == {"km": "មកដល់ការិយាល័យ ហើយរង់ចាំអ្នកមកយក", "en": "Ready for collection"}
    (event,) = journey["events"]
    assert event["place"] == {"km": "បាទី", "en": "Bati"}
    assert event["occurred_at"].endswith("+07:00")
    assert set(event) == {"event_code", "text", "place", "occurred_at"}


async def test_numbers_never_seen_and_never_given_out_answer_alike(api: httpx.AsyncClient) -> None:
    answers = [await api.get(f"/journeys/{number}") for number in (NUMBER, "PC000000005KH")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert answers[0].json()["type"] == "/problems/journey-not-found"


async def test_a_number_with_a_wrong_check_digit_is_told_so(api: httpx.AsyncClient) -> None:
    answer = await api.get("/journeys/RR473124828GB")

    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["check-digit"]


async def test_the_description_of_the_api_names_every_field_of_a_scan(api: httpx.AsyncClient) -> None:
    document = (await api.get("/openapi.json")).json()

    schemas = document["components"]["schemas"]
    assert set(schemas["ScanForm"]["properties"]) >= {"scan_id", "item_number", "event_code", "device_time", "drift_ms"}
    assert schemas["ScanList"]["properties"]["scans"]["maxItems"] == 500


async def test_a_random_id_is_as_good_as_an_ordered_one(api: httpx.AsyncClient, sign_in: SignIn) -> None:
    answer = await api.post("/scans", json=form(scan_id=str(uuid4())), headers=await sign_in(Role.OFFICE_MANAGER))

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("number", "code", "slug"),
    [("EE700000000KH", "EMC", "advance-data-incomplete"), (NUMBER, "EMI", "charges-unpaid")],
)
async def test_an_item_that_is_held_at_the_border_is_a_conflict_until_it_is_cleared(
    api: httpx.AsyncClient, sign_in: SignIn, tracking_db: Database, number: str, code: str, slug: str
) -> None:
    headers, sent = await sign_in(Role.CLERK), form(item_number=number, event_code=code)
    async with tracking_db.transaction() as tx:
        await remember_charges(tx, [ParcelChargesSetV1(item_number=NUMBER, version=1, charges="due")])

    single = await api.post("/scans", json=sent, headers=headers)
    listed = await api.post("/scans/batch", json={"scans": [sent, form(item_number=OTHER_NUMBER)]}, headers=headers)
    async with tracking_db.transaction() as tx:
        await remember_charges(tx, [ParcelChargesSetV1(item_number=NUMBER, version=2, charges="paid")])
        completed = ParcelAdvanceDataCompletedV1(item_number=number, declaration_version=1, completed_at=now())
        await remember_advance_data(tx, [completed])
    cleared = await api.post("/scans", json=sent, headers=headers)

    assert (single.status_code, single.json()["type"]) == (409, f"/problems/{slug}")
    refused, recorded = listed.json()["results"]
    assert (refused["result"], recorded["result"]) == ("refused", "recorded")
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [("event_code", slug)]
    assert refused["errors"][0]["message"] == single.json()["detail"]
    assert (cleared.status_code, cleared.json()["result"]) == (201, "recorded")


async def test_a_closed_office_takes_nothing_in_by_a_scan_or_in_a_list(
    app: FastAPI, api: httpx.AsyncClient, sign_in: SignIn, tracking_db: Database
) -> None:
    headers = await sign_in(Role.CLERK)
    async with tracking_db.transaction() as tx:
        known = next(one for one in await directory.all_of(tx, OfficeV1) if one.office == "TK01")
        await directory.keep(tx, [known.model_copy(update={"closed": True, "version": 2})])
    await app.state.service.directory.refresh(tracking_db)

    single = await api.post("/scans", json=form(event_code="EMA"), headers=headers)
    listed = await api.post("/scans/batch", json={"scans": [form(event_code="EMA"), form()]}, headers=headers)

    assert (single.status_code, single.json()["type"]) == (422, "/problems/scan-refused")
    assert [(error["field"], error["code"]) for error in single.json()["errors"]] == [("office", "office-closed")]
    taken_in, arrived = listed.json()["results"]
    assert (taken_in["result"], [error["code"] for error in taken_in["errors"]]) == ("refused", ["office-closed"])
    assert arrived["result"] == "recorded"
