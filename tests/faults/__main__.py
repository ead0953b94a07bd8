"""`make faults`: each fault at least once, then again for as long as one likes; a row of the ledger for each run."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from tests.faults.choosing import Unknown, asked_for
from tests.faults.long_form import play_all
from tests.faults.playable import must_play_all, not_playable
from tests.faults.scenario import all_scenarios
from tests.faults.turns import Hours, Turn


def main() -> int:
    """Read the command line; the exit status says whether every guarantee held."""
    # A broker that is gone is what was asked for: the harness's own clients need not say it again and again.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--only", default="", help="names of faults in full, such as F4, or F9 and F10 as F9,F10")
    parser.add_argument("--rounds", type=int, help="of each fault, as a command that plays one again says it")
    asked = parser.parse_args()
    try:
        chosen = asked_for(asked.only, all_scenarios())
    except Unknown as unknown:
        parser.error(f"no fault is called {unknown}")
    left_out = not_playable(chosen)
    for title, why in left_out.items():
        print(f"Left out: {title}, for {why}")
    chosen = [scenario for scenario in chosen if scenario.title not in left_out]
    if not chosen or (left_out and must_play_all()):
        return 1
    folder = Path(tempfile.mkdtemp(prefix="ctcpost-faults-"))
    hours = Hours(asked.minutes, len(chosen), asked.rounds)
    print(f"Seed {asked.seed}: {len(chosen)} faults, each at least once, and again until {asked.minutes:g} minutes")
    print(f"are over; what fails stays in {folder}", flush=True)
    try:
        bad = asyncio.run(play_all(chosen, asked.seed, hours, folder))
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("Stopped; the fault that was being played has no row.")
        return 130
    return _verdict(bad)


def _verdict(bad: list[Turn]) -> int:
    print(f"{len(bad)} runs in which a guarantee did not hold")
    for turn in bad:
        print(f"  {turn.again}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
