"""That what a fault made processes and servers take is given back, and disks grow by what was asked alone: I12."""

from collections import Counter
from collections.abc import Callable, Iterator

from tests.faults.evidence import Evidence
from tests.faults.watch import BESIDE_POOL, POOL

SPARE_FILES = 3
"""A log that is turned, a page that is being served."""
KEPT_ALIVE = 60
"""Connections of clients, who keep them for their next call; fifty ask at once in F21, forty in F23."""
ROOM = {"database": 8_000_000, "topics": 1_000_000, "log": 4_000_000, "written ahead": 96_000_000}
"""Whatever is asked: first pages of tables and indexes, what is said of an outage, whole pages after a checkpoint."""
PER_EVENT = {"database": 1_000, "topics": 300, "log": 1_000, "written ahead": 8_000}
"""Bytes beside the payload, a little more than twice what was measured; of topics and logs, a record and a call."""
COPIES = 3
"""A payload stands in an outbox, in a dead letter, and whole pages of both go to the write-ahead log."""
KEPT_LOG_BYTES = 64_000_000
"""The segment of the last checkpoint, those since then, the one that is written; the rest goes with a checkpoint."""
GONE = ("temporary files", "prepared transactions")
NOT_MORE = ("slots without a reader",)


def i12_what_was_taken_is_given_back(evidence: Evidence) -> Iterator[str]:
    """At rest processes hold the files of before, and no more connections than their pools; nothing is left behind."""
    before, after = evidence.held_before, evidence.held_after
    replicas = Counter(name.split()[-1].partition("-")[0] for name in after if name.startswith("files of "))
    most: dict[str, float] = dict.fromkeys(GONE, 0)
    most |= {name: before.get(name, 0) for name in NOT_MORE}
    most["bytes of the write-ahead log"] = max(before.get("bytes of the write-ahead log", 0), KEPT_LOG_BYTES)
    for name, held in before.items():
        if name.startswith("files of "):
            most[name] = held + SPARE_FILES
        if name.startswith("sockets of "):
            most[name] = held + POOL + BESIDE_POOL + KEPT_ALIVE
    for service, running in replicas.items():
        most[f"connections of {service}"] = running * (POOL + BESIDE_POOL)
    for name, held in after.items():
        if held > most.get(name, held):
            yield f"I12 {name}: {held:.0f} at rest, {before.get(name, 0):.0f} before the fault, {most[name]:.0f} may be"


def i12_disks_grow_by_what_was_asked(evidence: Evidence) -> Iterator[str]:
    """Databases, write-ahead log, topics and logs grow by their payload, so much for each event, and some room."""
    for name, held in evidence.held_after.items():
        kind = next((kind for kind in ROOM if kind in name and name.startswith("bytes ")), None)
        if kind is None or name not in evidence.held_before or name == "bytes of the write-ahead log":
            continue
        grown, most = held - evidence.held_before[name], ROOM[kind] + _asked_bytes(evidence, kind)
        if grown > most:
            yield f"I12 {name} grew by {grown:.0f}, {most:.0f} may be"


def _asked_bytes(evidence: Evidence, kind: str) -> float:
    match kind:
        case "topics":
            bodies = sum(len(one.payload) for one in evidence.records)
            return bodies + PER_EVENT[kind] * len(evidence.records)
        case "log":
            return PER_EVENT[kind] * len(evidence.history.calls)
        case _:
            rows = [row for rows in evidence.outboxes.values() for row in rows]
            bodies = sum(len(row.payload) for row in rows) + sum(len(one.payload) for one in evidence.dead_letters)
            return COPIES * bodies + PER_EVENT[kind] * len(rows) + evidence.bytes_by_hand


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i12_what_was_taken_is_given_back,
    i12_disks_grow_by_what_was_asked,
)
