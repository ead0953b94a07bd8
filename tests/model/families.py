"""The families of scripts, one or two a service, and the script that a seed makes of each."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from tests.model import code_scripts, scripts
from tests.model.both import Step, Work

SESSIONS = 2
"""Of three, two may wait for the third, and who is first when it ends is nobody's promise."""
STEPS = 16


class Family(NamedTuple):
    """What is drawn for the database of a service, and how that is looked at in the end."""

    service: str
    draw: Callable[[Random, int], tuple[str, Work]]
    look: Work


FAMILIES = {
    "parcel": Family("parcel", scripts.of_parcels, scripts.look_at_parcels),
    "tracking": Family("tracking", scripts.of_scans, scripts.look_at_journeys),
    "notifications": Family("notifications", scripts.of_messages, scripts.look_at_messages),
    "codes": Family("notifications", code_scripts.of_codes, code_scripts.look_at_codes),
}


def script(family: str, seed: int) -> Sequence[Step]:
    """Return the steps of a seed for one family, and a look at what is left at the end."""
    chance, (_, draw, look) = Random(seed), FAMILIES[family]
    steps = []
    for place in range(STEPS):
        session = chance.randrange(SESSIONS)
        name, work = draw(chance, place)
        steps += [
            Step(session, name, work),
            Step(chance.randrange(SESSIONS), "commit" if chance.random() < 0.7 else "undo"),
        ]
    ends = [Step(number, "commit") for _ in range(SESSIONS) for number in range(SESSIONS)]
    return [*steps, *ends, Step(0, "look", look)]
