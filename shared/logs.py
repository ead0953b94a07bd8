"""One JSON line for each thing that happens, from our code and from libraries alike."""

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, BinaryIO, TextIO, cast

import orjson
import structlog

QUIETER = {
    "aiokafka": logging.CRITICAL,
    "faststream": logging.CRITICAL,
    "httpx": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}
"""Libraries that log each attempt to connect, or each address asked with its secrets; our own lines say enough."""


class LossyOutput:
    """Where lines go; one that cannot be written is lost, and what was being done goes on.

    A full disk must not cost what the line would have told of. Later lines say how many are missing.
    """

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._lost = 0

    def write(self, line: bytes) -> None:
        """Write a line, and before it how many were lost since the last one that was written."""
        missing = b'{"event":"log lines lost","level":"warning","lines":%d}\n' % self._lost if self._lost else b""
        try:
            self._output.write(missing + line)
        except OSError:
            self._lost += 1
        else:
            self._lost = 0

    def flush(self) -> None:
        """Hand on what is held; what cannot be is held until the next time."""
        with suppress(OSError):
            self._output.flush()


def configure(level: str = "INFO", to: TextIO = sys.stdout) -> None:
    """Set logging up for the whole process; call once, before the first line is written."""
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _frames_only,
    ]
    structlog.configure(
        processors=[*chain, _to_json],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", LossyOutput(to.buffer))),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*chain, structlog.stdlib.add_logger_name, _first_line_only],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _to_json_text],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, at_least in QUIETER.items():
        logging.getLogger(name).setLevel(at_least)


def _frames_only(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep where an error arose and of which type; its text may quote a row or an input."""
    exc_info = line.pop("exc_info", None)
    error = sys.exc_info()[1] if exc_info is True else exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        line["error"] = type(error).__name__
        line["frames"] = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return line


def _first_line_only(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cut what libraries write below the first line: asyncio shows a failed task there, its error's text included."""
    line["event"] = str(line["event"]).partition("\n")[0]
    return line


def _to_json(_logger: object, _method: str, line: MutableMapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(line, default=str)
    except TypeError:  # huge numbers, lone surrogates: whoever logs them must not fail for it
        return json.dumps(line, default=str, skipkeys=True).encode()


def _to_json_text(logger: object, method: str, line: MutableMapping[str, Any]) -> str:
    return _to_json(logger, method, line).decode()
