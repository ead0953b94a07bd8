"""Writes docs/problems: a page for each kind of refusal, from the classes and the codes of fields in the source."""

import ast
import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from shared.errors import Invalid, PostError
from shared.web.problems import STATUS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "problems"
ROOTS = ("services", "shared")
BY_THE_FRAMEWORK = {
    "method-not-allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "This address does not know the method."),
    "too-large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is larger than a request may be."),
    "defect": (HTTPStatus.INTERNAL_SERVER_ERROR, "This is a fault of ours; tell an operator the trace id."),
}
WHAT_TO_DO = {
    HTTPStatus.UNAUTHORIZED: "Sign in again, then send the request once more.",
    HTTPStatus.FORBIDDEN: "Sent again, the request is refused again: ask somebody whose role includes it.",
    HTTPStatus.NOT_FOUND: "Check the address. What belongs to another office or shop is answered alike.",
    HTTPStatus.METHOD_NOT_ALLOWED: "See the service's `openapi.json` for what it knows.",
    HTTPStatus.CONFLICT: "Read the present state, then decide; with `Retry-After`, send the same again after it.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Send less in one request.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Mend what `errors` names, field by field; nothing was done.",
    HTTPStatus.TOO_MANY_REQUESTS: "Wait the seconds of `Retry-After`; nothing was done.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The outcome is unknown: ask again with the same `Idempotency-Key`.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Wait the seconds of `Retry-After`, then send the same under the same key.",
}


def pages() -> dict[str, str]:
    """Return every page by its slug."""
    found = {slug: _page(slug, status, title, []) for slug, (status, title) in BY_THE_FRAMEWORK.items()}
    of_slug: dict[str, list[type[PostError]]] = defaultdict(list)
    for kind in _kinds():
        of_slug[kind.slug].append(kind)
    for slug, kinds in of_slug.items():
        status = next((status for of, status in STATUS.items() if issubclass(kinds[0], of)), None)
        if status is not None:
            found[slug] = _page(slug, status, _title(kinds[0]), kinds)
    return found


def _page(slug: str, status: HTTPStatus, title: str, kinds: list[type[PostError]]) -> str:
    told_by = sorted({_teller(kind.__module__) for kind in kinds}) or ["every service"]
    lines = [
        f"# {slug}",
        "",
        f"{title}",
        "",
        f"- `type`: `/problems/{slug}`, status {status.value} {status.phrase}",
        f"- told by: {', '.join(told_by)}",
        f"- what to do: {WHAT_TO_DO[status]}",
    ]
    if slug == Invalid.slug:
        lines += ["", "Codes of fields that the services name themselves, beside those of the form's own checks:", ""]
        lines += [f"- `{code}`: {message}" for code, message in sorted(_field_codes().items())]
    return "\n".join(lines) + "\n"


def _title(kind: type[PostError]) -> str:
    return (kind.__doc__ or kind.__name__).splitlines()[0]


def _teller(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "services" else "every service"


def _kinds() -> Iterator[type[PostError]]:
    """Return every kind of refusal there is, by importing all of the source."""
    for root in ROOTS:
        package = importlib.import_module(root)
        for module in pkgutil.walk_packages(package.__path__, f"{root}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    waiting, seen = [PostError], set()
    while waiting:
        kind = waiting.pop()
        if kind not in seen:
            seen.add(kind)
            waiting += kind.__subclasses__()
    ours = {kind for kind in seen - {PostError} if kind.__module__.partition(".")[0] in ROOTS}
    yield from sorted(ours, key=lambda kind: (kind.slug, kind.__module__, kind.__name__))


def _field_codes() -> dict[str, str]:
    """Return the codes that stand in the source with their sentences; one whose sentence is made up is left empty."""
    codes: dict[str, str] = {}
    for root in ROOTS:
        for path in sorted((ROOT / root).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FieldProblem":
                    code, message = _constant(node, 1), _constant(node, 2)
                    if code:
                        codes[code] = codes.get(code) or message or "see the message"
    return codes


def _constant(call: ast.Call, place: int) -> str | None:
    argument = call.args[place] if len(call.args) > place else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def main() -> None:
    """Write the pages, and take away those of refusals that are no more."""
    FOLDER.mkdir(exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.stem not in wanted:
            path.unlink()
    for slug, text in wanted.items():
        (FOLDER / f"{slug}.md").write_text(text)


if __name__ == "__main__":
    main()
