"""How many requests a service has in hand at a time; the next ones are told at once to come again.

A queue that grows without end makes every answer late; one that ends early keeps the promised ones on time. A service
with a server of its own refuses most of them on its `doorstep`.
"""

import time
from http import HTTPStatus

import structlog
from prometheus_client import Counter, Gauge
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import Unavailable
from shared.web import problems
from shared.web.requests import UNLOGGED, path_of
from shared.web.service import Plan

log = structlog.get_logger()

SAID_EVERY_S = 5.0


class Overloaded(Unavailable):
    """More requests came than can be answered in time; nothing was done, come again after the time given."""

    slug = "overloaded"


class Door:
    """Lets in so many at a time; what watches the service is always let in."""

    def __init__(self, app: ASGIApp, most: int, shed: Counter, in_hand: Gauge) -> None:
        self._app = app
        self.most = most
        self.refusal = problems.problem(Overloaded(retry_after_s=1))
        self._shed = shed
        self._in_hand = 0
        self._said_at = 0.0
        in_hand.set_function(lambda: self._in_hand)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it before anything was done for it."""
        if path_of(scope).startswith(UNLOGGED):
            await self._app(scope, receive, send)
        elif self._in_hand >= self.most:
            self.note_refusal()
            await self.refusal(scope, receive, send)
        else:
            self._in_hand += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._in_hand -= 1

    def note_refusal(self) -> None:
        """Count a request that is refused, and say so now and then."""
        self._shed.inc()
        if time.monotonic() - self._said_at > SAID_EVERY_S:
            self._said_at = time.monotonic()
            log.warning("requests shed", in_hand=self._in_hand, status=HTTPStatus.SERVICE_UNAVAILABLE.value)


def door(app: ASGIApp, plan: Plan) -> Door:
    """Put the door before an application."""
    shed = Counter("ctcpost_requests_shed", "Requests told to come again.", registry=plan.registry)
    in_hand = Gauge("ctcpost_requests_in_hand", "Requests being answered now.", registry=plan.registry)
    return Door(app, plan.settings.requests_at_once, shed, in_hand)
