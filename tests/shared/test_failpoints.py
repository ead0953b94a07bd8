import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.failpoints import VARIABLE, Place, armed

ROOT = Path(__file__).parents[2]
WALK = """
from shared.failpoints import Place, reached
for n in range(1, 5):
    reached(Place.RELAY_SENT)
    print(n, flush=True)
"""


def walked(setting: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, VARIABLE: setting, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", WALK], env=environment, capture_output=True, text=True, check=False)


def test_a_process_dies_the_nth_time_it_comes_to_its_place() -> None:
    ended = walked("relay.sent:3")
    assert (ended.returncode, ended.stdout.split()) == (-9, ["1", "2"])


def test_another_place_is_passed_unharmed() -> None:
    ended = walked("relay.read:1")
    assert (ended.returncode, ended.stdout.split()) == (0, ["1", "2", "3", "4"])


def test_a_misspelt_place_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="relay"):
        armed("relay.snet")


@pytest.mark.parametrize("place", list(Place))
def test_every_place_is_reached_from_somewhere_in_the_code(place: Place) -> None:
    sources = (path for root in ("services", "shared") for path in (ROOT / root).rglob("*.py"))
    calls = [path for path in sources if f"reached(Place.{place.name})" in path.read_text()]
    assert len(calls) == 1
