"""A device that was stolen and revoked: nothing of it passes any more, in any service."""

from uuid import UUID

import pytest
from fastapi import Request

from services.parcel.people.store import staff
from shared.access.devices import DeviceRevoked
from shared.access.roles import Role
from shared.access.tokens import TokenRefused
from shared.errors import PostError
from shared.messaging import outbox
from shared.web.device import ProofRefused, on_device
from tests.access.routes import Route, every_route
from tests.access.running_post import SERVICES, Post, without_broker
from tests.access.signed_in import actor_id, good
from tests.access.test_disabled_people import record
from tests.access.writing_routes import PASSPHRASE, colleague, device, scan_body
from tests.parcel.bodies import HOME
from tests.parcel.devices.counter_device import CounterDevice

pytestmark = without_broker

ON_DEVICE = [route for route in every_route() if route.on_device]
COPYING = ("tracking", "notifications")


async def stand_in(post: Post) -> CounterDevice:
    """Enrol a device of the home office, whose client is parcel's; every service has heard of it."""
    headers = good(post.key, actor_id(Role.SUPERVISOR, HOME))
    body = {"office": HOME, "label": "tablet"}
    shown = (await post.clients["parcel"].post("/devices", json=body, headers=headers)).json()
    one = CounterDevice(post.clients["parcel"], UUID(shown["device_id"]))
    assert (await one.enrol(shown["code"])).status_code == 201
    await tell(post, one.device_id)
    return one


async def tell(post: Post, device_id: UUID) -> None:
    """Do what relay, broker and consumers do with what parcel told of a device."""
    async with post.service("parcel").database.connection() as connection:
        rows = [unsent.row for unsent in await outbox.unsent(connection, 0, 10_000)]
    about = [record(row, offset) for offset, row in enumerate(rows) if row.key == f"device:{device_id}"]
    for name in COPYING:
        service = post.service(name)
        assert service.consumer is not None
        await service.consumer.apply(about)  # type: ignore[arg-type]  # read-only fields are enough for reading
        await service.directory.refresh(service.database)


async def revoke(post: Post, device_id: UUID) -> None:
    headers = good(post.key, actor_id(Role.SUPERVISOR, HOME))
    path = f"/devices/{device_id}/revocation"
    answer = await post.clients["parcel"].post(path, json={"reason": "stolen"}, headers=headers)
    assert answer.status_code == 200, answer.text


async def through_the_wall(post: Post, name: str, one: CounterDevice) -> str:
    """Come to the wall of a service as a route of it would; returns the refusal's slug, nothing where it opens."""
    one.service = name
    headers = [(key.lower().encode(), value.encode()) for key, value in one.headers("GET", "/anything").items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/anything",
        "query_string": b"",
        "headers": headers,
        "app": post.apps[name],
        "path_params": {},
    }

    async def nothing() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    try:
        assert (await on_device(Request(scope, nothing))).device_id == one.device_id
    except PostError as refusal:
        return refusal.slug
    return ""


@pytest.mark.parametrize("name", SERVICES)
async def test_a_stolen_device_passes_no_wall_of_any_service(post: Post, name: str) -> None:
    one = await stand_in(post)
    assert await through_the_wall(post, name, one) == ""

    await revoke(post, one.device_id)
    await tell(post, one.device_id)

    assert await through_the_wall(post, name, one) == DeviceRevoked.slug


async def test_whoever_signed_in_on_a_stolen_device_is_out_everywhere(post: Post) -> None:
    one, person = await stand_in(post), await colleague(post)
    parcel = post.service("parcel")
    passphrase_hash = await post.apps["parcel"].state.signing.passphrases.hash(PASSPHRASE)
    async with parcel.database.transaction() as tx:
        await staff.change_passphrase(tx, person, passphrase_hash)
        known = await staff.by_id(tx, person)
    assert known is not None
    signed_in = (await one.post("/sessions", {"name": known.name, "passphrase": PASSPHRASE})).json()
    headers = {"Authorization": f"Bearer {signed_in['token']}"}
    tracking = post.clients["tracking"]
    async with parcel.database.connection() as connection:
        rows = [unsent.row for unsent in await outbox.unsent(connection, 0, 10_000)]
    of_person = [record(row, offset) for offset, row in enumerate(rows) if row.key == f"actor:{person}"]
    consumer = post.service("tracking").consumer
    assert consumer is not None
    await consumer.apply(of_person)  # type: ignore[arg-type]  # read-only fields are enough for reading
    for service in (parcel, post.service("tracking")):
        await service.directory.refresh(service.database)
    assert (await tracking.post("/scans", json=scan_body(), headers=headers)).status_code == 201
    assert (await post.clients["parcel"].get("/offices", headers=headers)).status_code == 200

    await revoke(post, one.device_id)
    await tell(post, one.device_id)

    for answer in (
        await tracking.post("/scans", json=scan_body(), headers=headers),
        await post.clients["parcel"].get("/offices", headers=headers),
    ):
        assert (answer.status_code, answer.json()["type"]) == (401, f"/problems/{TokenRefused.slug}")
    # Who signs in elsewhere goes on: they did nothing.
    answer = await tracking.post("/scans", json=scan_body(), headers=good(post.key, str(person)))
    assert answer.status_code == 201


@pytest.mark.parametrize("route", ON_DEVICE, ids=str)
async def test_a_route_for_devices_opens_to_what_a_device_signed_and_to_nothing_else(post: Post, route: Route) -> None:
    one, other = await stand_in(post), await stand_in(post)
    client = post.clients[route.service]
    one.service = other.service = route.service
    path = route.path.replace("{device_id}", str(one.device_id))
    sent = {
        "nothing": {},
        "a token": good(post.key, actor_id(Role.ADMINISTRATOR, HOME)),
        "another key": CounterDevice(client, one.device_id, service=route.service).headers(route.method, path),
        "another device": other.headers(route.method, path),
    }
    before = await post.digest(route.service)

    for what, headers in sent.items():
        answer = await client.request(route.method, path, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (401, f"/problems/{ProofRefused.slug}"), what
    assert await post.digest(route.service) == before
    answer = await client.request(route.method, path, headers=one.headers(route.method, path))
    assert answer.status_code in {200, 422}, answer.text

    await revoke(post, one.device_id)
    await tell(post, one.device_id)
    answer = await client.request(route.method, path, headers=one.headers(route.method, path))
    assert (answer.status_code, answer.json()["type"]) == (403, f"/problems/{DeviceRevoked.slug}")


async def test_a_device_that_only_waits_for_its_key_passes_nowhere(post: Post) -> None:
    one = CounterDevice(post.clients["parcel"], UUID(await device(post)))

    for name in SERVICES:
        assert await through_the_wall(post, name, one) == "device-unknown"
