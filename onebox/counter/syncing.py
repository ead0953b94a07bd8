"""A device with a line again sends what waits, in order, as often as it takes; what was answered once is settled."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson

from onebox.counter.asking import Line
from onebox.counter.device import PASS, Device
from onebox.counter.store import State
from shared.access import signed
from shared.syncing.record import LONGEST

MOST_RECORDS = 500
MOST_BYTES = 900_000
"""Below what a request may have, with room for passes."""


class Stuck(Exception):
    """The service waits for a record that this device does not have."""


async def sync(line: Line, service: str, most: int = MOST_RECORDS) -> Counter[str]:
    """Send all that waits for a service, portion by portion; returns how often it said what.

    Raises: Stuck; whatever the line raises, and then nothing is lost: what was sent is sent again, and known.
    """
    said: Counter[str] = Counter()
    device = line.device
    while portion := _portion(device, service, most):
        body = {
            "sent_at": device.clock().isoformat(),
            "passes": _passes(device, [written for _, written in portion]),
            "records": [written for _, written in portion],
        }
        answer = (await line.ask(service, "POST", "/records", orjson.dumps(body))).told
        told = [_told(sequence, one) for (sequence, _), one in zip(portion, answer["records"], strict=True)]
        device.store.settle(service, [one for one in told if one[1] is not State.WAITING])
        said.update(one["outcome"] for one in answer["records"])
        if all(state is State.WAITING for _, state, _ in told):
            _go_back(device, service, int(answer["next_sequence"]), portion[0][0])
    return said


def _go_back(device: Device, service: str, expected: int, first_sent: int) -> None:
    """Send again what a service lost since it answered, as after a restore from a backup.

    Raises: Stuck.
    """
    if expected >= first_sent or not device.store.send_again(service, expected):
        raise Stuck


def _portion(device: Device, service: str, most: int) -> list[tuple[int, str]]:
    portion: list[tuple[int, str]] = []
    size = 0
    for sequence, written in device.store.waiting(service, most):
        one = written or device.stand_in(sequence)
        size += len(one) + len('"",')
        if portion and size > MOST_BYTES:
            break
        portion.append((sequence, one))
    return portion


def _passes(device: Device, records: Sequence[str]) -> list[str]:
    """Return the passes that records name."""
    named = {str(signed.peek(written, LONGEST).payload["pass_id"]) for written in records}
    kept = [device.store.find(f"{PASS}/{pass_id}") for pass_id in sorted(named)]
    return [written.decode() for written in kept if written]


def _told(sequence: int, answer: dict[str, Any]) -> tuple[int, State, str]:
    """Return where a record stands by what the service said of it; what is known may have been set aside then."""
    settled = State.SET_ASIDE if answer["problem"] else State.DONE
    state = State.WAITING if answer["outcome"] == "wait" else settled
    return sequence, state, orjson.dumps(answer).decode()
