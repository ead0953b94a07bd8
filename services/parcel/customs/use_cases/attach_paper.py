"""The addressee brings a paper to any counter, which photographs it."""

from dataclasses import replace
from datetime import datetime

from services.parcel.customs.domain.inbound import PapersState
from services.parcel.customs.domain.paper import NoPapersAskedFor, Paper, digest_of, kind_of, must_have_room
from services.parcel.customs.store import inbound_items, papers
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def attach_paper(tx: Tx, actor: Actor, item_number: str, office: str, photo: bytes, now: datetime) -> Paper:
    """Keep a photograph for an item that papers were asked for; the same photograph again is the one kept.

    A number that names no item is refused as an item that no papers are asked for: any counter may ask.

    Raises: OtherOffice, Invalid, NoPapersAskedFor, TooManyPapers.
    """
    actor.must_act_for(office)
    kind, photo_sha256 = kind_of(photo), digest_of(photo)
    item = await inbound_items.lock(tx, item_number)
    if item is None or item.papers is None:
        raise NoPapersAskedFor
    kept = await papers.of_item(tx, item_number)
    paper = next((one for one in kept if one.photo_sha256 == photo_sha256), None)
    if paper is not None and item.papers is not PapersState.ASKED_FOR:
        return paper
    if paper is None:
        must_have_room(kept, item, office)
        paper = Paper(new_id(), item_number, kind, photo_sha256, office, actor.id, now)
        await papers.add(tx, paper, photo)
    await inbound_items.change(tx, replace(item, papers=PapersState.PHOTOGRAPHED))
    return paper
