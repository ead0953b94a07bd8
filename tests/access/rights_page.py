"""Writes docs/rights.md: who may call which route, as the routes declare it."""

from collections.abc import Sequence
from pathlib import Path

from tests.access.callers import CALLERS, DISTRICT_OF_AN_OFFICE, KEYS, NOBODY, PEOPLE, PRACTICE_KEYS, Caller
from tests.access.routes import Route, every_route

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
HEAD = """# Rights

Who may call which route: generated from the routes' own declarations by `make snapshots`, and each cell of it tried by
`tests/access`. Staff act within their office, traders within their shop; what a path names of another is not found
(404), and to act in the name of another office is refused (403), which is tried on each route that it concerns. An
auditor reads all but practice, leaves a note of each look at people, and changes nothing else. A district without an
office acts for none; one that is bound to an office passes the same walls, acts for it, and decides about refunds of
each office in its district, which is tried as well. A shop's key may call a route that names a scope, if it was made
for that scope; a few routes that show what is public let every key pass, as a program looks up there what it names
elsewhere. *Practice* lets practice keys pass as well, which are the only ones served under `/practice/`. *Anyone* marks
routes that say so: they need no actor, and some take a secret in place of a token. *Device* marks those that a
counter's device calls by what it signs ([offline](offline.md)); no token opens them.

"""
SCOPES_HEAD = """
## What a key can be made for

Each scope that a key can be made for opens at least one route; one that opens none to such a key is refused where keys
are made (`opens-nothing`). Tests hold both to the routes.

| scope | a live key opens | a practice key opens |
|---|---|---|
"""
SHOWN = (*PEOPLE, *KEYS)
PAIRS = tuple(zip(KEYS, PRACTICE_KEYS, strict=True))


def page(routes: Sequence[Route]) -> str:
    """Return the page."""
    lines = [
        f"| route | {' | '.join(caller.name for caller in SHOWN)} | nobody |",
        f"|---|{'---|' * len(SHOWN)}---|",
    ]
    ordered = sorted(routes, key=lambda one: (one.service, one.path, one.method))
    lines += [f"| `{route}` | {' | '.join(_cells(route))} |" for route in ordered]
    return HEAD + "\n".join(lines) + "\n" + _counted(routes) + _scopes(ordered)


def _scopes(routes: Sequence[Route]) -> str:
    lines = [f"| {key.scope} | {_opened(key, routes)} | {_opened(practising, routes)} |" for key, practising in PAIRS]
    return SCOPES_HEAD + "\n".join(lines) + "\n"


def _opened(key: Caller, routes: Sequence[Route]) -> str:
    return "<br>".join(f"`{route}`" for route in routes if key.opens(route)) or "cannot be granted"


def _cells(route: Route) -> list[str]:
    if route.for_anyone:
        return ["yes"] * len(SHOWN) + ["*anyone*"]
    if route.on_device:
        return [""] * len(SHOWN) + ["*device*"]
    passes = "yes, *practice*" if route.practice or route.every_key else "yes"
    return ["" if one.refused_by(route) else passes if one in KEYS else "yes" for one in SHOWN] + [""]


def _counted(routes: Sequence[Route]) -> str:
    walled = [route for route in routes if route.roles is not None]
    on_device = [route for route in routes if route.on_device]
    pairs = [(route, caller) for route in routes for caller in CALLERS]
    pass_by = sum(caller.refused_by(route) is None for route, caller in pairs)
    kinds = (
        f"{len(PEOPLE)} roles, {DISTRICT_OF_AN_OFFICE.name}, {len(KEYS)} keys and as many for practice, {NOBODY.name}"
    )
    return (
        f"\n{len(routes)} routes, {len(walled)} behind a wall, {len(on_device)} for devices,"
        f" {len(routes) - len(walled) - len(on_device)} for anyone;"
        f" {len(CALLERS)} callers ({kinds}). {len(pairs)} pairs, of which {pass_by} pass and"
        f" {len(pairs) - pass_by} are refused.\n"
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(every_route()))


if __name__ == "__main__":
    main()
