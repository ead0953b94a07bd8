"""Everything that moves money becomes an entry: the one way into the ledger."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, added_up
from services.parcel.cash.domain.chain import SALT_BYTES, Head, digest_of_words, head_of, linked
from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Flag
from services.parcel.cash.store import balances, chains, drawers, entries, words
from services.parcel.cash.store.words import Kept
from shared.db.connection import Tx
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry, and whether it was made now; one that its cause made before is as it was."""

    entry: Entry
    is_new: bool


async def enter(tx: Tx, drafts: Sequence[Draft]) -> list[Entered]:
    """Make the entries whose causes have made none yet, and return that of each draft, in their order.

    Holds the chains of their offices until the transaction ends, in the order of the offices.
    """
    heads = await chains.lock(tx, [draft.office for draft in drafts])
    known = await entries.by_causes(tx, [draft.cause for draft in drafts])
    found = await drawers.of_holders(tx, _drawers_named(drafts))
    new: dict[Cause, Entry] = {}
    kept: list[Kept] = []
    for draft in drafts:
        if draft.cause not in known and draft.cause not in new:
            entry, beside = _made(_as_it_stands(draft, found), heads[draft.office])
            new[draft.cause], heads[draft.office] = entry, head_of(entry)
            kept += beside
    await _add(tx, list(new.values()), kept, heads)
    entered, first = [], set(new)
    for draft in drafts:
        entered.append(Entered(known.get(draft.cause) or new[draft.cause], draft.cause in first))
        first.discard(draft.cause)
    return entered


async def _add(tx: Tx, new: Sequence[Entry], kept: Sequence[Kept], heads: Mapping[str, Head]) -> None:
    if new:
        await entries.add(tx, new)
        await balances.add(tx, new)
        await words.add(tx, kept)
        await chains.extend(tx, {entry.office: heads[entry.office] for entry in new})


def _drawers_named(drafts: Sequence[Draft]) -> list[str]:
    return sorted(
        {posting.holder for draft in drafts for posting in draft.postings if posting.account == Account.DRAWER}
    )


def _as_it_stands(draft: Draft, found: Mapping[str, Drawer]) -> Draft:
    """Return a draft with what comes for a closed drawer booked against the difference that was found there.

    What was counted lies in the safe already: what comes late explains why it was counted so.
    """
    named = {posting.holder for posting in draft.postings if posting.account == Account.DRAWER}
    closed = {holder for holder in named if holder in found and found[holder].closed_at is not None}
    flags: list[str] = [*draft.flags]
    if closed:
        flags.append(Flag.AFTER_CLOSE)
    if any(holder not in found or found[holder].office != draft.office for holder in named):
        flags.append(Flag.UNKNOWN_DRAWER)
    postings = added_up(
        replace(posting, account=Account.DIFFERENCES)
        if posting.account == Account.DRAWER and posting.holder in closed
        else posting
        for posting in draft.postings
    )
    return replace(draft, postings=postings, flags=tuple(dict.fromkeys(flags)))


def _made(draft: Draft, head: Head) -> tuple[Entry, list[Kept]]:
    entry_id: UUID = new_id()
    if draft.words is None:
        return linked(draft, entry_id, head, None), []
    salt = secrets.token_bytes(SALT_BYTES)
    entry = linked(draft, entry_id, head, digest_of_words(salt, draft.words))
    return entry, [Kept(entry_id, salt, draft.words, draft.recorded_at)]
