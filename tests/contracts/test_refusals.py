"""What each route may refuse stands in the description, read off the source that it runs through."""

import json
from pathlib import Path

import pytest

from services.parcel.main import REFUSALS
from shared.errors import PostError
from tests.contracts import refusals
from tests.contracts.documents import all_documents

OF_EVERY_ROUTE = {"busy", "database-lost", "database-unavailable", "defect", "overloaded"}


def test_the_file_is_what_the_source_says() -> None:
    assert REFUSALS == refusals.FILE
    assert REFUSALS.read_text() == refusals.text(), "run make snapshots"


@pytest.mark.parametrize(
    ("route", "slugs"),
    [
        ("GET /customs/goods", {"token-refused", "role-refused", "invalid-request"}),
        (
            "GET /parcels/search",
            {
                *("token-refused", "role-refused", "scope-refused", "practice-refused", "quota-used-up"),
                *("invalid-request", "other-office"),
            },
        ),
        (
            "GET /traders/{trader_id}/keys",
            {
                *("token-refused", "role-refused", "scope-refused", "quota-used-up"),
                *("invalid-request", "trader-not-found"),
            },
        ),
        ("POST /sessions/endings", {"invalid-request", "too-large"}),
        (
            "POST /refunds/{request_id}/decision",
            {
                *("token-refused", "role-refused", "invalid-request", "too-large", "refund-not-found"),
                *("refund-decided", "asked-by-yourself", "decision-not-yours"),
            },
        ),
    ],
)
def test_a_route_declares_what_its_walls_and_its_use_cases_refuse(route: str, slugs: set[str]) -> None:
    assert set(json.loads(REFUSALS.read_text())["routes"][route]) == slugs | OF_EVERY_ROUTE


def test_what_another_task_or_room_refuses_is_found() -> None:
    routes = json.loads(REFUSALS.read_text())["routes"]
    assert {"sticker-used", "idempotency-key-in-flight", "idempotency-key-reused"} <= set(routes["POST /parcels"])
    assert "parcel-not-found" in routes["GET /parcels/{item_number}/customs-declaration"]


def test_every_route_of_the_parcel_service_describes_its_refusals_as_problems(tmp_path: Path) -> None:
    document = all_documents(tmp_path)["parcel.openapi.json"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            statuses = {status for status in operation["responses"] if status >= "4"}
            assert {"500", "503"} <= statuses, (method, path)
            for status in statuses:
                content = operation["responses"][status]["content"]
                schema = content["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, (method, path, status)


def test_every_refusal_of_the_parcel_service_is_one_of_some_route() -> None:
    declared = set(json.loads(REFUSALS.read_text())["kinds"])
    waiting, missing = [PostError], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("services.parcel."):
            missing |= {kind.slug} - declared
    assert missing == ELSEWHERE


ELSEWHERE = {"administrator-there"}
"""Told by a command alone."""
