"""Every route that writes, read off the three applications, and for each that has a wall one valid request."""

import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from services.parcel.store import staff
from services.parcel.store.staff import Staff
from services.parcel.use_cases.add_staff import add_staff
from shared.access.roles import Role
from shared.clock import now
from shared.ids import new_id
from shared.web.access import ActorWith, anyone
from tests.access.running_post import Post
from tests.access.signed_in import actor_id, good
from tests.contracts.documents import applications
from tests.parcel.bodies import HOME, keyed, parcel_body

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Route:
    """A writing route and what its declaration says of who may call it."""

    service: str
    method: str
    path: str
    roles: frozenset[Role] | None
    """None where the route has no wall."""
    for_anyone: bool

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"


@dataclass(frozen=True)
class Ask:
    """A request that is in order, but for the token."""

    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def writing_routes() -> Iterator[Route]:
    """Return every writing route of the three applications; included routers are looked into."""
    with tempfile.TemporaryDirectory() as folder:
        apps = applications(Path(folder))
    for service, app in apps.items():
        for route in iter_route_contexts(app.routes):
            for method in sorted(WRITING & set(route.methods or ())):
                calls = list(_calls(getattr(route, "dependant", None)))
                walls = [call.roles for call in calls if isinstance(call, ActorWith)]
                roles = frozenset.intersection(*walls) if walls else None
                yield Route(service, method, str(route.path), roles, anyone in calls)


def _calls(dependant: Dependant | None) -> Iterator[object]:
    for dependency in dependant.dependencies if dependant else ():
        yield dependency.call
        yield from _calls(dependency)


async def registered(post: Post) -> str:
    """Register a parcel at the home office; returns its number."""
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | keyed()
    answer = await post.clients["parcel"].post("/parcels", json=parcel_body(), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["item_number"])


async def colleague(post: Post, office: str = HOME) -> UUID:
    """Add a clerk; returns the id."""
    person = Staff(new_id(), f"clerk {new_id()}", "no hash", Role.CLERK, office)
    service = post.service("parcel")
    async with service.database.transaction() as tx:
        await add_staff(tx, service.outbox, person)
        assert await staff.by_name(tx, person.name)
    return person.staff_id


def scan_body() -> dict[str, Any]:
    """Return a scan of a parcel that arrived at the home office."""
    return {
        "scan_id": str(new_id()),
        "item_number": "RR473124829GB",
        "event_code": "EDD",
        "device_time": now().isoformat(),
        "office": HOME,
    }


async def _register(_post: Post) -> Ask:
    return Ask("/parcels", parcel_body(), keyed())


async def _correct(post: Post) -> Ask:
    return Ask(f"/parcels/{await registered(post)}/recipient", {"name": "Chan Sophea", "phone": "011 222 333"})


async def _cancel(post: Post) -> Ask:
    return Ask(f"/parcels/{await registered(post)}/cancellation")


async def _renew(_post: Post) -> Ask:
    return Ask("/sessions/renewals")


async def _reserve(_post: Post) -> Ask:
    return Ask("/number-blocks", {"office": HOME, "indicator": "PD", "size": 10}, keyed())


async def _disable(post: Post) -> Ask:
    return Ask(f"/staff/{await colleague(post)}/disabled")


async def _scan(_post: Post) -> Ask:
    return Ask("/scans", scan_body())


async def _scan_list(_post: Post) -> Ask:
    return Ask("/scans/batch", {"scans": [scan_body(), scan_body()]})


VALID: dict[str, Callable[[Post], Awaitable[Ask]]] = {
    "parcel POST /parcels": _register,
    "parcel PUT /parcels/{item_number}/recipient": _correct,
    "parcel POST /parcels/{item_number}/cancellation": _cancel,
    "parcel POST /sessions/renewals": _renew,
    "parcel POST /number-blocks": _reserve,
    "parcel PUT /staff/{staff_id}/disabled": _disable,
    "tracking POST /scans": _scan,
    "tracking POST /scans/batch": _scan_list,
}
