"""Requests made up from each service's own description, sent to it as it runs: none is a fault of ours.

Staff send them to every route, whether a wall lets them pass or not; a shop's owner, its key and its practice key to
those that they may call.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from onebox.configuration import SERVICES
from shared.access.roles import Role
from tests.access.callers import WALLS
from tests.access.routes import Route, every_route
from tests.system.shop import WITHIN_S, Shop, opened, signed_in
from tests.system.stack import Stack

EXAMPLES = 12
"""Of each route; all of it is to end within a minute."""
STAFF = ("clerk-tk01a", "admin")
JUDGED: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROUTES = {(route.service, route.method, route.path): route for route in every_route()}


@dataclass
class Caller:
    """Somebody who sends requests: which routes are tried, and what came of it."""

    name: str
    headers: Mapping[str, str]
    calls: Callable[[Route], bool]
    is_let_in: bool = True
    """Whether the walls of these routes let this caller pass."""
    statuses: Counter[int] = field(default_factory=Counter)
    faults: set[str] = field(default_factory=set)

    def send(self, case: schemathesis.Case[Any], url: str) -> None:
        """Send a request and note what is wrong with its answer: nothing is raised, so that one run shows all."""
        answer = case.call(base_url=url, headers=dict(self.headers), timeout=WITHIN_S)
        self.statuses[answer.status_code] += 1
        asked = f"{self.name}: {case.operation.label}"
        try:
            case.validate_response(answer, checks=JUDGED)
        except FailureGroup as group:
            self.faults |= {f"{asked}: {fault.title}: {fault.message}" for fault in group.exceptions}
        slug = answer.json()["type"].removeprefix("/problems/") if answer.status_code in {401, 403} else ""
        if self.is_let_in and slug in {*WALLS, "token-refused"}:
            self.faults.add(f"{asked}: not let in: {slug}")


def callers(shop: Shop, staff: Mapping[str, Mapping[str, str]]) -> list[Caller]:
    """Return everybody who sends requests."""
    return [
        Caller("owner", shop.owner, lambda route: Role.TRADER in (route.roles or ())),
        Caller(
            "key", shop.live_key, lambda route: bool(route.scope or route.every_key) and not is_practice(route.path)
        ),
        Caller("practice key", shop.practice_key, lambda route: route.practice or route.every_key),
        *(Caller(name, headers, lambda _: True, is_let_in=False) for name, headers in staff.items()),
    ]


def is_practice(path: str) -> bool:
    return path.startswith("/practice/")


def known(shop: Shop, path: str) -> dict[str, str]:
    """Return what of a path can be named that is there; the rest is made up."""
    there = {
        "trader_id": shop.trader_id,
        "item_number": shop.practice_parcel if is_practice(path) else shop.parcel,
    }
    return {name: value for name, value in there.items() if f"{{{name}}}" in path}


def try_all(service: str, url: str, shop: Shop, everybody: list[Caller]) -> None:
    """Send made-up requests to each route of a service, each by all who are to call it."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert {(service, one.method.upper(), one.path) for one in operations} <= ROUTES.keys()
    # What would send the shop away comes last.
    for operation in sorted(operations, key=lambda one: one.path.endswith("/disabled")):
        route = ROUTES[service, operation.method.upper(), operation.path]
        try_one(operation, url, known(shop, operation.path), [one for one in everybody if one.calls(route)])


def try_one(operation: Any, url: str, there: Mapping[str, str], senders: list[Caller]) -> None:
    """Send made-up requests to one route, half of them with what is there in their paths."""
    made_up = operation.as_strategy()
    cases = st.one_of(made_up, operation.as_strategy(path_parameters=dict(there))) if there else made_up

    @examples(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @hypothesis.seed(20_261_129)
    @hypothesis.given(case=cases)
    def is_answered(case: schemathesis.Case[Any]) -> None:
        for caller in senders:
            caller.send(case, url)

    is_answered()


async def test_no_made_up_request_is_a_fault_of_ours(stack: Stack) -> None:
    await stack.start_all()
    shop = await opened(stack)
    async with httpx.AsyncClient(base_url=stack.url("parcel"), timeout=WITHIN_S) as parcel:
        everybody = callers(shop, {name: await signed_in(parcel, name) for name in STAFF})

    for service in SERVICES:
        await asyncio.to_thread(try_all, service, stack.url(service), shop, everybody)

    assert sorted(fault for caller in everybody for fault in caller.faults) == []
    assert [caller.name for caller in everybody if not {200, 201} & caller.statuses.keys()] == []
