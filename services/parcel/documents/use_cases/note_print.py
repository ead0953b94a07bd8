"""Each paper that is printed is on record, the first time and again."""

from datetime import datetime

from services.parcel.documents.domain.printed import Kind, Print
from services.parcel.documents.store import prints
from shared.access.roles import Actor
from shared.db.connection import Tx


async def note_print(tx: Tx, actor: Actor, item_number: str, kind: Kind, now: datetime) -> Print:
    """Note that somebody prints a paper; of the same paper the next one waits until the transaction ends."""
    await prints.lock(tx, item_number, kind)
    print_no = await prints.last_no(tx, item_number, kind) + 1
    one = Print(item_number, kind, print_no, actor.id, actor.office, now)
    await prints.add(tx, one)
    return one
