"""A paper was attached to the wrong item, or should not have been: it is taken away again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.customs.domain.inbound import PapersState
from services.parcel.customs.domain.paper import PaperNotFound, WithdrawnPaper
from services.parcel.customs.store import inbound_items, papers
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def withdraw_paper(
    tx: Tx, actor: Actor, item_number: str, paper_id: UUID, reason: str, now: datetime
) -> WithdrawnPaper:
    """Erase a photograph and keep why; the office that attached it may, and the one that holds the item.

    With the last one the item waits for its papers again. Withdrawn already, it stays as it was withdrawn first.

    Raises: PaperNotFound.
    """
    item = await inbound_items.lock(tx, item_number)
    kept = await papers.of_item(tx, item_number) if item else []
    standing = next((paper for paper in kept if paper.paper_id == paper_id), None)
    gone = await papers.withdrawn_of_item(tx, item_number) if item and standing is None else []
    found = standing or next((paper for paper in gone if paper.paper_id == paper_id), None)
    if item is None or found is None or not (actor.acts_for(found.office) or actor.acts_for(item.holding_office)):
        raise PaperNotFound
    await note_read(tx, actor, "paper withdrawn", [item_number])
    if isinstance(found, WithdrawnPaper):
        return found
    where = actor.office or item.holding_office or found.office
    withdrawn = WithdrawnPaper(paper_id, found.office, found.taken_at, actor.id, where, now, reason)
    await papers.withdraw(tx, item_number, withdrawn)
    if len(kept) == 1 and item.papers is not None:
        await inbound_items.change(tx, replace(item, papers=PapersState.ASKED_FOR))
    return withdrawn
