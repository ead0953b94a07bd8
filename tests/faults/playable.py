"""What cannot be played on this machine: left out by whoever works on the code, a failure in CI."""

import os
from collections.abc import Iterable
from typing import NoReturn

import pytest

from tests.faults.scenario import Scenario

ALL_VARIABLE = "CTCPOST_FAULTS_ALL"
"""Set where every fault must be played."""


def must_play_all() -> bool:
    """Tell whether nothing may be left out."""
    return bool(os.environ.get(ALL_VARIABLE))


def leave_out(why: str) -> NoReturn:
    """End a test that cannot be played, as skipped or as failed."""
    if must_play_all():
        pytest.fail(why)
    pytest.skip(why)


def not_playable(scenarios: Iterable[Scenario]) -> dict[str, str]:
    """Return the title of each fault that cannot be played here, with the reason."""
    return {scenario.title: why for scenario in scenarios if (why := scenario.why_not())}
