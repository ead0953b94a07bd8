"""Bodies of registrations as the simulator's counters send them: what everything here registers that registers.

They are planned from one seed and come in turn, for another office of posting than in the plan. Each stands for many
parcels, so the last digits of its phones are left open: no two parcels have the same.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from onebox.simulator.lives import plan_bag
from onebox.simulator.network import network_of

SEED = 1
BODIES = 320
COUNTERS = 18
"""Of the sample set, which every run has loaded."""
RUN = UUID(int=0)
"""Its keys are not used."""
OPEN = 7
"""Digits that differ from parcel to parcel."""
PEOPLE = ("sender", "recipient")


@cache
def templates() -> Sequence[str]:
    """Return the bodies as JSON, each with `%07d` at the end of both phones."""
    network = network_of(COUNTERS)
    bags = (plan_bag(SEED, RUN, network, number) for number in count())
    parcels = (parcel for bag in bags for parcel in bag.parcels)
    return tuple(_template(parcel.body) for parcel in islice(parcels, BODIES))


def digits(serial: int) -> int:
    """Return the number that the phones of a parcel end with."""
    return 1_000_000 + serial * 7_919 % 9_000_000


def body(serial: int) -> bytes:
    """Return the body of one parcel; the templates come in turn."""
    number = digits(serial)
    return (templates()[serial % BODIES] % (number, number)).encode()


def write(file: Path) -> Path:
    """Write the templates down, one a line, for the compiled client; returns the file."""
    file.write_text("".join(f"{template}\n" for template in templates()))
    return file


def _template(planned: Mapping[str, Any]) -> str:
    people = {who: planned[who] | {"phone": _open(planned[who]["phone"])} for who in PEOPLE}
    return orjson.dumps({**planned, **people}).decode()


def _open(phone: str) -> str:
    return f"{phone.replace(' ', '')[:-OPEN]}%0{OPEN}d"
