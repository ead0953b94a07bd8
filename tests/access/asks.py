"""A request that a test tries with tokens of all kinds."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ask:
    """A request that is in order, but for the token."""

    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    """In place of a JSON body."""
