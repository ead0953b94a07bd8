"""Writes refusals.json of each service: which refusals each route may answer, read off the source it runs through."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services.tracking.domain.clearance import AdvanceDataIncomplete, ChargesUnpaid
from services.tracking.domain.payment import PaymentMissing, PaymentUnmatched
from services.tracking.entrypoints.http import submit_scans
from shared.access.roles import Role
from shared.access.tokens import TokenRefused
from shared.db.connection import DatabaseLost, DatabaseUnavailable
from shared.errors import Invalid, PostError
from shared.s10 import InvalidItemNumber
from shared.web.access import ActorWith, PracticeRefused, RoleRefused, ScopeRefused
from shared.web.admission import Overloaded
from shared.web.problems import STATUS, ServiceBusy
from shared.web.quotas import QuotaUsedUp
from tests.contracts.documents import OWNERS, applications
from tests.contracts.problem_pages import BY_THE_FRAMEWORK
from tests.contracts.reached import Kinds, Ours, reached

SERVICES = Path(__file__).parents[2] / "services"
FILES: Mapping[str, Path] = {service: SERVICES / service / "refusals.json" for service in OWNERS}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_EVERY_ROUTE: set[type[PostError]] = {ServiceBusy, Overloaded, DatabaseUnavailable, DatabaseLost}
TOLD_OF_EACH: Mapping[Any, Kinds] = {
    submit_scans: frozenset(
        {AdvanceDataIncomplete, ChargesUnpaid, InvalidItemNumber, PaymentMissing, PaymentUnmatched}
    ),
}
"""What the answer to a list says of single records, and never of the request."""


def all_refusals() -> dict[str, dict[str, Any]]:
    """Return for each service the slugs of each route, and status and title of each slug."""
    with tempfile.TemporaryDirectory() as folder:
        apps = applications(Path(folder))
    return {service: _refusals(app, (f"services.{service}", "shared")) for service, app in apps.items()}


def _refusals(app: FastAPI, ours: Ours) -> dict[str, Any]:
    of_route: dict[str, list[str]] = {}
    told: dict[str, dict[str, Any]] = {}
    for route in iter_route_contexts(app.routes):
        endpoint = getattr(route, "endpoint", None)
        if not isinstance(endpoint, FunctionType) or not getattr(route, "include_in_schema", False):
            continue
        known = _told_by_the_framework(route) | {kind.slug: _told(kind) for kind in _of(route, endpoint, ours)}
        told |= known
        for method in sorted(set(route.methods or ()) & set(METHODS)):
            of_route[f"{method} {route.path}"] = sorted(known)
    return {"routes": of_route, "kinds": told}


def _told(kind: type[PostError]) -> dict[str, Any]:
    status = next(status for of, status in STATUS.items() if issubclass(kind, of))
    return {"status": status.value, "title": (kind.__doc__ or "").splitlines()[0]}


def _told_by_the_framework(route: Any) -> dict[str, dict[str, Any]]:
    slugs = ["defect", *(["too-large"] if route.dependant.body_params else [])]
    return {slug: {"status": BY_THE_FRAMEWORK[slug][0].value, "title": BY_THE_FRAMEWORK[slug][1]} for slug in slugs}


def _of(route: Any, endpoint: FunctionType, ours: Ours) -> Iterator[type[PostError]]:
    yield from OF_EVERY_ROUTE
    dependant = route.dependant
    if any((dependant.path_params, dependant.query_params, dependant.header_params, dependant.body_params)):
        yield Invalid
    for dependency in _dependencies(dependant):
        if isinstance(dependency, ActorWith):
            yield from _of_wall(dependency)
        elif isinstance(dependency, FunctionType):
            yield from reached(dependency, ours)
    yield from reached(endpoint, ours) - TOLD_OF_EACH.get(endpoint, frozenset())


def _of_wall(wall: ActorWith) -> Iterator[type[PostError]]:
    yield from (TokenRefused, RoleRefused)
    if Role.TRADER in wall.roles:
        yield QuotaUsedUp
        # Where no scope is named no key passes, and it is told so as a key.
        yield from () if wall.every_key else (ScopeRefused,)
        yield from (PracticeRefused,) if wall.scope and not wall.practice else ()


def _dependencies(dependant: Any) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _dependencies(dependency)


def texts() -> dict[Path, str]:
    """Return each file as it is to be."""
    return {
        FILES[service]: json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        for service, found in all_refusals().items()
    }


def main() -> None:
    """Write the files."""
    for file, text in texts().items():
        file.write_text(text)


if __name__ == "__main__":
    main()
