"""Papers that customs asked for: photographed at any counter, sent on to the office that holds the item."""

from datetime import timedelta

import pytest

from services.parcel.customs.domain import paper as paper_rules
from services.parcel.customs.domain.inbound import (
    InboundItem,
    InboundItemNotFound,
    NoPapersAskedFor,
    NoPapersTaken,
    PapersState,
)
from services.parcel.customs.domain.paper import Paper, PaperNotFound, TooManyPapers
from services.parcel.customs.use_cases.ask_for_papers import ask_for_papers
from services.parcel.customs.use_cases.attach_paper import attach_paper
from services.parcel.customs.use_cases.find_inbound_item import find_inbound_item
from services.parcel.customs.use_cases.forward_papers import Forwarded, forward_papers
from services.parcel.customs.use_cases.read_paper import read_paper
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Database
from shared.errors import Invalid
from shared.ids import new_id
from tests.parcel.bodies import HOME, THIRD
from tests.parcel.customs.desk import INBOUND, PHOTO
from tests.parcel.customs.inbound import KEEPER, NOON, STRANGER, TAKER, kept, there

LARGEST = b"%PDF-".ljust(paper_rules.LARGEST_PHOTO_BYTES, b"\0")


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


async def test_papers_are_asked_for_photographed_and_sent_on(parcel_db: Database) -> None:
    await there(parcel_db)
    states = []

    asked = await ask(parcel_db)
    states.append((await kept(parcel_db)).papers)
    first = await attach(parcel_db)
    second = await attach(parcel_db, LARGEST, minutes=1)
    states.append((await kept(parcel_db)).papers)
    forwarded = await forward(parcel_db)
    states.append((await kept(parcel_db)).papers)

    assert states == [PapersState.ASKED_FOR, PapersState.PHOTOGRAPHED, PapersState.FORWARDED]
    assert (asked.holding_office, asked.papers_wanted) == (HOME, "Invoice")
    assert (first.kind, first.office, second.kind) == ("jpeg", THIRD, "pdf")
    assert forwarded == Forwarded(INBOUND, HOME, [first, second])


async def test_the_same_again_changes_nothing(parcel_db: Database) -> None:
    await there(parcel_db)
    assert await ask(parcel_db) == await ask(parcel_db)
    assert await attach(parcel_db) == await attach(parcel_db, minutes=5)
    assert await forward(parcel_db) == await forward(parcel_db)

    assert (await kept(parcel_db)).version == 5


async def test_other_papers_may_be_asked_for_and_the_old_photograph_be_the_answer(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    first = await attach(parcel_db)
    await forward(parcel_db)

    again = await ask(parcel_db, "Invoice, all pages")
    with pytest.raises(NoPapersTaken):
        await forward(parcel_db)
    assert await attach(parcel_db) == first

    assert again.papers is PapersState.ASKED_FOR
    assert (await forward(parcel_db)).papers == [first]


async def test_a_photograph_after_papers_were_sent_on_waits_to_be_sent_on(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    await attach(parcel_db)
    await forward(parcel_db)

    await attach(parcel_db, LARGEST)

    assert (await kept(parcel_db)).papers is PapersState.PHOTOGRAPHED


@pytest.mark.parametrize("actor", [TAKER, KEEPER])
async def test_an_office_that_sees_the_item_reads_its_papers(parcel_db: Database, actor: Actor) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    paper = await attach(parcel_db)

    async with parcel_db.connection() as connection:
        assert await read_paper(connection, actor, INBOUND, paper.paper_id) == (paper, PHOTO)
        assert (await find_inbound_item(connection, actor, INBOUND))[1] == [paper]
        with pytest.raises(PaperNotFound):
            await read_paper(connection, actor, INBOUND, new_id())
        with pytest.raises(InboundItemNotFound):
            await read_paper(connection, STRANGER, INBOUND, paper.paper_id)


async def test_papers_are_taken_only_when_somebody_asked_for_them(parcel_db: Database) -> None:
    with pytest.raises(InboundItemNotFound):
        await attach(parcel_db)
    await there(parcel_db)

    with pytest.raises(NoPapersAskedFor):
        await attach(parcel_db)
    with pytest.raises(NoPapersAskedFor):
        await forward(parcel_db, TAKER)


async def test_a_counter_that_took_no_paper_sends_none_on(parcel_db: Database) -> None:
    with pytest.raises(InboundItemNotFound):
        await forward(parcel_db)
    await there(parcel_db)
    await ask(parcel_db)

    with pytest.raises(InboundItemNotFound):
        await forward(parcel_db, STRANGER)


async def test_nobody_asks_or_photographs_for_another_office(parcel_db: Database) -> None:
    await there(parcel_db)

    with pytest.raises(OtherOffice):
        await ask(parcel_db, actor=KEEPER)
    with pytest.raises(InboundItemNotFound):
        await ask(parcel_db, actor=STRANGER, office=THIRD)
    with pytest.raises(OtherOffice):
        await attach(parcel_db, office=HOME)


async def test_a_photograph_above_the_limit_is_not_kept(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)

    with pytest.raises(Invalid):
        await attach(parcel_db, LARGEST + b"\0")
    assert (await kept(parcel_db)).papers is PapersState.ASKED_FOR


async def test_an_item_has_only_so_many_papers(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    for number in range(paper_rules.MOST_PAPERS):
        await attach(parcel_db, PHOTO + bytes([number]))

    with pytest.raises(TooManyPapers):
        await attach(parcel_db)
    assert (await attach(parcel_db, PHOTO + b"\x03")).kind == "jpeg"
