"""The wall in front of a route: which roles may pass, checked against the directory at each request."""

from fastapi import Request
from fastapi.security import HTTPBearer
from fastapi.security.base import SecurityBase

from shared.access.roles import Actor, Role
from shared.access.scopes import Scope
from shared.access.tokens import TokenRefused
from shared.errors import Forbidden
from shared.web.quotas import QuotaUsedUp
from shared.web.service import Service, service_of

_bearer = HTTPBearer(auto_error=False, description="Token of POST /parcel/sessions; lives five minutes.")


class RoleRefused(Forbidden):
    """Your role does not include this."""

    slug = "role-refused"


class ScopeRefused(Forbidden):
    """This key was not made for this."""

    slug = "scope-refused"


class PracticeRefused(Forbidden):
    """A practice key works on practice parcels alone."""

    slug = "practice-refused"


class ActorWith(SecurityBase):
    """A dependency that gives the signed-in actor, or refuses; tests read the roles off it.

    It looks into the request itself: dependencies of its own would cost a hot route more than what they do.
    """

    model, scheme_name = _bearer.model, _bearer.scheme_name

    def __init__(
        self, *roles: Role, scope: Scope | None = None, practice: bool = False, every_key: bool = False
    ) -> None:
        self.roles = frozenset(roles)
        self.scope = scope
        self.practice = practice
        self.every_key = every_key

    async def __call__(self, request: Request) -> Actor:
        """Return the actor.

        Raises: TokenRefused, RoleRefused, ScopeRefused, PracticeRefused, QuotaUsedUp.
        """
        service = await service_of(request)
        actor = service.directory.actor_of(token_of(request))
        if actor.role not in self.roles:
            raise RoleRefused
        if actor.scopes is not None:
            await self._pass_key(request, service, actor)
        return actor

    async def _pass_key(self, request: Request, service: Service, actor: Actor) -> None:
        # Every answer to a key tells how it may go on, the refusal of one request too many above all.
        quota = request.scope["quota"] = await service.quotas.take(actor.id)
        if not quota.is_kept:
            raise QuotaUsedUp(retry_after_s=quota.resets_in_s)
        if self.every_key:
            return
        if self.scope not in (actor.scopes or ()):
            raise ScopeRefused
        if actor.practice and not self.practice:
            raise PracticeRefused


def token_of(request: Request) -> str:
    """Return the token that a request carries.

    Raises: TokenRefused.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefused
    return token


def actor_with(*roles: Role, scope: Scope | None = None, practice: bool = False, every_key: bool = False) -> ActorWith:
    """Let pass those with one of these roles; keys if they were made for the scope, practice keys if told so.

    With `every_key` a key of any scope passes, for practice too: for what anybody who works with the post looks up.
    """
    return ActorWith(*roles, scope=scope, practice=practice, every_key=every_key)


async def anyone() -> None:
    """Declare that a route needs no actor; each has a wall or says this, and tests list those that do."""
