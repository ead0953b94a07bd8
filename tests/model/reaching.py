"""Which statements of the stores the code that is played here reaches, as its source says."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from inspect import getsource, iscoroutinefunction
from pathlib import Path
from types import ModuleType

from shared.messaging import dead_letters, inbox, outbox

HERE = Path(__file__).parent
Reached = tuple[ModuleType, str]


def statements() -> set[Reached]:
    """Return each statement, as the module of its store and its name, that some module reached from here calls."""
    return {statement for module in _modules() for statement in _called(module)}


def _modules() -> list[ModuleType]:
    """Return the use cases, entrypoints and ways of messages that the files here import, and those that these do."""
    found: dict[str, ModuleType] = {}
    ahead = [module for file in sorted(HERE.glob("*.py")) for module in _imported(ast.parse(file.read_text())).values()]
    while ahead:
        module = ahead.pop()
        if module.__name__ not in found and _is_played(module.__name__):
            found[module.__name__] = module
            ahead += _imported(_tree(module)).values()
    return list(found.values())


def _is_played(name: str) -> bool:
    return name.startswith("shared.messaging.") or ".use_cases." in name or ".entrypoints." in name


def _is_store(module: ModuleType) -> bool:
    return ".store." in module.__name__ or module in (outbox, inbox, dead_letters)


def _imported(tree: ast.Module) -> dict[str, ModuleType]:
    """Return the modules that a source imports, or imports something of, each under the name that it has there."""
    named: dict[str, ModuleType] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(("services.", "shared.")):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                named[alias.asname or alias.name] = import_module(whole if _is_module(whole) else node.module)
    return named


def _called(module: ModuleType) -> Iterator[Reached]:
    """Yield the statements that a module names: of a store, or of its own where it is one and more than that."""
    tree = _tree(module)
    named = {name: store for name, store in _imported(tree).items() if _is_store(store)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=store), attr=name) if store in named:
                yield from _statement(named[store], name)
            case ast.Name(id=name) if name in named:
                yield from _statement(named[name], name)
    if _is_store(module):
        for methods in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            for node in ast.walk(methods):
                if isinstance(node, ast.Name):
                    yield from _statement(module, node.id)


def _statement(store: ModuleType, name: str) -> Iterator[Reached]:
    if iscoroutinefunction(vars(store).get(name)):
        yield store, name


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(getsource(module))


@cache
def _is_module(name: str) -> bool:
    package, _, _ = name.rpartition(".")
    return hasattr(import_module(package), "__path__") and find_spec(name) is not None


def without_stand_in(stand_ins: Mapping[ModuleType, Mapping[str, object]], but: set[Reached]) -> list[str]:
    """Return the statements, in words, that are reached and have no stand-in."""
    missing = {(store, name) for store, name in statements() - but if name not in stand_ins.get(store, {})}
    return sorted(f"{store.__name__}.{name} has no stand-in in tests/model/scope.py" for store, name in missing)
