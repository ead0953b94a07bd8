"""Whoever of the staff is shown the data of people leaves a row that says so, on every route that can show them."""

import pytest

from shared.access.roles import STAFF, Role
from tests.access.personal_answers import OF_THINGS, PERSONAL, carries_people, fields_of
from tests.access.reading_asks import READS
from tests.access.routes import Route, every_route
from tests.access.running_post import Post, without_broker
from tests.access.signed_in import actor_id, good
from tests.access.writing_routes import VALID
from tests.parcel.bodies import AWAY, HOME

pytestmark = without_broker

STAFF_ONLY = frozenset(STAFF) - {Role.DISTRICT}
"""Who see people; one of a district without an office sees nobody."""
SAYS_BACK = {
    "parcel POST /devices",
    "parcel POST /drafts/text",
    "parcel POST /parcels",
    "parcel POST /parcels/{item_number}/refunds",
    "parcel POST /staff",
    "parcel POST /traders",
    "parcel POST /traders/{trader_id}/drafts",
    "parcel POST /traders/{trader_id}/imports",
    "parcel POST /traders/{trader_id}/members",
    "parcel POST /traders/{trader_id}/sacks",
}
"""Their answers hold what the caller has just written, and nobody else's."""
SHOWING = [
    route
    for route in every_route()
    if STAFF_ONLY & (route.roles or frozenset()) and str(route) not in SAYS_BACK and carries_people(route)
]


async def noted(post: Post, actor: str) -> list[tuple[list[str], list[object]]]:
    async with post.service("parcel").database.connection() as connection:
        rows = await connection.fetch(
            "select item_numbers, subjects from personal_data_read where actor = $1 order by read_id", actor
        )
    return [(row["item_numbers"], row["subjects"]) for row in rows]


def test_every_field_of_free_text_is_known_to_name_people_or_not_to() -> None:
    named = {field for route in every_route() if route.roles is not None for field in fields_of(route)}
    assert named - PERSONAL - OF_THINGS - {""} == set()
    assert not PERSONAL & OF_THINGS


def test_what_says_back_is_a_writing_route_that_carries_people() -> None:
    routes = {str(route): route for route in every_route()}
    assert {name for name in SAYS_BACK if not (routes[name].writes and carries_people(routes[name]))} == set()


def test_every_route_that_shows_people_is_asked_here() -> None:
    assert {str(route) for route in SHOWING if not route.writes} == {name for name in READS if " GET " in name}
    assert {str(route) for route in SHOWING if route.writes} <= set(VALID)


@pytest.mark.parametrize("route", SHOWING, ids=str)
async def test_who_is_shown_people_leaves_a_row(post: Post, route: Route) -> None:
    for role in sorted(STAFF_ONLY & (route.roles or frozenset())):
        request = await (READS.get(str(route)) or VALID[str(route)])(post)
        before = await noted(post, actor_id(role, HOME))

        answer = await post.clients[route.service].request(
            route.method,
            request.path,
            json=request.body,
            content=request.content,
            headers=request.headers | good(post.key, actor_id(role, HOME)),
        )

        assert answer.is_success, answer.text
        new = (await noted(post, actor_id(role, HOME)))[len(before) :]
        assert new, role
        assert all(item_numbers or subjects for item_numbers, subjects in new)


@pytest.mark.parametrize("route", [one for one in SHOWING if "{item_number}" in one.path], ids=str)
async def test_the_row_names_whom_the_answer_shows(post: Post, route: Route) -> None:
    request = await (READS.get(str(route)) or VALID[str(route)])(post)
    role = min(STAFF_ONLY & (route.roles or frozenset()))
    headers = request.headers | good(post.key, actor_id(role, HOME))
    await post.clients[route.service].request(route.method, request.path, json=request.body, headers=headers)

    (item_numbers, _) = (await noted(post, actor_id(role, HOME)))[-1]
    assert item_numbers == [request.path.split("/")[2]]


async def test_one_whom_nothing_is_shown_leaves_none(post: Post) -> None:
    before = await noted(post, actor_id(Role.CLERK, AWAY))
    for name in ("parcel GET /parcels/{item_number}", "parcel GET /parcels/{item_number}/refunds"):
        request = await READS[name](post)
        headers = good(post.key, actor_id(Role.CLERK, AWAY))
        assert (await post.clients["parcel"].get(request.path, headers=headers)).status_code == 404
    assert await noted(post, actor_id(Role.CLERK, AWAY)) == before


async def test_an_auditor_sees_who_looked_at_a_shop(post: Post) -> None:
    request = await READS["parcel GET /traders/{trader_id}"](post)
    await post.clients["parcel"].get(request.path, headers=good(post.key, actor_id(Role.CLERK, HOME)))
    await post.clients["parcel"].get(request.path, headers=good(post.key, actor_id(Role.TRADER, HOME)))

    reads = await post.clients["parcel"].get(
        f"{request.path}/reads", headers=good(post.key, actor_id(Role.AUDITOR, HOME))
    )

    (last, *_) = reads.json()
    assert (last["actor"], last["office"], last["what"]) == (actor_id(Role.CLERK, HOME), HOME, "shop")
