"""Refuses what the door would, before anything is made for it: a fifth of what it costs to answer through the front.

At three times the load that saturates two of three requests are refused, and what that costs is taken from the third.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from shared.web.admission import Door
from shared.web.requests import UNLOGGED

WATCHED = tuple(path.encode() for path in UNLOGGED)


def doorstep(door: Door, is_leaving: Callable[[], bool]) -> type[HttpToolsProtocol]:
    """Return the protocol of the connections to a server whose requests all come to one door."""
    refusals = Refusals(door, is_leaving, _written(door.refusal), _written(door.refusal, b"connection: close\r\n"))
    return cast("type[HttpToolsProtocol]", partial(Doorstep, refusals))


@dataclass(frozen=True, slots=True)
class Refusals:
    """What connections share: when to refuse, and the bytes of a refusal."""

    door: Door
    is_leaving: Callable[[], bool]
    written: bytes
    written_last: bytes
    """The same where the connection ends with it."""


def _written(refusal: Response, more: bytes = b"") -> bytes:
    headers = b"".join(name + b": " + value + b"\r\n" for name, value in refusal.raw_headers)
    return STATUS_LINE[refusal.status_code] + headers + more + b"\r\n" + bytes(refusal.body)


class Doorstep(HttpToolsProtocol):
    """One connection; a request that is one too many is read to its end and answered here."""

    def __init__(self, refusals: Refusals, **told: Any) -> None:
        super().__init__(**told)
        self._refusals = refusals
        self._refusing = False

    def on_headers_complete(self) -> None:
        """Decide."""
        self._refusing = self._is_one_too_many()
        if not self._refusing:
            super().on_headers_complete()
        elif self.expect_100_continue:
            self._refuse(last=True)

    def on_body(self, body: bytes) -> None:
        """Keep what the application is to read."""
        if not self._refusing:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Refuse, or let the application know that it has all."""
        if not self._refusing:
            super().on_message_complete()
        elif not self.transport.is_closing():
            self._refuse(last=self._refusals.is_leaving() or not self.parser.should_keep_alive())

    def _is_one_too_many(self) -> bool:
        if len(self.tasks) < self._refusals.door.most or self.url.startswith(WATCHED):
            return False
        # One that came before the answer to the one ahead of it waits for that answer, and takes its place.
        ahead = cast("RequestResponseCycle | None", self.cycle)
        # What HEAD asks is answered without the body that is written here.
        return (ahead is None or ahead.response_complete) and self.parser.get_method() != b"HEAD"

    def _refuse(self, *, last: bool) -> None:
        self._refusals.door.note_refusal()
        self.transport.write(self._refusals.written_last if last else self._refusals.written)
        if last:
            self.transport.close()
        self.on_response_complete()
