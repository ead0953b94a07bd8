"""Tens of thousands of histories of the whole post, each with its own faults: what is promised is kept in all of them.

Some are the same each time, some nobody has played before. `CTCPOST_MODEL_HISTORIES` asks for more,
`CTCPOST_MODEL_SEED` says from which seed the fresh ones are. A failure prints the fewest steps that lead to it, how to
play its portion again, and a blob that `CTCPOST_MODEL_REPLAY` plays.
"""

import os
import sys
from collections.abc import Callable

import pytest

from tests.model import scope
from tests.model.exploring import BLOB, command, explore

pytestmark = pytest.mark.histories

HISTORIES = int(os.environ.get("CTCPOST_MODEL_HISTORIES", "20000"))
FIXED, FRESH = 7, 3
EACH = -(-HISTORIES // (FIXED + FRESH))

Record = Callable[[str, object], None]


def play(seed: int, record_property: Record) -> None:
    with scope.stand_ins():
        played = explore(seed, EACH)
    for what, count in (("histories", played.histories), ("hurt", played.hurt), ("steps", played.steps)):
        record_property(what, count)
    assert BLOB or (played.histories >= EACH and played.hurt >= EACH // 4)


@pytest.mark.parametrize("seed", range(FIXED), ids=lambda seed: f"seed-{seed}")
def test_what_is_promised_is_kept_in_every_history(seed: int, record_property: Record) -> None:
    play(seed, record_property)


@pytest.mark.parametrize("part", range(FRESH), ids=lambda part: f"fresh-{part}")
def test_it_is_kept_in_histories_that_nobody_has_played(
    part: int, fresh_seed: int, record_property: Record, capfd: pytest.CaptureFixture[str]
) -> None:
    with capfd.disabled():
        sys.stderr.write(f"\nfresh histories: {command(fresh_seed + part, HISTORIES)}\n")
        sys.stderr.flush()
    play(fresh_seed + part, record_property)
