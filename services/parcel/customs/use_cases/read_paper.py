"""The office that holds an item looks at a photographed paper."""

from uuid import UUID

from services.parcel.customs.domain.paper import Paper, PaperNotFound
from services.parcel.customs.store import papers
from services.parcel.customs.use_cases.find_inbound_item import find_inbound_item
from shared.access.roles import Actor
from shared.db.connection import Tx


async def read_paper(tx: Tx, actor: Actor, item_number: str, paper_id: UUID) -> tuple[Paper, bytes]:
    """Return a paper of an item that the actor may see, with its photograph.

    Raises: InboundItemNotFound, PaperNotFound.
    """
    _, kept = await find_inbound_item(tx, actor, item_number, "customs paper")
    photo = await papers.photo_of(tx, item_number, paper_id)
    for paper in kept:
        if paper.paper_id == paper_id and photo is not None:
            return paper, photo
    raise PaperNotFound
