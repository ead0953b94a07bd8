"""An auditor walks every chain from its first entry, and is told of whatever was changed, taken away or put in."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from services.parcel.cash.domain.chain import digest_of_words
from services.parcel.cash.domain.entry import Entry
from services.parcel.cash.domain.verification import Fault, Walk, Wrong
from services.parcel.cash.store import balances, chains, entries, words
from shared.db.connection import Tx

AT_ONCE = 1_000
MOST_FAULTS = 1_000
"""Of one office; who wrote a whole ledger anew is found by the first of them."""

Told = Mapping[str, Mapping[int, str]]
"""Digests in hex by office and sequence, as they were told outside of the database."""


@dataclass(slots=True)
class Verified:
    """How much was looked at, and what was wrong."""

    offices: int = 0
    entries: int = 0
    told: int = 0
    """Heads told outside of the database that were compared."""
    faults: list[Fault] = field(default_factory=list)


async def verify_ledger(tx: Tx, told: Told, say: Callable[[Verified], None]) -> Verified:
    """Verify every office, some entries at a time; says after each portion how far it is."""
    verified = Verified()
    heads = {head.office: head for head in await chains.all_heads(tx)}
    verified.faults += [Fault(office, 0, Wrong.NO_CHAIN) for office in await entries.strays(tx)]
    verified.faults += [Fault(office, max(told[office]), Wrong.CUT_OFF) for office in sorted(set(told) - set(heads))]
    for head in heads.values():
        walk = Walk(head.office, told.get(head.office, {}))
        faults: list[Fault] = []
        async for portion in _portions(tx, head.office):
            for entry in portion:
                faults += walk.step(entry)
            faults += await _wrong_words(tx, portion)
            verified.entries += len(portion)
            say(verified)
            if len(faults) > MOST_FAULTS:
                break
        faults += walk.end(head)
        faults += [Fault(head.office, 0, Wrong.BALANCE) for _ in await balances.unlike_postings(tx, head.office)]
        verified.faults += faults[:MOST_FAULTS]
        verified.offices += 1
        verified.told += len(walk.told)
    return verified


async def _portions(tx: Tx, office: str) -> AsyncIterator[Sequence[Entry]]:
    after = 0
    while portion := await entries.of_office(tx, office, after, AT_ONCE):
        yield portion
        after = portion[-1].sequence


async def _wrong_words(tx: Tx, portion: Sequence[Entry]) -> list[Fault]:
    """Return the entries whose words are others now; forgotten ones are not wrong."""
    kept = await words.of_entries(tx, [entry.entry_id for entry in portion if entry.words_sha256])
    return [
        Fault(entry.office, entry.sequence, Wrong.WORDS)
        for entry in portion
        if (beside := kept.get(entry.entry_id)) and digest_of_words(beside.salt, beside.words) != entry.words_sha256
    ]
