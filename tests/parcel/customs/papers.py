"""What counters do about the papers of the item from abroad, each in a transaction of its own."""

from datetime import timedelta
from uuid import UUID

from services.parcel.customs.domain.inbound import InboundItem
from services.parcel.customs.domain.paper import Paper, WithdrawnPaper
from services.parcel.customs.use_cases.ask_for_papers import ask_for_papers
from services.parcel.customs.use_cases.attach_paper import attach_paper
from services.parcel.customs.use_cases.forward_papers import Forwarded, forward_papers
from services.parcel.customs.use_cases.withdraw_paper import withdraw_paper
from shared.access.roles import Actor
from shared.db.connection import Database
from tests.parcel.bodies import HOME, THIRD
from tests.parcel.customs.desk import INBOUND, PHOTO
from tests.parcel.customs.inbound import NOON, STRANGER, TAKER


async def ask(database: Database, wanted: str = "Invoice", actor: Actor = TAKER, office: str = HOME) -> InboundItem:
    async with database.transaction() as tx:
        return await ask_for_papers(tx, actor, INBOUND, office, wanted)


async def attach(
    database: Database, photo: bytes = PHOTO, actor: Actor = STRANGER, office: str = THIRD, minutes: int = 0
) -> Paper:
    async with database.transaction() as tx:
        return await attach_paper(tx, actor, INBOUND, office, photo, NOON + timedelta(minutes=minutes))


async def forward(database: Database, actor: Actor = STRANGER) -> Forwarded:
    async with database.transaction() as tx:
        return await forward_papers(tx, actor, INBOUND)


async def withdraw(
    database: Database, paper_id: UUID, actor: Actor = STRANGER, reason: str = "Another item's", minutes: int = 60
) -> WithdrawnPaper:
    async with database.transaction() as tx:
        return await withdraw_paper(tx, actor, INBOUND, paper_id, reason, NOON + timedelta(minutes=minutes))
