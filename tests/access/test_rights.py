"""Every route as each role, and on what belongs to another office or another shop."""

import re

import httpx
import pytest

from shared.access.roles import Role
from shared.ids import new_id
from tests.access.callers import CALLERS, DISTRICT_OF_AN_OFFICE, WALLS
from tests.access.customs_asks import inbound
from tests.access.reading_asks import READS
from tests.access.rights_page import PAGE, page
from tests.access.routes import Route, every_route
from tests.access.running_post import SERVICES, Post, without_broker
from tests.access.signed_in import SHOPS, actor_id, good
from tests.access.writing_routes import registered
from tests.parcel.bodies import AWAY, HOME

pytestmark = without_broker

ROUTES = every_route()
READING = [route for route in ROUTES if not route.writes and route.roles is not None]
FOR_ANYONE = {
    *(f"{service} GET {path}" for service in SERVICES for path in ("/health/live", "/health/ready", "/metrics")),
    *(f"{service} GET /openapi.json" for service in SERVICES),
    "tracking GET /",
    "tracking GET /items/{number}",
    "tracking GET /{number}",
    "tracking GET /journeys/{item_number}",
    "notifications GET /inbox",
    "notifications GET /inbox.json",
}
"""How a service is, the public pages of a number, and the inbox of a trial set-up."""
PARTS = {
    "item_number": "RR473124829GB",
    "trader_id": str(SHOPS[HOME]),
    "code": "2109",
    "version": "2026-07-sample",
    "day": "2026-11-29",
    "indicator": "ZZ",
    "first_serial": "1",
    **dict.fromkeys(
        ("paper_id", "staff_id", "member_id", "key_id", "entry_id", "request_id"),
        "01900000-0000-7000-8000-000000000000",
    ),
    "office": "XX99Z",
    "number": "RR473124829GB",
    "phone": "012345678",
}
MISSING = ("EE471108151FR", "CP123456785KR")
"""Numbers that nobody ever gave out: of a parcel, of an item from abroad."""
QUERIES = {
    "parcel GET /parties": "phone=012345678",
    "parcel GET /places/search": "q=Takeo",
    "parcel GET /parcels/search": "q=Sok",
}


def path_of(route: Route, **parts: str) -> str:
    path = re.sub(r"\{(\w+)[^}]*\}", lambda part: (PARTS | parts)[part[1]], route.path)
    return f"{path}?{QUERIES[str(route)]}" if str(route) in QUERIES else path


async def ask(post: Post, route: Route, path: str, headers: dict[str, str]) -> httpx.Response:
    return await post.clients[route.service].request(route.method, path, headers=headers)


def test_the_page_of_rights_is_what_the_routes_declare() -> None:
    assert PAGE.read_text() == page(ROUTES), "run make snapshots, and look at what changed"


def test_every_route_of_every_service_declares_who_may_call_it() -> None:
    assert [str(route) for route in ROUTES if (route.roles is None) != route.for_anyone] == []


def test_only_the_listed_reading_routes_are_for_anyone() -> None:
    assert {str(route) for route in ROUTES if route.for_anyone and not route.writes} == FOR_ANYONE


def of_nobody(route: Route) -> str:
    """Return a path at which a request that passes the wall finds nothing to change."""
    missing = {"trader_id": str(new_id()), "item_number": MISSING[0], "office": "XX99Z", "number": MISSING[0]}
    return path_of(route, **(missing if route.writes else {}))


@pytest.mark.parametrize("route", ROUTES, ids=str)
async def test_each_caller_passes_each_wall_or_is_refused_as_declared(post: Post, route: Route) -> None:
    for caller in CALLERS:
        answer = await ask(post, route, of_nobody(route), caller.headers(post.key, HOME))
        said = answer.headers.get("content-type", "").startswith("application/problem+json")
        slug = answer.json()["type"].removeprefix("/problems/") if said else ""
        match caller.refused_by(route):
            case None:
                assert answer.status_code != 401, caller.name
                assert slug not in WALLS, caller.name
            case "unauthenticated":
                assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), caller.name
            case refusal:
                assert (answer.status_code, slug) == (403, refusal), caller.name


@pytest.mark.parametrize("route", READING, ids=str)
async def test_a_reading_route_opens_to_its_roles_and_to_no_other(post: Post, route: Route) -> None:
    assert (await ask(post, route, path_of(route), {})).status_code == 401
    for role in Role:
        answer = await ask(post, route, path_of(route), good(post.key, actor_id(role, HOME)))
        if role in (route.roles or ()):
            assert answer.status_code not in {401, 422}, (role, answer.text)
            assert "role-refused" not in answer.text
        else:
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-refused"), role


INBOUND = "/inbound-items/"


async def belonging(post: Post, route: Route) -> dict[str, str]:
    """Return what a path may name, made for the home office and its shop."""
    made = inbound(post) if route.path.startswith(INBOUND) else registered(post)
    return {"item_number": await made, "trader_id": str(SHOPS[HOME])}


OF_ONE = [
    route
    for route in READING
    if any(f"{{{part}}}" in route.path for part in ("item_number", "trader_id"))
    and not route.path.startswith("/practice/")
]


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_what_belongs_to_another_office_or_shop_is_not_there(post: Post, route: Route) -> None:
    parts = await belonging(post, route)
    for role in sorted(route.roles or ()):
        if role in {Role.AUDITOR, Role.ADMINISTRATOR}:
            continue
        answer = await ask(post, route, path_of(route, **parts), good(post.key, actor_id(role, AWAY)))
        assert answer.status_code == 404, (role, answer.text)


@pytest.mark.parametrize("route", OF_ONE, ids=str)
async def test_what_is_not_there_is_answered_like_what_belongs_to_another(post: Post, route: Route) -> None:
    parts = await belonging(post, route)
    missing_number = MISSING[route.path.startswith(INBOUND)]
    nothing = {"item_number": missing_number, "trader_id": str(new_id()), "paper_id": str(new_id())}
    for role in sorted((route.roles or frozenset()) - {Role.AUDITOR, Role.ADMINISTRATOR}):
        headers = good(post.key, actor_id(role, AWAY))
        others = await ask(post, route, path_of(route, **parts), headers)
        missing = await ask(post, route, path_of(route, **nothing), headers)
        assert (others.status_code, others.content) == (missing.status_code, missing.content)


OF_A_DISTRICT = [route for route in ROUTES if str(route) in READS and Role.DISTRICT in (route.roles or ())]


@pytest.mark.parametrize("route", OF_A_DISTRICT, ids=str)
async def test_a_district_of_an_office_reads_what_is_there_and_nothing_elsewhere(post: Post, route: Route) -> None:
    request = await READS[str(route)](post)

    here = await post.clients["parcel"].get(request.path, headers=DISTRICT_OF_AN_OFFICE.headers(post.key, HOME))
    elsewhere = await post.clients["parcel"].get(request.path, headers=DISTRICT_OF_AN_OFFICE.headers(post.key, AWAY))

    assert here.status_code == 200, here.text
    if route in OF_ONE:
        assert elsewhere.status_code == 404
    else:
        assert elsewhere.status_code == 403 or elsewhere.content != here.content
