"""The office that holds an item looks at a photographed paper; that it did is noted."""

from uuid import UUID

from services.parcel.customs.domain.inbound import InboundItemNotFound
from services.parcel.customs.domain.paper import Paper, PaperNotFound
from services.parcel.customs.store import inbound_items, papers
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def read_paper(tx: Tx, actor: Actor, item_number: str, paper_id: UUID) -> tuple[Paper, bytes]:
    """Return a paper of an item that the actor may see, with its photograph.

    Raises: InboundItemNotFound, PaperNotFound.
    """
    item = await inbound_items.find(tx, item_number)
    if item is None or not item.is_seen_by(actor):
        raise InboundItemNotFound
    photo = await papers.photo_of(tx, item_number, paper_id)
    for paper in await papers.of_item(tx, item_number):
        if paper.paper_id == paper_id and photo is not None:
            await note_read(tx, actor, "customs paper", [item_number])
            return paper, photo
    raise PaperNotFound
