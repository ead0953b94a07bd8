"""Canaries go in by every route of the three services, right and wrong, and come out nowhere that others look."""

import json
import os
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.access.roles import Role
from shared.contracts.parcel import ParcelCancelledV1, ParcelContactsV1, SignInCodeV1
from shared.messaging.batches import headers_of
from shared.messaging.outbox import checksum_of
from tests.access.asks import Ask
from tests.access.routes import Route
from tests.access.running_post import SERVICES, Post, without_broker
from tests.access.signed_in import actor_id, good
from tests.access.test_writing_routes import allowed
from tests.access.writing_routes import VALID, writing_routes
from tests.canaries.canaries import found_in, phone, word
from tests.canaries.more_asks import MORE, REFUSED
from tests.canaries.page import PAGE, WRITE, page
from tests.canaries.places import everywhere
from tests.canaries.planting import MEANS_SOMETHING, Planting
from tests.canaries.run import Run, canaries_in
from tests.contracts.documents import applications
from tests.parcel.bodies import AWAY, HOME
from tests.shared.written import Read
from tests.support.carried import Carried, carry, told
from tests.support.waiting import until

# All in one process and in this order (tests/support/scheduling.py): the last ones look for what the first asked.
pytestmark = without_broker

ASKS = VALID | MORE
ONCE_BY_ANY_OFFICE = {
    "parcel POST /refunds/{request_id}/decision",
    "parcel POST /cash/entries/{entry_id}/correction",
    "parcel POST /cod/batches",
    "parcel POST /cod/batches/{batch_id}/decision",
    "parcel POST /cod/batches/{batch_id}/paid",
    "parcel POST /cod/remittances",
}
"""A second person may be elsewhere; then this office is told that it was done, or that nothing is left to do."""
REFUSED_ONE_BY_ONE = {"tracking POST /scans/batch"}
"""What is refused of a list stands in its answer; the same fields are tried with one scan."""
OF_NO_PERSON = {"parcel PUT /offices/{office}"}
"""What it says is for everybody; the directory carries it."""


