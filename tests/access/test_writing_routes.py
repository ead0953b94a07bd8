"""Each writing route of each service, tried with every token that must not pass and with those that must."""

from dataclasses import replace

import httpx
import pytest

from shared.access.roles import Role
from tests.access.asks import Ask, of_nobody
from tests.access.callers import PRACTICE
from tests.access.routes import Route
from tests.access.running_post import Post, without_broker
from tests.access.signed_in import BOUND_DISTRICT, REFUSED_TOKENS, SHOPS, WITHOUT_OFFICE, actor_id, good
from tests.access.writing_routes import VALID, writing_routes
from tests.parcel.bodies import AWAY, HOME

pytestmark = without_broker

ROUTES = writing_routes()
CONFIRMATION = "parcel PUT /staff/me/second-factor/confirmation"
ABOUT_ONESELF = {
    "parcel PUT /staff/me/passphrase",
    "parcel PUT /staff/me/second-factor",
    CONFIRMATION,
    "parcel PUT /cash/corrections/{entry_id}/seen",
}
"""For all of the staff, about themselves, and tried where sessions and corrections are."""
WALLED = [
    route
    for route in ROUTES
    if route.roles is not None and str(route) not in ABOUT_ONESELF and not route.path.startswith(PRACTICE)
]
WRITES_NOTHING = {"parcel POST /quotes", "parcel POST /customs/checks", "parcel POST /drafts/text"}
"""Questions, which any office may ask."""
FOR_THE_COUNTRY = {
    "parcel POST /inbound-items/{item_number}/papers",
    "parcel POST /refunds/{request_id}/decision",
}
"""Done at any counter, each for itself, or decided elsewhere where one works alone."""
FOR_ANYONE = {
    "parcel POST /sessions",
    "parcel POST /sessions/renewals",
    "parcel POST /sessions/endings",
    "parcel POST /trader-sessions",
    "parcel POST /trader-sessions/codes",
    "parcel POST /drafts",
    "notifications POST /inbox/phones/{phone}/telegram",
    "parcel POST /devices/{device_id}/key",
}
"""Some take a secret in place of a token."""
JUDGED_RECORD_BY_RECORD = {"tracking POST /scans/batch"}
"""Answers 200 and refuses each record of another office by itself."""


def allowed(route: Route) -> Role:
    """Return a role that may call a route and is bound to an office."""
    roles = route.roles or frozenset()
    return min(roles - WITHOUT_OFFICE or roles)


def bound(route: Route) -> list[Role]:
    """Return the roles that may call a route and act for one office or shop."""
    return sorted((route.roles or frozenset()) - (WITHOUT_OFFICE - {Role.TRADER}))


OF_ONE_OFFICE = [route for route in WALLED if str(route) not in WRITES_NOTHING | FOR_THE_COUNTRY and bound(route)]
SHOP = "/traders/{trader_id}/"


async def ask(post: Post, route: Route, request: Ask, headers: dict[str, str]) -> httpx.Response:
    client = post.clients[route.service]
    headers = request.headers | headers
    return await client.request(route.method, request.path, json=request.body, content=request.content, headers=headers)


def walled(*, routes: list[Route] | None = None) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", routes or WALLED, ids=str)


def test_every_writing_route_has_a_wall_or_says_that_it_is_for_anyone() -> None:
    assert [str(route) for route in ROUTES if (route.roles is None) != (route.for_anyone or route.on_device)] == []


def test_only_the_listed_routes_are_for_anyone() -> None:
    assert {str(route) for route in ROUTES if route.for_anyone} == FOR_ANYONE


def test_every_route_with_a_wall_is_tried_here() -> None:
    assert {str(route) for route in WALLED} == set(VALID)


def test_no_wall_lets_the_auditor_write() -> None:
    assert [str(route) for route in WALLED if Role.AUDITOR in (route.roles or ())] == []


@walled()
@pytest.mark.parametrize("why", REFUSED_TOKENS)
async def test_a_token_that_is_not_in_order_is_refused(post: Post, route: Route, why: str) -> None:
    request = await VALID[str(route)](post)
    before = await post.digest(route.service)

    headers = REFUSED_TOKENS[why](post.key, actor_id(allowed(route), HOME))
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = await ask(post, route, request, raw)  # type: ignore[arg-type]  # header bytes are fine for httpx

    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert await post.digest(route.service) == before


