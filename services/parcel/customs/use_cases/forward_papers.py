"""A counter sends the photographed papers on to the office that holds the item."""

from dataclasses import dataclass, replace

from services.parcel.customs.domain.inbound import NoPapersTaken, PapersState
from services.parcel.customs.domain.paper import NoPapersAskedFor, Paper
from services.parcel.customs.store import inbound_items, papers
from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Papers, and the office that may read them now."""

    item_number: str
    holding_office: str
    papers: list[Paper]


async def forward_papers(tx: Tx, actor: Actor, item_number: str) -> Forwarded:
    """Note that the papers are complete; a counter that took one of them may, or an office that sees the item.

    Any other gets the same refusal for an item that is there as for one that is not.

    Raises: NoPapersAskedFor, NoPapersTaken.
    """
    item = await inbound_items.lock(tx, item_number)
    kept = await papers.of_item(tx, item_number) if item else []
    took_one = any(actor.acts_for(paper.office) for paper in kept)
    if item is None or not (took_one or item.is_seen_by(actor)) or item.papers is None or item.holding_office is None:
        raise NoPapersAskedFor
    if item.papers is PapersState.ASKED_FOR:
        raise NoPapersTaken
    if item.papers is PapersState.PHOTOGRAPHED:
        await inbound_items.change(tx, replace(item, papers=PapersState.FORWARDED))
    return Forwarded(item_number, item.holding_office, kept)
