"""Running one service as a process of its own."""

import gc
import sys
from contextlib import suppress

from shared import logs
from shared.settings import ServiceSettings
from shared.web.allocator import give_memory_back
from shared.web.application import Application
from shared.web.server import server_of

COLLECT_AFTER = (20_000, 20, 50)
"""Objects made before the youngest, collections before the middle, and before the oldest generation is gone through."""
NOT_STARTED = 3


def serve(app: Application, settings: ServiceSettings) -> None:
    """Serve an application until a signal stops it; running requests may end first."""
    logs.configure(settings.log_level)
    collect_rarely()
    give_memory_back(settings.own_pages_from_bytes)
    server = server_of(app, app.front, settings)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(NOT_STARTED)


def collect_rarely() -> None:
    """Keep the garbage collector off what lives as long as the process, and from looking at the rest too often.

    Going through every loaded module took 50 ms each time, in the middle of requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()
