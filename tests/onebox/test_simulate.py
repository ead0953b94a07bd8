"""`make simulate` without a post office to play against."""

from pathlib import Path

import pytest

from onebox.simulate import NobodyRuns, Wanted, simulate
from onebox.simulator.day import LevelName


async def test_without_a_running_post_office_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    wanted = Wanted(LevelName.PILOT, minutes=1, speed=1, seed=1, raised=False)

    with pytest.raises(NobodyRuns, match="make up"):
        await simulate(tmp_path, None, wanted)
