"""Every refusal and fault is a problem document, and none echoes what was sent."""

from collections.abc import AsyncIterator
from typing import Literal

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field, field_validator

from shared.db.connection import DatabaseLost, DatabaseUnavailable
from shared.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    PostError,
    Unauthenticated,
    Unavailable,
)
from tests.shared.web.service_under_test import application, client_of, fields
from tests.shared.written import Read

PHONE = "+85512345678"


class ParcelGone(NotFound):
    """No parcel has this number.

    A second paragraph that nobody outside needs.
    """

    slug = "parcel-not-found"


class TwinInFlight(Conflict):
    """The same request is being worked on."""

    slug = "twin-in-flight"
    retry_after_s = 3


ERRORS: dict[str, Exception] = {
    "invalid": Invalid([FieldProblem("sender.phone", "not-a-phone", "Write a phone number.")]),
    "unauthenticated": Unauthenticated(),
    "forbidden": Forbidden("This parcel is at another office."),
    "not-found": ParcelGone("Look at the label again."),
    "conflict": TwinInFlight(),
    "unavailable": Unavailable(retry_after_s=9),
    "database-unavailable": DatabaseUnavailable(),
    "database-lost": DatabaseLost(),
    "time-out": TimeoutError(PHONE),
    "killed": asyncpg.AdminShutdownError(PHONE),
    "connection-lost": ConnectionResetError(PHONE),
    "deadlock": asyncpg.DeadlockDetectedError(PHONE),
    "read-only": asyncpg.ReadOnlySQLTransactionError(PHONE),
    "http": HTTPException(418),
    "bug": ValueError(PHONE),
    "broken-constraint": asyncpg.UniqueViolationError(PHONE),
    "misuse": asyncpg.InterfaceError(PHONE),
    "no-such-file": FileNotFoundError(PHONE),
}
KINDS = {
    "invalid": (422, "invalid-request", {}),
    "unauthenticated": (401, "unauthenticated", {"www-authenticate": "Bearer"}),
    "forbidden": (403, "forbidden", {}),
    "not-found": (404, "parcel-not-found", {}),
    "conflict": (409, "twin-in-flight", {"retry-after": "3"}),
    "unavailable": (503, "unavailable", {"retry-after": "9"}),
    "database-unavailable": (503, "database-unavailable", {"retry-after": "2"}),
    "database-lost": (503, "database-lost", {"retry-after": "2"}),
    "time-out": (503, "busy", {"retry-after": "2"}),
    "killed": (503, "busy", {"retry-after": "2"}),
    "connection-lost": (503, "busy", {"retry-after": "2"}),
    "deadlock": (503, "busy", {"retry-after": "2"}),
    "read-only": (503, "busy", {"retry-after": "2"}),
    "http": (418, "im-a-teapot", {}),
    "bug": (500, "defect", {}),
    "broken-constraint": (500, "defect", {}),
    "misuse": (500, "defect", {}),
    "no-such-file": (500, "defect", {}),
}
router = APIRouter()


class Person(BaseModel):
    phone: str = Field(pattern=r"^\+855\d{8,9}$")
    language: Literal["km", "en"] = "km"

    @field_validator("phone")
    @classmethod
    def _refuse_some(cls, phone: str) -> str:
        if phone.endswith("9"):
            raise ValueError("this number is not in use")
        return phone


class Parcel(BaseModel):
    weight_g: int = Field(gt=0)
    people: list[Person]


@router.get("/errors/{kind}")
async def fail(kind: str) -> None:
    raise ERRORS[kind]


@router.post("/parcels")
async def register(parcel: Parcel) -> dict[str, int]:
    return {"weight_g": parcel.weight_g}


@pytest.fixture
async def client(written: Read) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(router)) as client:
        yield client


@pytest.mark.parametrize("kind", ERRORS)
async def test_each_kind_of_error_is_a_problem_with_its_status_and_slug(client: httpx.AsyncClient, kind: str) -> None:
    status, slug, headers = KINDS[kind]
    answer = await client.get(f"/errors/{kind}")
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{slug}"
    assert body["title"].endswith(".")
    assert answer.headers.items() >= headers.items()
    assert len(answer.headers.get_list("retry-after")) <= 1
    assert PHONE not in answer.text


async def test_title_and_detail_are_the_sentences_of_the_error(client: httpx.AsyncClient) -> None:
    body = (await client.get("/errors/not-found")).json()
    assert body["title"] == "No parcel has this number."
    assert body["detail"] == "Look at the label again."
    assert "detail" not in (await client.get("/errors/unauthenticated")).json()


async def test_a_refused_value_names_its_field_code_and_what_to_do(client: httpx.AsyncClient) -> None:
    [problem] = (await client.get("/errors/invalid")).json()["errors"]
    assert problem == {"field": "sender.phone", "code": "not-a-phone", "message": "Write a phone number."}


async def test_a_model_that_does_not_fit_names_its_fields_and_echoes_no_value(client: httpx.AsyncClient) -> None:
    people = [{"phone": "012 345 678", "language": "French"}, {"phone": "+85512345679"}, {}]
    answer = await client.post("/parcels", json={"weight_g": "-77", "people": people})
    assert answer.status_code == 422
    assert fields(answer) == [
        ("weight_g", "greater-than"),
        ("people.0.phone", "string-pattern-mismatch"),
        ("people.0.language", "literal-error"),
        ("people.1.phone", "value-error"),
        ("people.2.phone", "missing"),
    ]
    for value in ("012 345 678", "French", "-77", "+85512345679"):
        assert value not in answer.text


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"weight_g": 012345678}', b"[]", b"null", b'"012345678"', b"[" * 100_000, b"\xff012345678"]
)
async def test_a_body_that_is_no_such_object_is_refused_and_not_echoed(
    client: httpx.AsyncClient, content: bytes
) -> None:
    answer = await client.post("/parcels", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert "012345678" not in answer.text


async def test_what_is_not_there_and_what_is_not_allowed_are_problems_too(client: httpx.AsyncClient) -> None:
    missing, wrong = await client.get(f"/people/{PHONE}"), await client.get("/parcels")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")
    assert (wrong.status_code, wrong.json()["type"]) == (405, "/problems/method-not-allowed")
    assert wrong.headers["allow"] == "POST"
    assert PHONE not in missing.text


async def test_a_defect_tells_the_trace_by_which_it_is_found_in_the_log(client: httpx.AsyncClient) -> None:
    answer = await client.get("/errors/bug")
    assert answer.json()["trace_id"] == answer.headers["x-trace-id"] != ""


def test_every_kind_of_error_has_a_status() -> None:
    assert {kind.slug for kind in PostError.__subclasses__()} <= {
        "invalid-request",
        "unauthenticated",
        "forbidden",
        "not-found",
        "conflict",
        "unavailable",
        "throttled",
    }
