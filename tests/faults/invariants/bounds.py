"""That work goes on, that nothing grows without end, that no human is needed: I11, I12 and I17."""

from collections import Counter
from collections.abc import Callable, Iterator

from onebox.simulator.history import Outcome
from tests.faults.evidence import Evidence
from tests.faults.invariants.log_and_topics import place

BATCH = 500
"""What a relay or a consumer that died may do again."""


def i11_work_goes_on(evidence: Evidence) -> Iterator[str]:
    """While a fault lasts, what it does not cut goes on."""
    for window in evidence.windows:
        done = sum(
            call.outcome is Outcome.OK
            and call.kind not in window.cut
            and window.began_at <= call.ended_at <= window.ended_at
            for call in evidence.history.calls
        )
        if done < window.floor:
            lasted_s = window.ended_at - window.began_at
            yield f"I11 {done} of {window.floor} calls succeeded in the {lasted_s:.1f} s of {window.name}"


def i12_nothing_grows_without_end(evidence: Evidence) -> Iterator[str]:
    """Memory and connections stay below bounds; a record is sent again only after somebody died or was cut off."""
    yield from (f"I12 {one.name}: {one.peak:.0f} of {one.most:.0f}" for one in evidence.bounds if one.peak > one.most)
    copies = Counter(record.event_id for record in evidence.records if place(record) not in evidence.planted)
    again = sum(copies.values()) - len(copies)
    most = BATCH * (evidence.kills + sum(window.outage for window in evidence.windows)) + evidence.copies
    if again > most:
        yield f"I12 {again} records were sent again, {most} may be"


def i17_no_human_is_needed(evidence: Evidence) -> Iterator[str]:
    """Processes die by the fault alone, and none is so stuck that its supervisor must end it; all of them answer."""
    yield from (f"I17 {name} does not answer" for name in evidence.not_ready)
    for death in evidence.deaths:
        if not death.meant:
            yield f"I17 {death.name} ended with {death.returncode}, and the fault did not do it"


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i11_work_goes_on,
    i12_nothing_grows_without_end,
    i17_no_human_is_needed,
)
