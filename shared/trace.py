"""The trace that a request or an event belongs to, carried along in the context.

Source: W3C Trace Context, `traceparent` header, version 00.
"""

import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace as otel

_SHAPE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)
_causes: ContextVar[Mapping[str, str] | None] = ContextVar("causes", default=None)


def new_traceparent() -> str:
    """Return the header of a trace that begins here, not sampled."""
    # By chance, not in secret: the system's own generator would cost a registration more than reading its body.
    return f"00-{random.getrandbits(128):032x}-{random.getrandbits(64):016x}-00"


def accepted(header: str | None) -> str:
    """Return the header given if it is well formed, else a new one."""
    return header if header and _SHAPE.fullmatch(header) else new_traceparent()


def traceparent(key: str | None = None) -> str:
    """Return the header of what caused an event of this key, else of the running span, else of the context."""
    causes = _causes.get()
    if causes and key is not None and key in causes:
        return causes[key]
    span = otel.get_current_span().get_span_context()
    if span.is_valid:
        return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"
    return _current.get() or new_traceparent()


def trace_id(header: str) -> str:
    """Return the trace id inside a header."""
    return header.split("-")[1] if _SHAPE.fullmatch(header) else ""


@contextmanager
def within(header: str) -> Iterator[None]:
    """Make a trace the current one for a block."""
    token = _current.set(header)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def caused_by(headers: Mapping[str, str]) -> Iterator[None]:
    """Let events of a key follow the trace of the event of the same key that is applied in this block."""
    token = _causes.set(headers)
    try:
        yield
    finally:
        _causes.reset(token)
