"""One origin for the three services in one process: each under its own name, entered and left together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

PAGE = """<!doctype html><html lang="km"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>CTC Post</title><style>body{font:18px/1.7 "Noto Sans Khmer",system-ui,sans-serif;max-width:34rem;
margin:3rem auto;padding:0 1rem}a{display:block;padding:.6rem 0}</style>
<h1>ប្រៃសណីយ៍ CTC · CTC Post</h1>
<a href="/tracking/">តាមដានកញ្ចប់ · Follow a parcel</a>
<a href="/notifications/inbox">ប្រអប់សារ (សាកល្បង) · Messages as phones would show them (trial)</a>
</html>"""


def front_door(services: Mapping[str, FastAPI]) -> Starlette:
    """Mount services under their names; Starlette does not run the lifespans of what is mounted, so this does."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in services.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    async def show_ready(_request: Request) -> Response:
        return JSONResponse({"status": "ready"})

    async def hide(_request: Request) -> Response:
        return JSONResponse({"type": "/problems/not-found", "title": "Not Found.", "status": 404}, 404)

    async def show_start(_request: Request) -> Response:
        return HTMLResponse(PAGE)

    # Measures are for whoever watches the services, not for whoever comes to the door.
    hidden = [Route(f"/{name}/metrics", hide) for name in services]
    routes = [Route("/", show_start), Route("/health/ready", show_ready), *hidden]
    mounts = [Mount(f"/{name}", app) for name, app in services.items()]
    return Starlette(routes=[*routes, *mounts], lifespan=lifespan)
