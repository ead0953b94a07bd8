"""The answer that never came: a statement reaches PostgreSQL and is done, and its caller never hears of it.

Follows the client's side of PostgreSQL's protocol, version 3, just far enough to know which statement is being run.
Source: PostgreSQL documentation, "Message Formats".
"""

import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

STARTUP = 196_608
DONE = b"Z\x00\x00\x00\x05"
"""ReadyForQuery; the one byte after it says whether a transaction is open."""


class Statements:
    """Reads what a client sends; yields the SQL of each statement as it is run."""

    def __init__(self) -> None:
        self._rest = b""
        self._started = False
        self._prepared: dict[bytes, bytes] = {}

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the next bytes of the stream."""
        self._rest += data
        while (message := self._next()) is not None:
            kind, body = message
            if kind == b"P":
                name, sql, _ = body.split(b"\x00", 2)
                self._prepared[name] = sql
            elif kind == b"B":
                yield self._prepared.get(body.split(b"\x00", 2)[1], b"")
            elif kind == b"Q":
                yield body.rstrip(b"\x00")

    def _next(self) -> tuple[bytes, bytes] | None:
        """Cut one whole message off what was read; before the start-up message they have no type."""
        header = 5 if self._started else 4
        if len(self._rest) < header:
            return None
        end = header - 4 + struct.unpack_from("!i", self._rest, header - 4)[0]
        if len(self._rest) < end:
            return None
        kind, body = self._rest[: header - 4], self._rest[header:end]
        self._rest = self._rest[end:]
        if not self._started and struct.unpack_from("!i", body)[0] == STARTUP:
            self._started = True
        return kind, body


@dataclass(slots=True)
class LostAnswers:
    """Loses the answers to the next statements that hold these bytes, to each or to every second, and counts them."""

    pattern: bytes
    left: int = 1
    every: int = 1
    met: int = 0
    lost: int = 0
    lost_at: list[float] = field(default_factory=list)
    """When, by the monotonic clock; of all patterns so far."""

    def lose(self, pattern: bytes, times: int) -> None:
        """Lose so many more of these, and count anew."""
        self.pattern, self.left, self.lost = pattern, times, 0

    def __call__(self) -> "_LostAnswer":
        """Listen to one more connection."""
        return _LostAnswer(self)


@dataclass(slots=True)
class _LostAnswer:
    """The tap of one connection."""

    plan: LostAnswers
    armed: bool = False
    statements: Statements = field(default_factory=Statements)
    answer: bytes = b""

    def asked(self, data: bytes) -> None:
        for sql in self.statements.feed(data):
            if self.plan.pattern in sql and self.plan.left > 0 and not self.armed:
                self.plan.met += 1
                if self.plan.met % self.plan.every == 0:
                    self.plan.left -= 1
                    self.armed, self.answer = True, b""

    def answered(self, data: bytes) -> bytes | None:
        if not self.armed:
            return data
        self.answer = (self.answer + data)[-len(DONE) - 1 :]
        if not self.answer.startswith(DONE):
            return b""
        self.plan.lost += 1
        self.plan.lost_at.append(time.monotonic())
        return None
