"""Tens of thousands of histories of the whole post, each with its own faults: what is promised is kept in all of them.

`CTCPOST_MODEL_HISTORIES` asks for more, `CTCPOST_MODEL_SEED` for others. A failure prints the fewest steps that lead
to it and a blob; `CTCPOST_MODEL_REPLAY` plays that blob.
"""

import os
from collections.abc import Callable

import pytest

from tests.model import scope
from tests.model.exploring import BLOB, explore

pytestmark = pytest.mark.histories

HISTORIES = int(os.environ.get("CTCPOST_MODEL_HISTORIES", "20000"))
FIRST_SEED = int(os.environ.get("CTCPOST_MODEL_SEED", "0"))
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS), ids=lambda part: f"seed-{FIRST_SEED + part}")
def test_what_is_promised_is_kept_in_every_history(part: int, record_property: Callable[[str, object], None]) -> None:
    wanted = -(-HISTORIES // PARTS)

    with scope.stand_ins():
        completed, hurt = explore(FIRST_SEED + part, wanted)

    record_property("histories", completed)
    record_property("histories hurt", hurt)
    assert BLOB or (completed >= wanted and hurt >= wanted // 4)
