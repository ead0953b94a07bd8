import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.failpoints import VARIABLE, Place, PlantedDefect, armed, defective

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


@dataclass(frozen=True, slots=True)
class About:
    key: str


def test_handlers_fail_on_the_one_key_that_is_named() -> None:
    handled = defective("CP999999911KH")
    handled([About("CP000000179KH")])
    with pytest.raises(PlantedDefect):
        handled([About("CP000000179KH"), About("CP999999911KH")])


@pytest.mark.parametrize("unset", [None, ""])
def test_handlers_fail_on_nothing_where_no_key_is_named(unset: str | None) -> None:
    defective(unset)([About("CP999999911KH"), About("")])
