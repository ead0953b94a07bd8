"""What makes a schema or an API break those who use it; adding something optional does not."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

Schema = Mapping[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")


def schema_breaks(old: Schema, new: Schema, place: str) -> Iterator[str]:
    """Name what an old reader or writer of a schema would stumble over."""
    for key in ("type", "format", "$ref", "const", "pattern"):
        if key in old and old.get(key) != new.get(key):
            yield f"{place}: {key} was {old[key]!r}, is {new.get(key)!r}"
    if gone := set(old.get("enum", ())) - set(new.get("enum", ())):
        yield f"{place}: no longer allows {sorted(gone)}"
    for name, was in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{place}.{name}: is gone"
        else:
            yield from schema_breaks(was, new["properties"][name], f"{place}.{name}")
    if more := set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{place}: now requires {sorted(more)}"
    if isinstance(old.get("items"), Mapping) and isinstance(new.get("items"), Mapping):
        yield from schema_breaks(old["items"], new["items"], f"{place}[]")


def definitions_break(
    old: Mapping[str, Schema], new: Mapping[str, Schema], only_answered: AbstractSet[str] = frozenset()
) -> Iterator[str]:
    """Name what broke among named schemas; one that nobody names any more is found where it was used.

    What stands in answers alone may promise more, and may not promise less.
    """
    for name, was in old.items():
        if name not in new:
            continue
        for what in schema_breaks(was, new[name], name):
            if name not in only_answered or "now requires" not in what:
                yield what
        if name in only_answered and (less := set(was.get("required", ())) - set(new[name].get("required", ()))):
            yield f"{name}: no longer always holds {sorted(less)}"


def named_in(part: Any, schemas: Mapping[str, Schema]) -> Iterator[str]:
    """Return the schemas that a part of a document names, directly or through others."""
    waiting, seen = [part], set[str]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += one.values()
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in seen:
                seen.add(name)
                waiting.append(schemas[name])
        elif isinstance(one, list):
            waiting += one
    yield from seen


def api_breaks(old: Schema, new: Schema) -> Iterator[str]:
    """Name what a program written against the old OpenAPI document would stumble over."""
    for path, item in old["paths"].items():
        for method in METHODS:
            if method in item and method not in new["paths"].get(path, {}):
                yield f"{method.upper()} {path}: is gone"
            elif method in item:
                yield from _operation_breaks(item[method], new["paths"][path][method], f"{method.upper()} {path}")
    operations = [item[method] for item in new["paths"].values() for method in METHODS if method in item]
    asked = {name for operation in operations for name in named_in(operation.get("requestBody"), _schemas(new))}
    yield from definitions_break(_schemas(old), _schemas(new), _schemas(new).keys() - asked)


def _operation_breaks(old: Schema, new: Schema, place: str) -> Iterator[str]:
    known = {(p["in"], p["name"]) for p in old.get("parameters", ())}
    for parameter in new.get("parameters", ()):
        if parameter.get("required") and (parameter["in"], parameter["name"]) not in known:
            yield f"{place}: now requires {parameter['in']} {parameter['name']}"
    for status in old["responses"]:
        if status.startswith("2") and status not in new["responses"]:
            yield f"{place}: no longer answers {status}"


def events_break(old: Schema, new: Schema) -> Iterator[str]:
    """Name what a consumer written against the old AsyncAPI document would stumble over."""
    for name in old["components"]["messages"]:
        if name not in new["components"]["messages"]:
            yield f"{name}: is no longer told"
    yield from definitions_break(old["components"]["schemas"], new["components"]["schemas"])


def _schemas(document: Schema) -> Mapping[str, Schema]:
    schemas: Mapping[str, Schema] = document.get("components", {}).get("schemas", {})
    return schemas
