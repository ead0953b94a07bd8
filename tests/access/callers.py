"""Everybody who may come to a route: each role, a district bound to an office, a shop's key of each scope, nobody."""

from dataclasses import dataclass

from shared.access.roles import Role
from shared.access.scopes import Scope
from shared.access.tokens import SigningKey
from tests.access.routes import Route
from tests.access.signed_in import BOUND_DISTRICT, actor_id, bearer, good, key_secret

PRACTICE = "/practice/"
"""Where practice keys alone are served."""


@dataclass(frozen=True)
class Caller:
    """One kind of caller, and what the walls should say to it."""

    name: str
    role: Role | None = None
    """None for nobody."""
    scope: Scope | None = None
    """Of a shop's key; None for a person."""
    practice: bool = False
    bound: bool = False
    """A district that acts for one office."""

    def headers(self, key: SigningKey, office: str) -> dict[str, str]:
        """Return the headers of this caller's requests."""
        if self.role is None:
            return {}
        if self.scope is not None:
            return bearer(key_secret(office, self.scope, practice=self.practice))
        return good(key, BOUND_DISTRICT[office] if self.bound else actor_id(self.role, office))

    def refused_by(self, route: Route) -> str | None:
        """Return the slug of the wall's refusal, None where it lets this caller pass."""
        if route.for_anyone:
            return None
        if self.role is None or route.on_device:
            return "unauthenticated"
        if self.role not in (route.roles or ()):
            return "role-refused"
        if self.scope is not None and route.every_key:
            return None
        if self.scope is not None and self.scope is not route.scope:
            return "scope-refused"
        return "practice-refused" if self.practice and not route.practice else None

    def opens(self, route: Route) -> bool:
        """Tell whether it is the scope of this key that opens a route to it."""
        in_reach = self.practice or not route.path.startswith(PRACTICE)
        return in_reach and self.scope is route.scope is not None and self.refused_by(route) is None


PEOPLE = (*(Caller(role.value.replace("_", " "), role) for role in Role),)
DISTRICT_OF_AN_OFFICE = Caller("district of an office", Role.DISTRICT, bound=True)
KEYS = tuple(Caller(f"key {scope.value}", Role.TRADER, scope) for scope in Scope)
PRACTICE_KEYS = tuple(Caller(f"practice key {scope.value}", Role.TRADER, scope, practice=True) for scope in Scope)
NOBODY = Caller("nobody")
CALLERS = (*PEOPLE, DISTRICT_OF_AN_OFFICE, *KEYS, *PRACTICE_KEYS, NOBODY)
WALLS = frozenset({"role-refused", "scope-refused", "practice-refused"})
