"""What the run of the canaries did, as it goes along: which went in where, and where they were looked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.canaries.canaries import found_in


@dataclass
class Run:
    """Counts of one run, by route as `service METHOD path`."""

    right: dict[str, int] = field(default_factory=dict)
    """Canaries in a request that is in order."""
    wrong: dict[str, int] = field(default_factory=dict)
    """Requests of which one field is not as it should be."""
    paths: set[str] = field(default_factory=set)
    """Routes that were called with a name in the path."""
    questions: dict[str, int] = field(default_factory=dict)
    """Questions with a name or a phone in them."""
    topics: set[str] = field(default_factory=set)
    """Topics whose records were looked at."""


def canaries_in(*parts: Any) -> int:
    """Count the texts that hold a canary, in whatever parts a request has."""
    return sum(bool(list(found_in("", [text]))) for part in parts for text in _texts(part))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)