@dataclass(frozen=True)
class Operation:
    """A route as its service describes it."""

    service: str
    method: str
    path: str
    said: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"

    @property
    def schema(self) -> dict[str, Any] | None:
        """Return the schema of its body; None where it takes no JSON."""
        content = self.said.get("requestBody", {}).get("content", {})
        schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def questions(self) -> list[str]:
        """Return the names of what may stand in its query."""
        return [one["name"] for one in self.said.get("parameters", ()) if one["in"] == "query"]


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Return what each service says of its routes; not at import, which every run of tests would wait for."""
    with tempfile.TemporaryDirectory() as folder:
        return {name: app.openapi() for name, app in applications(Path(folder)).items()}


@cache
def operations() -> dict[str, Operation]:
    every = [
        Operation(service, method.upper(), path, said)
        for service, document in documents().items()
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    return {str(one): one for one in every}


@cache
def planting(service: str) -> Planting:
    return Planting(documents()[service])


def route_of(name: str) -> Route:
    return next(route for route in writing_routes() if str(route) == name)


def headers_for(post: Post, route: Route, request: Ask, office: str = HOME) -> dict[str, str]:
    if route.roles is None or "Authorization" in request.headers:
        return request.headers
    return request.headers | good(post.key, actor_id(allowed(route), office))


async def ask(post: Post, route: Route, request: Ask, body: Any, office: str = HOME) -> httpx.Response:
    headers = headers_for(post, route, request, office)
    client = post.clients[route.service]
    if request.sign:
        content = b"" if body is None else json.dumps(body).encode()
        headers = headers | request.sign(route.method, request.path, content) | {"Content-Type": "application/json"}
        return await client.request(route.method, request.path, content=content, headers=headers)
    return await client.request(route.method, request.path, json=body, content=request.content, headers=headers)


async def planted(post: Post, name: str) -> tuple[Ask, Any]:
    """Return a request of a route and its body with a canary in every field of free text."""
    request = await ASKS[name](post)
    operation = operations()[name]
    if operation.schema is None or request.body is None or name in OF_NO_PERSON:
        return request, request.body
    return request, planting(operation.service).planted(operation.schema, request.body)


def test_every_route_that_is_described_and_writes_is_asked_with_canaries() -> None:
    assert {name for name, one in operations().items() if one.method != "GET"} == set(ASKS)


def test_bodies_carry_canaries_wherever_words_are_free() -> None:
    schema = operations()["parcel POST /parcels"].schema
    assert schema is not None
    body = planting("parcel").planted(schema, {"sender": {"name": "x", "phone": "y"}, "service": "ems"})
    assert body["service"] == "ems"
    assert "recipient" not in body
    assert all(list(found_in("body", [str(value)])) for value in (body["order_reference"], *body["sender"].values()))
    assert {"name", "phone", "address"} <= body["sender"].keys()


@pytest.mark.parametrize("name", sorted(ASKS))
async def test_no_field_of_free_text_goes_without_a_canary(post: Post, name: str) -> None:
    _, body = await planted(post, name)
    schema = operations()[name].schema
    if schema is not None and body is not None and name not in OF_NO_PERSON:
        assert list(planting(operations()[name].service).bare(schema, body)) == []


@pytest.mark.parametrize("name", sorted(ASKS))
async def test_a_right_request_is_served_and_tells_no_other_office(post: Post, run: Run, name: str) -> None:
    request, body = await planted(post, name)
    route = route_of(name)
    elsewhere = await ask(post, route, request, body, AWAY) if "Authorization" not in request.headers else None
    answer = await ask(post, route, request, body)

    if name in ONCE_BY_ANY_OFFICE and elsewhere is not None and elsewhere.is_success:
        assert answer.status_code in {409, 422}, answer.text
    else:
        assert answer.status_code < 400 or (name in REFUSED and answer.status_code in {401, 429}), answer.text
    if elsewhere is not None and elsewhere.status_code >= 400:
        assert list(found_in("answer to another office", [elsewhere.text])) == []
    run.right[name] = canaries_in(request.path, body)


@pytest.mark.parametrize("name", sorted(ASKS))
async def test_a_wrong_request_is_answered_without_what_was_wrong(post: Post, run: Run, name: str) -> None:
    request, body = await planted(post, name)
    schema, route = operations()[name].schema, route_of(name)
    answers = [await ask(post, route, request, None)]
    if schema is not None and name not in OF_NO_PERSON:
        for field, one in planting(route.service).wrong(schema, body):
            answers.append(await ask(post, route, request, one))
            if name not in REFUSED_ONE_BY_ONE and field.split(".")[-1] in MEANS_SOMETHING:
                assert answers[-1].status_code >= 400, f"{field} takes any words"
        assert len(answers) > 1
    refused = [answer.text for answer in answers if answer.status_code >= 400]
    assert [answer.text for answer in answers if answer.status_code >= 500] == []
    assert list(found_in("refusal", refused)) == []
    run.wrong[name] = len(answers)


def wild(path: str) -> str:
    return re.sub(r"{\w+}", lambda _: quote(word("path")), path)


async def test_a_path_that_names_somebody_is_answered_without_the_name(post: Post, run: Run) -> None:
    with_names = [one for one in operations().values() if "{" in one.path]
    assert with_names
    for one in with_names:
        headers = good(post.key, actor_id(Role.ADMINISTRATOR, HOME))
        answer = await post.clients[one.service].request(one.method, wild(one.path), headers=headers)
        assert answer.status_code >= 400, str(one)
        assert list(found_in(str(one), [answer.text])) == []
        run.paths.add(str(one))


async def test_questions_that_name_somebody_are_answered_to_those_who_may_ask(post: Post, run: Run) -> None:
    asked = [one for one in operations().values() if one.method == "GET" and one.questions and "{" not in one.path]
    assert {one.path for one in asked} >= {"/parties", "/parcels", "/parcels/search", "/parcels.csv", "/places"}
    questions = [(one, name, value) for one in asked for name in one.questions for value in (word(name), phone())]
    for one, name, value in questions:
        for role in (Role.CLERK, Role.AUDITOR, Role.TRADER):
            headers = good(post.key, actor_id(role, HOME))
            answer = await post.clients[one.service].get(one.path, params={name: value}, headers=headers)
            assert answer.status_code < 500
            if answer.status_code >= 400:
                assert list(found_in(f"{one} {name}", [answer.text])) == []
            run.questions[str(one)] = run.questions.get(str(one), 0) + 1


async def test_what_others_read_is_carried_on_and_spoilt_records_are_put_aside(post: Post) -> None:
    for source in SERVICES:
        for target in SERVICES:
            if source != target:
                await carry(post.service(source), post.service(target))
    notifications = post.service("notifications")
    assert notifications.consumer is not None
    rows = await told(post.service("parcel"))
    of_type = {row.type: row for row in rows}
    spoilt = []
    for place, sealed in enumerate((ParcelContactsV1.type, SignInCodeV1.type)):
        row = of_type[sealed]
        payload = row.payload[:-1] + bytes([row.payload[-1] ^ 1])
        checksum = checksum_of(row.type, str(row.event_id), row.key, payload)
        headers = headers_of(row._replace(payload=payload, checksum=checksum), "parcel")
        spoilt.append(Carried(row.topic, 1, place, row.key.encode(), payload, headers))
    await notifications.consumer.apply(spoilt)
    async with notifications.database.connection() as connection:
        assert await connection.fetchval("select count(*) from dead_letter") == len(spoilt)
    assert ParcelCancelledV1.type in of_type


async def test_no_canary_is_where_others_look(post: Post, run: Run, spans: InMemorySpanExporter, log: Read) -> None:
    async def is_done() -> bool:
        async with post.service("notifications").database.connection() as connection:
            return not await connection.fetchval("select exists (select from code_to_send)")

    await until(is_done)
    assert log(), "no log was written, so none was looked at"
    assert await everywhere(post, spans, log) == []
    run.topics = {row.topic for name in SERVICES for row in await told(post.service(name))}


async def test_the_net_finds_what_is_planted_in_it(post: Post, spans: InMemorySpanExporter, log: Read) -> None:
    structlog.get_logger().info("planted", who=word("name"))
    async with post.service("tracking").database.transaction() as tx:
        await tx.execute(
            "insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload)"
            " values (gen_random_uuid(), 'tracking.events', 'k', 't', now(), '', '', convert_to($1, 'utf8'))",
            f'{{"phone": "+855{phone()[1:]}"}}',
        )
        await tx.execute(
            "insert into dead_letter (topic, partition, kafka_offset, headers, payload, payload_sha256, reason)"
            " values ('t', 0, 0, '{}', '', '', $1)",
            word("reason"),
        )
    found = await everywhere(post, spans, log)
    assert [where.split(":")[0] for where in found] == ["log", "tracking.events", "dead letters of tracking"]


@pytest.mark.servers  # as the tests before it, without which it has nothing to show
def test_the_page_shows_what_this_run_did(run: Run) -> None:
    assert run.right.keys() == run.wrong.keys() == set(ASKS), "run the whole file: the page shows a whole run"
    if os.environ.get(WRITE):
        PAGE.write_text(page(run))
    assert PAGE.read_text() == page(run), "run python -m tests.canaries.page, and look at what changed"
