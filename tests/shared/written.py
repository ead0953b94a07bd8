"""Logging set up as in a service, and what it writes."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from shared import logs

Read = Callable[[], list[dict[str, object]]]


@contextmanager
def configured() -> Iterator[Read]:
    """Configure logging for a block; gives what reads the lines written so far."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level, levels = root.handlers[:], root.level, {n: logging.getLogger(n).level for n in logs.QUIETER}
    raw = io.BytesIO()
    logs.configure("INFO", io.TextIOWrapper(raw, encoding="utf-8", write_through=True))
    # A logger that was cached would write here for ever.
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield lambda: [json.loads(line) for line in raw.getvalue().decode().splitlines()]
    finally:
        structlog.configure(**before)
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, was in levels.items():
            logging.getLogger(name).setLevel(was)
