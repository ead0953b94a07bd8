"""The wall in front of a route: which roles may pass, checked against the directory at each request."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.access.roles import Actor, Role
from shared.access.tokens import TokenRefused
from shared.errors import Forbidden
from shared.web.service import Service, service_of

_bearer = HTTPBearer(auto_error=False, description="Token of POST /parcel/sessions; lives five minutes.")


class RoleRefused(Forbidden):
    """Your role does not include this."""

    slug = "role-refused"


class ActorWith:
    """A dependency that gives the signed-in actor, or refuses; tests read the roles off it."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(
        self,
        service: Annotated[Service, Depends(service_of)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Actor:
        """Return the actor.

        Raises: TokenRefused, RoleRefused.
        """
        if credentials is None:
            raise TokenRefused
        actor = service.directory.actor_of(credentials.credentials)
        if actor.role not in self.roles:
            raise RoleRefused
        return actor


def actor_with(*roles: Role) -> ActorWith:
    """Let pass those with one of these roles."""
    return ActorWith(*roles)


async def anyone() -> None:
    """Declare that a writing route needs no actor; tests list the routes that say so."""
