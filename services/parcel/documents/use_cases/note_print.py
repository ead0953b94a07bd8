"""Each paper that is printed is on record, the first time and again; an auditor looks without printing."""

from datetime import datetime

from services.parcel.documents.domain.printed import Kind, Print
from services.parcel.documents.store import prints
from shared.access.roles import Actor, Role
from shared.db.connection import Tx


async def note_print(tx: Tx, actor: Actor, item_number: str, kind: Kind, now: datetime) -> int:
    """Note that somebody prints a paper; returns which print it is, 1 for the first.

    Of the same paper the next one waits until the transaction ends. An auditor is shown the last print, which is noted
    as no other.
    """
    if actor.role is Role.AUDITOR:
        return max(1, await prints.last_no(tx, item_number, kind))
    await prints.lock(tx, item_number, kind)
    print_no = await prints.last_no(tx, item_number, kind) + 1
    await prints.add(tx, Print(item_number, kind, print_no, actor.id, actor.office, now))
    return print_no
