"""What makes a schema or an API break those who use it; adding something optional does not."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

Schema = Mapping[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")


FIXED = (
    "type", "format", "$ref", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "minItems", "maxItems", "additionalProperties",
)  # fmt: skip


def schema_breaks(old: Schema, new: Schema, place: str, told: bool = False) -> Iterator[str]:
    """Name what an old reader or writer of a schema would stumble over.

    `told` is for events: their old readers know the old values alone, and rely on every field that was promised.
    """
    for key in FIXED:
        if old.get(key) != new.get(key):
            yield f"{place}: {key} was {old.get(key)!r}, is {new.get(key)!r}"
    yield from _values_break(old, new, place, told)
    if told and (less := set(old.get("required", ())) - set(new.get("required", ()))):
        yield f"{place}: no longer always holds {sorted(less)}"
    for name, was in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{place}.{name}: is gone"
        else:
            yield from schema_breaks(was, new["properties"][name], f"{place}.{name}", told)
    if more := set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{place}: now requires {sorted(more)}"
    yield from _parts_break(old, new, place, told)


def _values_break(old: Schema, new: Schema, place: str, told: bool) -> Iterator[str]:
    before, after = set(old.get("enum", ())), set(new.get("enum", ()))
    if gone := before - after:
        yield f"{place}: no longer allows {sorted(gone)}"
    if told and before and (more := after - before):
        yield f"{place}: old readers do not know {sorted(more)}"


def _parts_break(old: Schema, new: Schema, place: str, told: bool) -> Iterator[str]:
    if isinstance(old.get("items"), Mapping) and isinstance(new.get("items"), Mapping):
        yield from schema_breaks(old["items"], new["items"], f"{place}[]", told)
    was, now = old.get("anyOf", ()), new.get("anyOf", ())
    if len(was) != len(now):
        yield f"{place}: was one of {len(was)} kinds, is one of {len(now)}"
    for number, (before, after) in enumerate(zip(was, now, strict=False)):
        yield from schema_breaks(before, after, f"{place}|{number}", told)


def definitions_break(
    old: Mapping[str, Schema],
    new: Mapping[str, Schema],
    only_answered: AbstractSet[str] = frozenset(),
    told: bool = False,
) -> Iterator[str]:
    """Name what broke among named schemas; one that nobody names any more is found where it was used.

    What stands in answers alone may promise more, and may not promise less.
    """
    for name, was in old.items():
        if name not in new:
            continue
        for what in schema_breaks(was, new[name], name, told):
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
    for gone in known - {(p["in"], p["name"]) for p in new.get("parameters", ())}:
        yield f"{place}: {gone[0]} {gone[1]} is gone"
    for parameter in new.get("parameters", ()):
        if parameter.get("required") and (parameter["in"], parameter["name"]) not in known:
            yield f"{place}: now requires {parameter['in']} {parameter['name']}"
    for status in old["responses"]:
        if status.startswith("2") and status not in new["responses"]:
            yield f"{place}: no longer answers {status}"
            continue
        answered = old["responses"][status].get("content")
        if status.startswith("2") and answered != new["responses"][status].get("content"):
            yield f"{place}: answers {status} with something else"


def events_break(old: Schema, new: Schema) -> Iterator[str]:
    """Name what a consumer written against the old AsyncAPI document would stumble over."""
    for name in old["components"]["messages"]:
        if name not in new["components"]["messages"]:
            yield f"{name}: is no longer told"
    yield from definitions_break(old["components"]["schemas"], new["components"]["schemas"], told=True)


def _schemas(document: Schema) -> Mapping[str, Schema]:
    schemas: Mapping[str, Schema] = document.get("components", {}).get("schemas", {})
    return schemas
