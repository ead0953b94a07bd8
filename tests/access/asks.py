"""A request that a test tries with tokens of all kinds."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.ids import new_id

MISSING = ("EE471108151FR", "CP123456785KR")
"""Numbers that nobody ever gave out: of a parcel, of an item from abroad."""
INBOUND = "/inbound-items/"
ROOMS = ("/cash/", "/cod/")
"""Where what is named stands one step deeper, and always by an id."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Ask:
    """A request that is in order, but for the token."""

    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    """In place of a JSON body."""
    sign: Callable[[str, str, bytes], dict[str, str]] | None = None
    """Signs method, path and body as a device does; returns the headers that it adds."""


def of_nobody(path: str) -> str:
    """Return the path of the same request about something that is not there."""
    if path.startswith(ROOMS):
        return _ID.sub(str(new_id()), path, count=1)
    root, of, named, *beneath = path.split("/")
    missing = str(new_id()) if _ID.fullmatch(named) else MISSING[path.startswith(INBOUND)]
    return "/".join([root, of, missing, *beneath])
