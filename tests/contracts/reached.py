"""Which refusals a function may raise, read off the source that it runs through.

It is followed through every function of ours that is named on the way. Methods are told apart by their names alone, so
that a function may be said to raise what another method of the name raises.
"""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from services.parcel.posting.entrypoints.registrar import Registrar
from services.parcel.posting.use_cases.find_posted_item import find_posted_item
from shared.errors import PostError

HANDED_IN: Mapping[str, Any] = {"posted_items": find_posted_item}
"""What an endpoint is given by its application, by the name of the parameter."""
GOES_ON: Mapping[Any, tuple[Any, ...]] = {Registrar.register: (Registrar._write,)}
"""Where a function leaves the rest to another task, which hands its refusals back."""
MAKING = ("__init__", "__post_init__")
Kinds = frozenset[type[PostError]]
Ours = tuple[str, ...]
"""The packages that a function is followed through."""


@cache
def reached(root: FunctionType, ours: Ours) -> Kinds:
    """Return what is raised on the way from a function."""
    seen: set[FunctionType] = set()
    waiting, kinds = [root], set[type[PostError]]()
    while waiting:
        function = waiting.pop()
        if function not in seen:
            seen.add(function)
            raised, called = _named_in(function, ours)
            kinds |= raised
            waiting += [*called, *GOES_ON.get(function, ())]
    return frozenset(kinds)


@cache
def _named_in(function: FunctionType, ours: Ours) -> tuple[Kinds, tuple[FunctionType, ...]]:
    """Return the refusals and the functions of ours that a function names."""
    raised: set[type[PostError]] = set()
    called: list[FunctionType] = []
    for node in _walked(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        for found in _meant(node, function, ours):
            if isinstance(found, type) and issubclass(found, PostError):
                raised.add(found)
            elif _is_function(found, ours):
                called.append(found)
            elif isinstance(found, type) and found.__module__.startswith(ours):
                called += [made for name, made in vars(found).items() if name in MAKING and _is_function(made, ours)]
    return frozenset(raised), tuple(called)


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


def _meant(node: ast.AST, function: FunctionType, ours: Ours) -> list[Any]:
    """Return what a name may mean: one thing of the module or of a known class, else any method that is called so."""
    if isinstance(node, ast.Name):
        return [_unwrapped(HANDED_IN.get(node.id) or function.__globals__.get(node.id))]
    if isinstance(node, ast.Attribute):
        of = _known(node.value, function)
        return [_unwrapped(inspect.getattr_static(of, node.attr, None))] if of else _methods(property, ours)[node.attr]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not _known(node.func.value, function):
        return _methods(FunctionType, ours)[node.func.attr]
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
def _methods(sort: type, ours: Ours) -> dict[str, list[FunctionType]]:
    """Return the properties of our classes by name, or the methods."""
    by_name: dict[str, list[FunctionType]] = defaultdict(list)
    for module in _modules(ours):
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and not issubclass(kind, PostError):
                for name, member in vars(kind).items():
                    if isinstance(member, property) is (sort is property) and _is_function(_unwrapped(member), ours):
                        by_name[name].append(_unwrapped(member))
    return by_name


def _modules(ours: Ours) -> Iterator[ModuleType]:
    for root in ours:
        package = importlib.import_module(root)
        for module in pkgutil.walk_packages(package.__path__, f"{root}."):
            if not module.name.endswith("__main__"):
                yield importlib.import_module(module.name)


def _is_function(member: object, ours: Ours) -> bool:
    """Tell whether something is a function of ours that is written down; dataclasses write theirs themselves."""
    if not isinstance(member, FunctionType) or not member.__module__.startswith(ours):
        return False
    return not member.__code__.co_filename.startswith("<")
