"""The HTTP server of a service, which ends without dropping what a client just sent."""

import asyncio
import socket

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.settings import ServiceSettings
from shared.web.admission import Door
from shared.web.doorstep import doorstep

LINGER_S = 1.0
"""How long open connections are still served after a signal; a busy client uses each of its own within that time."""
LOOK_EVERY_S = 0.02


def server_of(app: ASGIApp, door: Door, settings: ServiceSettings) -> "Server":
    """Return a server for an application behind its door; nothing is opened yet."""
    farewell = Farewell(app)
    config = uvicorn.Config(
        farewell,
        host=settings.host,
        port=settings.port,
        root_path=settings.root_path,
        loop="uvloop",
        http=doorstep(door, lambda: farewell.leaving),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=int(settings.stop_within_s),
        server_header=False,
        # Where a request came from counts where people sign in; only the front door may say it for another.
        proxy_headers=bool(settings.front_door),
        forwarded_allow_ips=settings.front_door,
    )
    return Server(config, farewell)


class Farewell:
    """Tells clients, once the server is leaving, to use their connection no more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.leaving = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; once the server is leaving, the answer is the last one on its connection."""
        await self._app(scope, receive, self._saying(send) if scope["type"] == "http" else send)

    def _saying(self, send: Send) -> Send:
        async def say(message: Message) -> None:
            if self.leaving and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        return say


class Server(uvicorn.Server):
    """Hangs up on nobody at once: a request may be on its way over a connection that looks idle."""

    def __init__(self, config: uvicorn.Config, farewell: Farewell) -> None:
        super().__init__(config)
        self._farewell = farewell

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no new connection, serve the open ones a moment longer, then end as usual."""
        self._farewell.leaving = True
        for server in self.servers:
            server.close()
        ends_at = asyncio.get_running_loop().time() + LINGER_S
        while self.server_state.connections and asyncio.get_running_loop().time() < ends_at:
            await asyncio.sleep(LOOK_EVERY_S)
        await super().shutdown(sockets)