@walled()
async def test_a_role_that_is_not_allowed_is_refused(post: Post, route: Route) -> None:
    request = await VALID[str(route)](post)
    before = await post.digest(route.service)
    others = set(Role) - (route.roles or frozenset())

    answers = [await ask(post, route, request, good(post.key, actor_id(role, HOME))) for role in others]

    assert others
    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {(403, "/problems/role-refused")}
    assert await post.digest(route.service) == before


@walled(routes=[route for route in OF_ONE_OFFICE if route.names_one])
async def test_what_the_path_names_of_another_office_or_shop_is_not_there(post: Post, route: Route) -> None:
    request = await VALID[str(route)](post)
    before = await post.digest(route.service)

    for role in bound(route):
        headers = good(post.key, actor_id(role, AWAY))
        answer = await ask(post, route, request, headers)
        missing = await ask(post, route, replace(request, path=of_nobody(request.path)), headers)

        assert answer.status_code == 404, (role, answer.text)
        assert (missing.status_code, missing.content) == (404, answer.content), role
    assert await post.digest(route.service) == before


@walled(routes=[route for route in OF_ONE_OFFICE if not route.names_one])
async def test_to_act_in_the_name_of_another_office_is_refused(post: Post, route: Route) -> None:
    request = await VALID[str(route)](post)
    before = await post.digest(route.service)

    for role in bound(route):
        answer = await ask(post, route, request, good(post.key, actor_id(role, AWAY)))

        if str(route) in JUDGED_RECORD_BY_RECORD:
            codes = [[problem["code"] for problem in one["errors"]] for one in answer.json()["results"]]
            assert codes == [["other-office"]] * len(request.body["scans"])
        else:
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/other-office"), role
    assert await post.digest(route.service) == before


@walled(routes=[route for route in OF_ONE_OFFICE if route.path.startswith(SHOP) and route.path.count("{") > 1])
async def test_what_another_shop_has_is_not_found_beneath_ones_own(post: Post, route: Route) -> None:
    request = await VALID[str(route)](post)
    before = await post.digest(route.service)
    beneath_ones_own = request.path.replace(str(SHOPS[HOME]), str(SHOPS[AWAY]))

    headers = good(post.key, actor_id(Role.TRADER, AWAY))
    answer = await ask(post, route, replace(request, path=beneath_ones_own), headers)

    assert answer.status_code == 404, answer.text
    assert answer.json()["type"] != "/problems/trader-not-found"
    assert await post.digest(route.service) == before


@pytest.mark.parametrize(
    ("route", "role"), [(route, role) for route in WALLED for role in sorted(route.roles or ())], ids=str
)
async def test_the_same_request_with_a_right_token_is_served(post: Post, route: Route, role: Role) -> None:
    request = await VALID[str(route)](post)
    before = await post.digest(route.service)

    # A district without an office acts for none.
    actor = BOUND_DISTRICT[HOME] if role is Role.DISTRICT else actor_id(role, HOME)
    answer = await ask(post, route, request, good(post.key, actor))

    assert answer.is_success, answer.text
    assert (await post.digest(route.service) == before) is (str(route) in WRITES_NOTHING)


async def test_no_service_reached_a_broker_and_all_are_ready(post: Post) -> None:
    for client in post.clients.values():
        ready = await client.get("/health/ready")
        assert ready.status_code == 200
        assert "broker: events are not read" in ready.json()["degraded"]


DECISION = "parcel POST /refunds/{request_id}/decision"


@walled(routes=[route for route in WALLED if str(route) == DECISION])
async def test_a_district_writes_nothing_about_an_office_elsewhere(post: Post, route: Route) -> None:
    request = await VALID[DECISION](post)
    before = await post.digest("parcel")
    headers = good(post.key, BOUND_DISTRICT[AWAY])

    answer = await ask(post, route, request, headers)
    missing = await ask(post, route, replace(request, path=of_nobody(request.path)), headers)

    assert (answer.status_code, answer.content) == (404, missing.content)
    assert await post.digest("parcel") == before


def test_a_district_writes_nothing_but_decisions() -> None:
    # What else it came to write would have to be tried like the above, on what lies elsewhere.
    written = {str(route) for route in WALLED if Role.DISTRICT in (route.roles or ())}
    assert written - WRITES_NOTHING == {DECISION}
