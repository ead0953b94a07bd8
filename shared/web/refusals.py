"""What the description of an API says of refusals: each as a problem document, by route, from a file of the service.

Source: RFC 9457; the file is written by `python -m tests.contracts.refusals`.
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
    """Say in a description what each route may refuse, in place of what it says of all routes alike."""
    known = json.loads(file.read_bytes())
    document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            slugs = known["routes"].get(f"{method.upper()} {path}", [])
            answers = {status: told for status, told in operation["responses"].items() if status < "4"}
            operation["responses"] = answers | _responses(slugs, known["kinds"])


def _responses(slugs: Sequence[str], kinds: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = defaultdict(list)
    for slug in slugs:
        by_status[kinds[slug]["status"]].append(slug)
    return {str(status): _response(status, of, kinds) for status, of in sorted(by_status.items())}


def _response(status: int, slugs: Sequence[str], kinds: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    body = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {slug: _example(slug, kinds) for slug in slugs},
    }
    described = {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: body}}
    return described | ({"headers": {"Retry-After": SECONDS}} if status in TOLD_LATER else {})


def _example(slug: str, kinds: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    kind = kinds[slug]
    return {"value": {"type": f"/problems/{slug}", "title": kind["title"], "status": kind["status"]}}
