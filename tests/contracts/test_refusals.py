"""What each route may refuse stands in the description, read off the source that it runs through."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.notifications import main as notifications
from services.parcel import main as parcel
from services.tracking import main as tracking
from shared.errors import PostError
from shared.web.refusals import declare
from tests.contracts import refusals
from tests.contracts.documents import OWNERS, all_documents

OF_EVERY_ROUTE = {"busy", "database-lost", "database-unavailable", "defect", "overloaded"}


def slugs_of(service: str, route: str) -> set[str]:
    return set(json.loads(refusals.FILES[service].read_text())["routes"][route])


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return all_documents(tmp_path_factory.mktemp("documents"))


def test_the_files_are_what_the_source_says() -> None:
    told = {"parcel": parcel.REFUSALS, "tracking": tracking.REFUSALS, "notifications": notifications.REFUSALS}
    assert told == refusals.FILES
    stale = [str(file) for file, text in refusals.texts().items() if file.read_text() != text]
    assert stale == [], "run make snapshots"


@pytest.mark.parametrize(
    ("service", "route", "slugs"),
    [
        ("parcel", "GET /customs/goods", {"token-refused", "role-refused", "invalid-request"}),
        (
            "parcel",
            "GET /parcels/search",
            {
                *("token-refused", "role-refused", "scope-refused", "practice-refused", "quota-used-up"),
                *("invalid-request", "other-office"),
            },
        ),
        (
            "parcel",
            "GET /traders/{trader_id}/keys",
            {
                *("token-refused", "role-refused", "scope-refused", "quota-used-up"),
                *("invalid-request", "trader-not-found"),
            },
        ),
        ("parcel", "POST /sessions/endings", {"invalid-request", "too-large"}),
        (
            "parcel",
            "POST /refunds/{request_id}/decision",
            {
                *("token-refused", "role-refused", "invalid-request", "too-large", "refund-not-found"),
                *("refund-decided", "asked-by-yourself", "decision-not-yours"),
            },
        ),
        (
            "tracking",
            "POST /scans",
            {
                *("token-refused", "role-refused", "other-office", "invalid-request", "scan-refused", "too-large"),
                *("advance-data-incomplete", "charges-unpaid"),
            },
        ),
        ("tracking", "POST /scans/batch", {"token-refused", "role-refused", "invalid-request", "too-large"}),
        (
            "tracking",
            "GET /journeys/{item_number}",
            {"invalid-request", "invalid-item-number", "journey-not-found"},
        ),
        ("notifications", "GET /inbox.json", {"invalid-request", "invalid-item-number", "invalid-phone"}),
        ("notifications", "POST /inbox/phones/{phone}/telegram", {"invalid-request", "invalid-phone"}),
    ],
)
def test_a_route_declares_what_its_walls_and_its_use_cases_refuse(service: str, route: str, slugs: set[str]) -> None:
    assert slugs_of(service, route) == slugs | OF_EVERY_ROUTE


def test_what_another_task_or_room_refuses_is_found() -> None:
    registration = slugs_of("parcel", "POST /parcels")
    assert {"sticker-used", "idempotency-key-in-flight", "idempotency-key-reused"} <= registration
    assert "parcel-not-found" in slugs_of("parcel", "GET /parcels/{item_number}/customs-declaration")


@pytest.mark.parametrize("service", OWNERS)
def test_every_route_describes_its_refusals_as_problems(documents: dict[str, dict[str, Any]], service: str) -> None:
    document = documents[f"{service}.openapi.json"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = {status: told for status, told in operation["responses"].items() if status >= "4"}
            assert {"500", "503"} <= answers.keys(), (method, path)
            for status, told in answers.items():
                body = _referred(document, told)["content"]["application/problem+json"]
                assert body["schema"] == {"$ref": "#/components/schemas/Problem"}, (method, path, status)
                values = [_referred(document, example)["value"] for example in body["examples"].values()]
                assert {value["status"] for value in values} == {int(status)}, (method, path, status)


@pytest.mark.parametrize("service", OWNERS)
def test_each_refusal_stands_in_a_description_once(documents: dict[str, dict[str, Any]], service: str) -> None:
    text = json.dumps(documents[f"{service}.openapi.json"])
    kinds = json.loads(refusals.FILES[service].read_text())["kinds"]
    assert {slug: text.count(f'"/problems/{slug}"') for slug in kinds} == dict.fromkeys(kinds, 1)


def test_a_refusal_takes_the_place_of_what_is_said_of_all_routes(tmp_path: Path) -> None:
    told = {"routes": {"GET /a": ["late", "gone"]}, "kinds": {s: {"status": 409, "title": s} for s in ("late", "gone")}}
    (tmp_path / "refusals.json").write_text(json.dumps(told))
    operation = {"responses": {"200": {"description": "It is there."}, "422": {"description": "Of all routes."}}}
    document: dict[str, Any] = {"paths": {"/a": {"get": operation}}}

    declare(document, tmp_path / "refusals.json")

    assert operation["responses"] == {
        "200": {"description": "It is there."},
        "409": {"$ref": "#/components/responses/late.gone"},
    }


@pytest.mark.parametrize("service", OWNERS)
def test_every_refusal_of_a_service_is_one_of_some_route(service: str) -> None:
    declared = set(json.loads(refusals.FILES[service].read_text())["kinds"])
    waiting, missing = [PostError], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(f"services.{service}."):
            missing |= {kind.slug} - declared
    assert missing == (ELSEWHERE if service == "parcel" else set())


ELSEWHERE = {"administrator-there", "bundle-not-found", "bundle-too-old"}
"""Told by a command alone, or of a record that a device made without a line."""


def _referred(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return what a part of a document refers to."""
    _, _, kind, name = part["$ref"].split("/")
    found: dict[str, Any] = document["components"][kind][name]
    return found
