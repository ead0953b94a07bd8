"""Writes docs/rights.md: who may call which route, as the routes declare it."""

from collections.abc import Sequence
from pathlib import Path

from shared.access.roles import Role
from tests.access.routes import Route, every_route

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
HEAD = """# Rights

Who may call which route: generated from the routes' own declarations by `make snapshots`, and each cell of it tried by
`tests/access`. Staff act within their office, traders within their shop; what belongs to another is not found (404) or
refused (403). A shop's key may call a route that names a scope, if it was made for that scope. *Anyone* marks routes
that need no actor, among them those that take a secret in place of a token.

"""


def page(routes: Sequence[Route]) -> str:
    """Return the page."""
    roles = list(Role)
    lines = [
        f"| route | {' | '.join(role.value.replace('_', ' ') for role in roles)} | scope |",
        f"|---|{'---|' * len(roles)}---|",
    ]
    for route in sorted(routes, key=lambda one: (one.service, one.path, one.method)):
        cells = ["yes" if role in (route.roles or ()) else "" for role in roles]
        scope = route.scope.value if route.scope else "" if route.roles is not None else "*anyone*"
        lines.append(f"| `{route.service} {route.method} {route.path}` | {' | '.join(cells)} | {scope} |")
    walled = [route for route in routes if route.roles is not None]
    counted = (
        f"\n{len(routes)} routes, {len(walled)} behind a wall, {len(walled) * len(roles)} pairs of route and role.\n"
    )
    return HEAD + "\n".join(lines) + "\n" + counted


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(every_route()))


if __name__ == "__main__":
    main()
