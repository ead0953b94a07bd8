"""What a run measured beside what it may be: whoever sets a bound reads it."""

from collections.abc import Iterator, Sequence

from tests.faults.draining import Drained
from tests.faults.evidence import Evidence, Recovery
from tests.faults.invariants.bounds import PATHS, done_in, offered_in
from tests.faults.invariants.calm import calm_per_s, patience_s, starved_s


def figures(evidence: Evidence, recoveries: Sequence[Recovery], rest: Drained) -> Iterator[str]:
    """Yield a line for each start, recovery, window and path, and bound."""
    for start in evidence.starts:
        told = "started again" if start.again else "started"
        yield f"{told} {start.name}: {start.after_s:.2f} s, {start.own_s:.2f} s without waiting for a processor"
    for one in recoveries:
        yield f"recovery: {one.took_s:.2f} of {one.within_s:.2f} s, else {one.otherwise}"
    calm, patience = calm_per_s(evidence), patience_s(evidence)
    for window in evidence.windows:
        for_s, kinds_done = window.ended_at - window.began_at, done_in(evidence, window)
        yield f"window {window.name}: {kinds_done.total()} calls in {for_s:.1f} s, {window.floor} had to"
        yield f"window {window.name}: {starved_s(evidence, window):.1f} s of it who came back had no processor"
        for path, kinds in PATHS.items():
            offered, done = offered_in(evidence, window, path, patience)
            pace, ours = sum(calm[kind] for kind in kinds), sum(kinds_done[kind] for kind in kinds) / max(for_s, 0.001)
            yield f"window {window.name}: {done} of {offered} {path}, {ours:.1f} a second, {pace:.1f} in calm"
    yield from (f"bound {one.name}: {one.peak:.2f} of {one.most:.2f}" for one in evidence.bounds)
    events = sum(len(rows) for rows in evidence.outboxes.values())
    for name, held in evidence.held_after.items():
        yield f"held {name}: {evidence.held_before.get(name, 0):.0f} before, {held:.0f} after, {events} events"
    yield f"drained: {rest.took_s:.2f} s"
