"""Every route of the three applications, and what its declaration says of who may call it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from shared.access.roles import Role
from shared.access.scopes import Scope
from shared.web.access import ActorWith, anyone
from shared.web.device import DeviceWall
from tests.contracts.documents import applications

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """A route and what its declaration says of who may call it."""

    service: str
    method: str
    path: str
    roles: frozenset[Role] | None
    """None where the route has no wall."""
    scope: Scope | None
    for_anyone: bool
    practice: bool = False
    """Whether practice keys pass."""
    every_key: bool = False
    """Whether keys pass whatever they were made for, those of practice too."""
    on_device: bool = False
    """Whether a counter's device passes, by what it signs, and nobody else."""

    @property
    def names_one(self) -> bool:
        """Tell whether its path names something that may be another's."""
        return "{" in self.path

    @property
    def writes(self) -> bool:
        """Tell whether it may change something."""
        return self.method != "GET"

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"


@cache
def every_route() -> list[Route]:
    """Return every route; included routers are looked into. Every file of tests asks, and it takes a second."""
    with tempfile.TemporaryDirectory() as folder:
        apps = applications(Path(folder))
    return [
        _route(service, method, str(route.path), list(_calls(getattr(route, "dependant", None))))
        for service, app in apps.items()
        for route in iter_route_contexts(app.routes)
        for method in METHODS
        if method in set(route.methods or ())
    ]


def _route(service: str, method: str, path: str, calls: list[object]) -> Route:
    walls = [call for call in calls if isinstance(call, ActorWith)]
    if not walls:
        by_device = any(isinstance(call, DeviceWall) for call in calls)
        return Route(service, method, path, None, None, anyone in calls, on_device=by_device)
    roles = frozenset.intersection(*(wall.roles for wall in walls))
    first = walls[0]
    return Route(service, method, path, roles, first.scope, anyone in calls, first.practice, first.every_key)


def _calls(dependant: Dependant | None) -> Iterator[object]:
    for dependency in dependant.dependencies if dependant else ():
        yield dependency.call
        yield from _calls(dependency)
