"""When each parcel passes the hops from its 201 to the tracking read, noted inside the services.

`python -m bench.hop_times FOLDER python -m services.parcel` runs the service, and writes what it noted when it ends.
All clocks are the machine's monotonic one, which processes share.
"""

import os
import runpy
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.quantiles import Took
from bench.visible_probe import Seen
from shared.contracts.parcel import EVENTS_TOPIC
from shared.messaging import outbox
from shared.messaging.consume import Consumer
from shared.messaging.decode import Record
from shared.messaging.outbox import Unsent
from shared.messaging.relay import Relay

READ, ACKNOWLEDGED, FETCHED, APPLIED = "read", "acknowledged", "fetched", "applied"
HOPS = {
    "from the 201 until the relay has read it": ("registered", READ),
    "until the broker has acknowledged it": (READ, ACKNOWLEDGED),
    "until tracking has fetched it": (ACKNOWLEDGED, FETCHED),
    "until tracking has committed it": (FETCHED, APPLIED),
    "until it was looked for again and seen": (APPLIED, "seen"),
}
MS = 1000


def prefix(folder: Path) -> tuple[str, ...]:
    """Return what a service's command begins with that notes its hops in a folder."""
    return sys.executable, "-m", "bench.hop_times", str(folder)


def waits(seen: Sequence[Seen], folder: Path) -> dict[str, str]:
    """Return the middle and the slow end of each hop of the parcels that were looked at, in milliseconds."""
    noted: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for file in folder.glob("*.hops"):
        for hop, at in orjson.loads(file.read_bytes()).items():
            noted[hop] |= at
    noted["registered"] = {one.item_number: one.registered_at for one in seen}
    noted["seen"] = {one.item_number: one.seen_at for one in seen}
    return {hop: _told(noted[since], noted[until]) for hop, (since, until) in HOPS.items()}


def _told(since: Mapping[str, float], until: Mapping[str, float]) -> str:
    took = Took.of([until[number] - since[number] for number in since.keys() & until.keys()])
    return f"p50 {took.p50_s * MS:.1f}, p99 {took.p99_s * MS:.1f} ms"


def note_hops() -> dict[str, dict[str, float]]:
    """Have this process note when events of parcels pass; returns where."""
    noted: dict[str, dict[str, float]] = {READ: {}, ACKNOWLEDGED: {}, FETCHED: {}, APPLIED: {}}
    hand_over, mark_sent, apply = Relay._hand_over, outbox.mark_sent, Consumer.apply  # noqa: SLF001  # the hops

    def note(hop: str, numbers: Iterable[str]) -> None:
        now = time.perf_counter()
        for number in numbers:
            noted[hop].setdefault(number, now)

    async def noting_hand_over(self: Relay, broker: Any, rows: Sequence[Unsent]) -> Any:
        note(READ, _of_rows(rows))
        return await hand_over(self, broker, rows)

    async def noting_mark_sent(tx: Any, sent: Sequence[Unsent]) -> Any:
        note(ACKNOWLEDGED, _of_rows(sent))
        return await mark_sent(tx, sent)

    async def noting_apply(self: Consumer, records: Sequence[Record]) -> None:
        numbers = [(record.key or b"").decode() for record in records if record.topic == EVENTS_TOPIC]
        note(FETCHED, numbers)
        await apply(self, records)
        note(APPLIED, numbers)

    Relay._hand_over = noting_hand_over  # type: ignore[method-assign]  # noqa: SLF001
    outbox.mark_sent = noting_mark_sent  # type: ignore[assignment]
    Consumer.apply = noting_apply  # type: ignore[method-assign]
    return noted


def _of_rows(rows: Sequence[Unsent]) -> Iterable[str]:
    return (unsent.row.key for unsent in rows if unsent.row.topic == EVENTS_TOPIC)


if __name__ == "__main__":
    hops, folder = note_hops(), Path(sys.argv[1])
    # Behind it stands the command that it takes the place of: python -m services.<name>.
    sys.argv = sys.argv[4:]
    # The server ends by the signal that stopped it, with whatever stood for it before.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    finally:
        (folder / f"{os.getpid()}.hops").write_bytes(orjson.dumps(hops))
