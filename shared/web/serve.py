"""Running one service as a process of its own."""

import gc

import uvicorn
from fastapi import FastAPI

from shared import logs
from shared.settings import ServiceSettings

COLLECT_AFTER = (20_000, 20, 50)
"""Objects made before the youngest, collections before the middle, and before the oldest generation is gone through."""


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve an application until a signal stops it; running requests may end first."""
    logs.configure(settings.log_level)
    collect_rarely()
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


def collect_rarely() -> None:
    """Keep the garbage collector off what lives as long as the process, and from looking at the rest too often.

    Going through every loaded module took 50 ms each time, in the middle of requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
