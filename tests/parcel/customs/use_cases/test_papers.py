"""Papers that customs asked for: photographed at any counter, sent on to the office that holds the item."""

import pytest

from services.parcel.customs.domain import paper as paper_rules
from services.parcel.customs.domain.inbound import InboundItemNotFound, NoPapersTaken, PapersState
from services.parcel.customs.domain.paper import NoPapersAskedFor, PaperNotFound, TooManyPapers
from services.parcel.customs.use_cases.find_inbound_item import find_inbound_item
from services.parcel.customs.use_cases.forward_papers import Forwarded
from services.parcel.customs.use_cases.read_paper import read_paper
from shared.access.roles import Actor, OtherOffice, Role
from shared.db.connection import Database
from shared.errors import Invalid
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.customs.desk import INBOUND, PHOTO
from tests.parcel.customs.inbound import KEEPER, STRANGER, TAKER, kept, there
from tests.parcel.customs.papers import ask, attach, forward

LARGEST = b"%PDF-".ljust(paper_rules.LARGEST_PHOTO_BYTES, b"\0")


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
        assert (await find_inbound_item(connection, actor, INBOUND)).papers == [paper]
        with pytest.raises(PaperNotFound):
            await read_paper(connection, actor, INBOUND, new_id())
        with pytest.raises(InboundItemNotFound):
            await read_paper(connection, STRANGER, INBOUND, paper.paper_id)


async def test_papers_are_taken_only_when_somebody_asked_for_them(parcel_db: Database) -> None:
    with pytest.raises(NoPapersAskedFor):
        await attach(parcel_db)
    await there(parcel_db)

    for actor, office in ((STRANGER, THIRD), (TAKER, HOME)):
        with pytest.raises(NoPapersAskedFor):
            await attach(parcel_db, actor=actor, office=office)
    with pytest.raises(NoPapersAskedFor):
        await forward(parcel_db, TAKER)


async def test_a_counter_that_took_no_paper_sends_none_on(parcel_db: Database) -> None:
    with pytest.raises(NoPapersAskedFor):
        await forward(parcel_db)
    await there(parcel_db)
    await ask(parcel_db)

    with pytest.raises(NoPapersAskedFor):
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


async def fill(database: Database, office: str) -> None:
    """Let an office attach as many papers as it may."""
    clerk = Actor(f"clerk of {office}", Role.CLERK, office)
    for number in range(paper_rules.MOST_OF_AN_OFFICE):
        await attach(database, PHOTO + f"{office} {number}".encode(), clerk, office)


async def test_an_office_attaches_only_so_many_papers_and_leaves_the_others_theirs(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    await fill(parcel_db, THIRD)

    with pytest.raises(TooManyPapers):
        await attach(parcel_db)
    assert (await attach(parcel_db, PHOTO + b"TK03A 3")).office == THIRD, "the same picture is no other one"
    assert (await attach(parcel_db, actor=KEEPER, office=AWAY)).office == AWAY


async def test_offices_that_see_the_item_have_theirs_whatever_strangers_attach(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    for number in range(paper_rules.MOST_OF_STRANGERS // paper_rules.MOST_OF_AN_OFFICE):
        await fill(parcel_db, f"TK{number + 10}A")

    with pytest.raises(TooManyPapers):
        await attach(parcel_db)
    await fill(parcel_db, HOME)
    await fill(parcel_db, AWAY)
    for actor, office in ((TAKER, HOME), (KEEPER, AWAY)):
        with pytest.raises(TooManyPapers):
            await attach(parcel_db, actor=actor, office=office)


async def test_what_offices_that_see_the_item_attach_takes_nothing_from_the_others(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    await fill(parcel_db, HOME)
    await fill(parcel_db, AWAY)
    for number in range(paper_rules.MOST_OF_STRANGERS // paper_rules.MOST_OF_AN_OFFICE - 1):
        await fill(parcel_db, f"TK{number + 10}A")

    await fill(parcel_db, THIRD)
