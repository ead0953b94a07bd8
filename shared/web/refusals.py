"""What the description of an API says of refusals: each as a problem document, by route, from a file of the service.

Source: RFC 9457; the files are written by `python -m tests.contracts.refusals`.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from shared.web.problems import MEDIA_TYPE

TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal, or a fault of ours.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Names the kind of refusal; each has a page.",
            "format": "uri-reference",
        },
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "service_time": {
            "type": "string",
            "format": "date-time",
            "description": "Where a device's clock is wrong, the time that it should show.",
        },
        "trace_id": {"type": "string", "description": "Finds a fault of ours in the logs."},
        "errors": {
            "type": "array",
            "description": "With 422, each field that is wrong.",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {"field": TEXT, "code": TEXT, "message": TEXT},
            },
        },
    },
}
SECONDS = {"description": "Seconds after which to come again.", "schema": {"type": "integer"}}
TOLD_LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def declare(document: dict[str, Any], file: Path) -> None:
    """Say in a description what each route may refuse, in place of what it says of all routes alike.

    Each refusal stands there once, as an example, and so does each answer that holds the same ones.
    """
    known = json.loads(file.read_bytes())
    responses: dict[str, Any] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = {status: told for status, told in operation["responses"].items() if status < "4"}
            for status, slugs in _by_status(known["routes"].get(f"{method.upper()} {path}", []), known["kinds"]):
                name = ".".join(slugs)
                responses[name] = _response(status, slugs)
                answers[str(status)] = {"$ref": f"#/components/responses/{name}"}
            operation["responses"] = answers
    parts = document.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    parts["examples"] = {slug: _example(slug, kind) for slug, kind in known["kinds"].items()}
    parts["responses"] = responses


def _by_status(slugs: Sequence[str], kinds: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[int, list[str]]]:
    by_status: dict[int, list[str]] = defaultdict(list)
    for slug in slugs:
        by_status[kinds[slug]["status"]].append(slug)
    return sorted(by_status.items())


def _response(status: int, slugs: Sequence[str]) -> dict[str, Any]:
    body = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {slug: {"$ref": f"#/components/examples/{slug}"} for slug in slugs},
    }
    described = {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: body}}
    return described | ({"headers": {"Retry-After": SECONDS}} if status in TOLD_LATER else {})


def _example(slug: str, kind: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": {"type": f"/problems/{slug}", "title": kind["title"], "status": kind["status"]}}
