"""The examples that the description of an API gives, as requests."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

Example = Any


def described(app: FastAPI) -> Iterator[tuple[str, str, Example]]:
    """Return method, path and example of each route whose body has one."""
    for method, path, examples in bodies(app):
        for example in examples:
            yield method, path, example


def bodies(app: FastAPI) -> Iterator[tuple[str, str, list[Example]]]:
    """Return method, path and the examples of each route that takes a body."""
    document = app.openapi()
    for method, path, route in _routes(document):
        for content in route.get("requestBody", {}).get("content", {}).values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            schema = document["components"]["schemas"].get(name, content["schema"])
            yield method, path, schema.get("examples", [])


def parameters(app: FastAPI) -> Iterator[tuple[str, str, dict[str, str], dict[str, str]]]:
    """Return method and path of each route, with the examples of what stands in its path and in its query."""
    for method, path, route in _routes(app.openapi()):
        shown: dict[str, dict[str, str]] = {"path": {}, "query": {}}
        for parameter in route.get("parameters", []):
            for example in parameter["schema"].get("examples", [])[:1]:
                shown.setdefault(parameter["in"], {})[parameter["name"]] = example
        yield method, path, shown["path"], shown["query"]


def _routes(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            yield method.upper(), path, route
