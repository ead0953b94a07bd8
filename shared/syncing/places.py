"""The order in which records count: by the device's own sequence, without a gap.

A record that cannot be read has no sequence that could be believed; it takes the place at which it was sent, so that
what stands behind it does not wait for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.syncing.record import Sent


@dataclass(slots=True)
class Places:
    """Which records of a request come next, which wait behind a gap, and which have no place; by their index."""

    next: list[tuple[int, int]] = field(default_factory=list)
    """Index and sequence, in the order of the sequence."""
    waiting: set[int] = field(default_factory=set)
    placeless: set[int] = field(default_factory=set)
    """What says a sequence that another record has, and what cannot be read where no place is free."""


def places_of(sent: Sequence[Sent], known: Mapping[int, int | None], last: int) -> Places:
    """Give each record its place that is not known; `known` holds the sequences of the others.

    `last` is the last sequence that was taken before.
    """
    placed = _claims(sent, known)
    places = Places()
    taken = {*placed.values(), *(sequence for sequence in known.values() if sequence)}
    for index, one in enumerate(sent):
        if index in placed or index in known:
            continue
        sequence = None if one.is_signed else _free(sent, index, {**known, **placed}, taken, last)
        if sequence is None:
            places.placeless.add(index)
        else:
            placed[index] = sequence
            taken.add(sequence)
    expected = last + 1
    for index, sequence in sorted(placed.items(), key=lambda place: place[1]):
        if sequence <= last:
            places.placeless.add(index)
        elif sequence == expected:
            places.next.append((index, sequence))
            expected += 1
        else:
            places.waiting.add(index)
    return places


def _claims(sent: Sequence[Sent], known: Mapping[int, int | None]) -> dict[int, int]:
    """Return the sequences that are believed; of two records that say the same one the first has it."""
    claimed: dict[int, int] = {}
    taken: set[int] = set()
    for index, one in enumerate(sent):
        if index not in known and one.record and one.record.sequence not in taken:
            claimed[index] = one.record.sequence
            taken.add(one.record.sequence)
    return claimed


def _free(sent: Sequence[Sent], index: int, placed: Mapping[int, int | None], taken: set[int], last: int) -> int | None:
    """Return the place of a record that cannot be read: where it stands, or where it says if that is free."""
    by_neighbour = _beside(index, placed, last)
    for sequence in (by_neighbour, sent[index].sequence):
        if sequence is not None and sequence > last and sequence not in taken:
            return sequence
    return None


def _beside(index: int, placed: Mapping[int, int | None], last: int) -> int:
    before = placed.get(index - 1)
    if before is not None:
        return before + 1
    behind = [(other, sequence) for other, sequence in placed.items() if other > index and sequence is not None]
    if index == 0 and behind:
        other, sequence = min(behind)
        return sequence - other
    return last + 1
