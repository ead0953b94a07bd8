"""Writes services/parcel/refusals.json: which refusals each route may answer, read off the source it runs through.

A route is followed from its walls and its endpoint through every function of ours that is named on the way. Methods are
told apart by their names alone, so that a route may be said to refuse what another method of the name refuses.
"""

import ast
import importlib
import inspect
import json
import pkgutil
import tempfile
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from fastapi.routing import iter_route_contexts

from services.parcel.posting.entrypoints.registrar import Registrar
from services.parcel.posting.use_cases.find_posted_item import find_posted_item
from shared.access.roles import Role
from shared.access.tokens import TokenRefused
from shared.db.connection import DatabaseLost, DatabaseUnavailable
from shared.errors import Invalid, PostError
from shared.web.access import ActorWith, PracticeRefused, RoleRefused, ScopeRefused
from shared.web.admission import Overloaded
from shared.web.problems import STATUS, ServiceBusy
from shared.web.quotas import QuotaUsedUp
from tests.contracts.documents import applications
from tests.contracts.problem_pages import BY_THE_FRAMEWORK

FILE = Path(__file__).parents[2] / "services" / "parcel" / "refusals.json"
OURS = ("services.parcel", "shared")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HANDED_IN: Mapping[str, Any] = {"posted_items": find_posted_item}
"""What an endpoint is given by its application, by the name of the parameter."""
GOES_ON: Mapping[Any, tuple[Any, ...]] = {Registrar.register: (Registrar._write,)}
"""Where a function leaves the rest to another task, which hands its refusals back."""
OF_EVERY_ROUTE: set[type[PostError]] = {ServiceBusy, Overloaded, DatabaseUnavailable, DatabaseLost}
Kinds = frozenset[type[PostError]]


def refusals() -> dict[str, Any]:
    """Return the slugs of each route, and status and title of each slug."""
    with tempfile.TemporaryDirectory() as folder:
        app = applications(Path(folder))["parcel"]
    of_route: dict[str, list[str]] = {}
    told: dict[str, dict[str, Any]] = {}
    for route in iter_route_contexts(app.routes):
        endpoint = getattr(route, "endpoint", None)
        if not isinstance(endpoint, FunctionType) or not getattr(route, "include_in_schema", False):
            continue
        known = _told_by_the_framework(route) | {kind.slug: _told(kind) for kind in _of(route, endpoint)}
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


def _of(route: Any, endpoint: FunctionType) -> Iterator[type[PostError]]:
    yield from OF_EVERY_ROUTE
    dependant = route.dependant
    if any((dependant.path_params, dependant.query_params, dependant.header_params, dependant.body_params)):
        yield Invalid
    for dependency in _dependencies(dependant):
        if isinstance(dependency, ActorWith):
            yield from _of_wall(dependency)
        elif isinstance(dependency, FunctionType):
            yield from _reached(dependency)
    yield from _reached(endpoint)


def _of_wall(wall: ActorWith) -> Iterator[type[PostError]]:
    yield from (TokenRefused, RoleRefused)
    if Role.TRADER in wall.roles:
        # Where no scope is named no key passes, and it is told so as a key.
        yield from (ScopeRefused, QuotaUsedUp)
        yield from (PracticeRefused,) if wall.scope and not wall.practice else ()


def _dependencies(dependant: Any) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _dependencies(dependency)


@cache
def _reached(root: FunctionType) -> Kinds:
    """Return what is raised on the way from a function."""
    seen: set[FunctionType] = set()
    waiting, kinds = [root], set[type[PostError]]()
    while waiting:
        function = waiting.pop()
        if function not in seen:
            seen.add(function)
            raised, called = _named_in(function)
            kinds |= raised
            waiting += [*called, *GOES_ON.get(function, ())]
    return frozenset(kinds)


@cache
def _named_in(function: FunctionType) -> tuple[Kinds, tuple[FunctionType, ...]]:
    """Return the refusals and the functions of ours that a function names."""
    raised: set[type[PostError]] = set()
    called: list[FunctionType] = []
    for node in _walked(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        for found in _meant(node, function):
            if isinstance(found, type) and issubclass(found, PostError):
                raised.add(found)
            elif _is_function(found):
                called.append(found)
            elif isinstance(found, type) and found.__module__.startswith(OURS):
                called += [made for name, made in vars(found).items() if name in MAKING and _is_function(made)]
    return frozenset(raised), tuple(called)


MAKING = ("__init__", "__post_init__")


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    """Give what a function does; what it catches, compares with, or is annotated with is left out."""
    if isinstance(node, ast.ExceptHandler):
        children: Sequence[ast.AST] = node.body
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
        children = node.args[:1]
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        children = [*node.body]
    elif isinstance(node, ast.AnnAssign):
        children = [node.value] if node.value else []
    else:
        children = list(ast.iter_child_nodes(node))
    yield node
    for child in children:
        yield from _walked(child)


def _meant(node: ast.AST, function: FunctionType) -> list[Any]:
    """Return what a name may mean: one thing of the module or of a known class, else any method that is called so."""
    if isinstance(node, ast.Name):
        return [_unwrapped(HANDED_IN.get(node.id) or function.__globals__.get(node.id))]
    if isinstance(node, ast.Attribute):
        of = _known(node.value, function)
        return [_unwrapped(inspect.getattr_static(of, node.attr, None))] if of else _methods(property)[node.attr]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not _known(node.func.value, function):
        return _methods(FunctionType)[node.func.attr]
    return []


def _known(node: ast.AST, function: FunctionType) -> ModuleType | type | None:
    """Return the module or class that stands before a dot, or the class of the parameter that does."""
    if not isinstance(node, ast.Name):
        return None
    hint = function.__annotations__.get(node.id, function.__globals__.get(node.id))
    if node.id == "self":
        hint = function.__globals__.get(function.__qualname__.partition(".")[0])
    known = getattr(hint, "__origin__", hint)
    return known if isinstance(known, ModuleType | type) else None


def _unwrapped(member: Any) -> Any:
    """Return the function that stands in a class or behind a decorator; other things as they are."""
    member = getattr(member, "fget", None) or getattr(member, "__func__", member)
    return inspect.unwrap(member) if callable(member) else member


@cache
def _methods(sort: type) -> dict[str, list[FunctionType]]:
    """Return the properties of our classes by name, or the methods."""
    by_name: dict[str, list[FunctionType]] = defaultdict(list)
    for module in _modules():
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and not issubclass(kind, PostError):
                for name, member in vars(kind).items():
                    if isinstance(member, property) is (sort is property) and _is_function(_unwrapped(member)):
                        by_name[name].append(_unwrapped(member))
    return by_name


def _modules() -> Iterator[ModuleType]:
    for root in OURS:
        package = importlib.import_module(root)
        for module in pkgutil.walk_packages(package.__path__, f"{root}."):
            if not module.name.endswith("__main__"):
                yield importlib.import_module(module.name)


def _is_function(member: object) -> bool:
    """Tell whether something is a function of ours that is written down; dataclasses write theirs themselves."""
    if not isinstance(member, FunctionType) or not member.__module__.startswith(OURS):
        return False
    return not member.__code__.co_filename.startswith("<")


def text() -> str:
    """Return the file as it is to be."""
    return json.dumps(refusals(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    FILE.write_text(text())


if __name__ == "__main__":
    main()
