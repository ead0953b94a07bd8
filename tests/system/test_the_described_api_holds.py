"""Requests made up from each service's own description, sent to it as it runs: none is a fault of ours."""

import asyncio
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as examples
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.system.stack import PASSPHRASE, Stack

EXAMPLES = 15
WITHIN_S = 10.0
JUDGED: list[Any] = [not_a_server_error, content_type_conformance, response_schema_conformance]
NAMES = ("admin", "clerk-tk01a")


async def signed_in(stack: Stack, name: str) -> dict[str, str]:
    async with httpx.AsyncClient(base_url=stack.url("parcel"), timeout=WITHIN_S) as http:
        answer = await http.post("/sessions", json={"name": name, "passphrase": PASSPHRASE})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def try_all(url: str, headers: dict[str, str]) -> int:
    """Send made-up requests to every route; returns how many."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    sent = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @examples(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @hypothesis.seed(20_261_129)
        @hypothesis.given(case=operation.as_strategy())
        def is_answered(case: schemathesis.Case[Any]) -> None:
            nonlocal sent
            sent += 1
            case.call_and_validate(base_url=url, headers=headers, checks=JUDGED, timeout=WITHIN_S)

        is_answered()
    return sent


@pytest.mark.parametrize("service", ["parcel", "tracking", "notifications"])
async def test_no_made_up_request_is_a_fault_of_ours(stack: Stack, service: str) -> None:
    await stack.start_all()
    for name in NAMES:
        headers = await signed_in(stack, name)
        assert await asyncio.to_thread(try_all, stack.url(service), headers) > 0
