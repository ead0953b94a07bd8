"""Every route as each role, and on what belongs to another office or another shop."""

import re

import httpx
import pytest

from shared.access.roles import EVERYWHERE, Role
from shared.access.scopes import OF_LIVE_KEYS, OF_PRACTICE_KEYS
from shared.ids import new_id
from tests.access.asks import MISSING, of_nobody
from tests.access.callers import CALLERS, DISTRICT_OF_AN_OFFICE, KEYS, PRACTICE, PRACTICE_KEYS, WALLS, Caller
from tests.access.reading_asks import READS, SHOWN
from tests.access.rights_page import PAGE, page
from tests.access.routes import Route, every_route
from tests.access.running_post import SERVICES, Post, without_broker
from tests.access.signed_in import SHOPS, actor_id, good
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
        (
            "paper_id",
            "staff_id",
            "member_id",
            "key_id",
            "entry_id",
            "request_id",
            "drawer_id",
            "transfer_id",
            "batch_id",
            "payout_id",
            "claim_id",
        ),
        "01900000-0000-7000-8000-000000000000",
    ),
    "office": "XX99Z",
    "number": "RR473124829GB",
    "phone": "012345678",
}
QUERIES = {
    "parcel GET /cash/drawers": "office=XX99Z",
    "parcel GET /cash/transfers": "office=XX99Z",
    "parcel GET /cash/stock": "office=XX99Z",
    "parcel GET /cash/ledger": "office=XX99Z",
    "parcel GET /cash/balances": "office=XX99Z",
    "parcel GET /cash/day-sheet": "office=XX99Z&day=2026-11-29",
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


def harmless(route: Route) -> str:
    """Return a path at which a request that passes the wall finds nothing to change."""
    missing = {"trader_id": str(new_id()), "item_number": MISSING[0], "office": "XX99Z", "number": MISSING[0]}
    return path_of(route, **(missing if route.writes else {}))


@pytest.mark.parametrize("route", ROUTES, ids=str)
async def test_each_caller_passes_each_wall_or_is_refused_as_declared(post: Post, route: Route) -> None:
    for caller in CALLERS:
        answer = await ask(post, route, harmless(route), caller.headers(post.key, HOME))
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


OF_NOBODY = {
    "parcel GET /exchange-rates/{day}",
    "parcel GET /exchange-rates/{day}/versions",
    "parcel GET /places/{code}",
    "parcel GET /tariffs/{version}",
}
"""They name what is no office's and no shop's."""
OF_ONE = [
    route
    for route in READING
    if route.names_one and str(route) not in OF_NOBODY and not route.path.startswith(PRACTICE)
]


def readers(route: Route) -> list[Role]:
    """Return the roles that may call a route and see what is of one office or shop."""
    return sorted((route.roles or frozenset()) - set(EVERYWHERE))


def test_every_route_that_shows_one_thing_is_asked_about_one_that_is_there() -> None:
    assert {str(route) for route in OF_ONE} <= set(SHOWN)


@pytest.mark.parametrize("route", [route for route in OF_ONE if readers(route)], ids=str)
async def test_what_belongs_to_another_office_or_shop_is_not_there(post: Post, route: Route) -> None:
    request = await SHOWN[str(route)](post)
    nothing = of_nobody(request.path)
    for role in readers(route):
        own = await ask(post, route, request.path, good(post.key, actor_id(role, HOME)))
        headers = good(post.key, actor_id(role, AWAY))
        others, missing = await ask(post, route, request.path, headers), await ask(post, route, nothing, headers)

        # A district without an office acts for none.
        assert own.status_code == (404 if role is Role.DISTRICT else 200), (role, own.text)
        assert others.status_code == 404, (role, others.text)
        assert (missing.status_code, missing.content) == (404, others.content), role


OF_A_DISTRICT = [route for route in ROUTES if str(route) in READS and Role.DISTRICT in (route.roles or ())]


@pytest.mark.parametrize("route", OF_A_DISTRICT, ids=str)
async def test_a_district_of_an_office_reads_what_is_there_and_nothing_elsewhere(post: Post, route: Route) -> None:
    request = await READS[str(route)](post)

    here = await post.clients["parcel"].get(request.path, headers=DISTRICT_OF_AN_OFFICE.headers(post.key, HOME))
    elsewhere = await post.clients["parcel"].get(request.path, headers=DISTRICT_OF_AN_OFFICE.headers(post.key, AWAY))

    assert here.status_code == 200, here.text
    if route.names_one:
        assert elsewhere.status_code == 404
    elif "office=" in request.path:
        assert (elsewhere.status_code, elsewhere.json()["type"]) == (403, "/problems/other-office")
    else:
        assert elsewhere.status_code == 200
        assert elsewhere.content != here.content


def test_an_auditor_may_read_whatever_anybody_reads_but_practice() -> None:
    closed = [route for route in READING if Role.AUDITOR not in (route.roles or ())]
    assert closed
    assert [str(route) for route in closed if not route.path.startswith(PRACTICE)] == []


@pytest.mark.parametrize("route", [route for route in READING if Role.AUDITOR in (route.roles or ())], ids=str)
async def test_what_an_auditor_reads_changes_nothing_but_the_record_of_reads(post: Post, route: Route) -> None:
    path = (await SHOWN[str(route)](post)).path if str(route) in SHOWN else path_of(route)
    before = await post.digest("parcel")

    answer = await ask(post, route, path, good(post.key, actor_id(Role.AUDITOR, HOME)))

    assert answer.status_code == 200 or str(route) not in SHOWN, answer.text
    after = await post.digest("parcel")
    assert {table for table in before if before[table] != after[table]} <= {"personal_data_read"}


@pytest.mark.parametrize("key", [*KEYS, *PRACTICE_KEYS], ids=lambda key: key.name)
def test_a_scope_can_be_granted_if_it_opens_a_route_and_only_then(key: Caller) -> None:
    opened = [str(route) for route in ROUTES if key.opens(route)]
    assert bool(opened) is (key.scope in (OF_PRACTICE_KEYS if key.practice else OF_LIVE_KEYS)), opened
