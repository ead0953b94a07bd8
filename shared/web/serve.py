"""Running one service as a process of its own."""

import uvicorn
from fastapi import FastAPI

from shared import logs
from shared.settings import ServiceSettings


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve an application until a signal stops it; running requests may end first."""
    logs.configure(settings.log_level)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        root_path=settings.root_path,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=int(settings.stop_within_s),
        server_header=False,
    )
