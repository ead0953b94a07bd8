"""The chain of an office: each entry carries the digest of the one before it, so none can be changed alone.

What is digested is JSON in the manner of RFC 8785: names in order of their letters, no spaces, UTF-8. It holds texts,
whole numbers, lists and nulls alone, so that what RFC 8785 says of fractions does not arise; times are UTC with six
digits of a second. The digest is SHA-256 over the 32 bytes of the digest before and that JSON.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import orjson

from services.parcel.cash.domain.entry import Draft, Entry

GENESIS = bytes(32)
"""Before the first entry of an office."""
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of an office's chain."""

    office: str
    sequence: int
    sha256: bytes


def beginning(office: str) -> Head:
    """Return where the chain of an office begins."""
    return Head(office, 0, GENESIS)


def linked(draft: Draft, entry_id: UUID, head: Head, words_sha256: bytes | None) -> Entry:
    """Return the entry that a draft becomes behind the head of its office's chain."""
    entry = Entry(
        office=draft.office,
        sequence=head.sequence + 1,
        entry_id=entry_id,
        kind=draft.kind,
        cause=draft.cause,
        recorded_by=draft.recorded_by,
        occurred_at=draft.occurred_at,
        recorded_at=draft.recorded_at,
        postings=draft.postings,
        previous_sha256=head.sha256,
        sha256=b"",
        device=draft.device,
        drawer_id=draft.drawer_id,
        item_numbers=draft.item_numbers,
        riel_per_usd=draft.riel_per_usd,
        corrects=draft.corrects,
        flags=draft.flags,
        words_sha256=words_sha256,
    )
    return replace(entry, sha256=digest_of(entry))


def head_of(entry: Entry) -> Head:
    """Return the head of a chain that ends with an entry."""
    return Head(entry.office, entry.sequence, entry.sha256)


def digest_of(entry: Entry) -> bytes:
    """Return what an entry's digest must be, by what stands in it."""
    return hashlib.sha256(entry.previous_sha256 + canonical(entry)).digest()


def digest_of_words(salt: bytes, words: str) -> bytes:
    """Return what an entry keeps of the words beside it; salted, so that words once forgotten cannot be guessed."""
    return hashlib.sha256(salt + words.encode()).digest()


def canonical(entry: Entry) -> bytes:
    """Return an entry as it is digested."""
    return orjson.dumps(
        {
            "cause": [entry.cause.kind, entry.cause.id],
            "corrects": str(entry.corrects) if entry.corrects else None,
            "device": entry.device,
            "drawer_id": str(entry.drawer_id) if entry.drawer_id else None,
            "entry_id": str(entry.entry_id),
            "flags": list(entry.flags),
            "item_numbers": list(entry.item_numbers),
            "kind": entry.kind,
            "occurred_at": _instant(entry.occurred_at),
            "office": entry.office,
            "postings": [[one.account, one.holder, one.quantity, one.unit] for one in entry.postings],
            "recorded_at": _instant(entry.recorded_at),
            "recorded_by": entry.recorded_by,
            "riel_per_usd": entry.riel_per_usd,
            "sequence": entry.sequence,
            "words_sha256": entry.words_sha256.hex() if entry.words_sha256 else None,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
