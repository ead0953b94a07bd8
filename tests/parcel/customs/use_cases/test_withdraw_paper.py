"""A paper that should not have been attached is taken away: its picture goes, why it went stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.customs.domain import paper as paper_rules
from services.parcel.customs.domain.inbound import PapersState, WithdrawalReason
from services.parcel.customs.domain.paper import PaperNotFound, WithdrawnPaper
from services.parcel.customs.use_cases.find_inbound_item import find_inbound_item
from services.parcel.customs.use_cases.read_paper import read_paper
from services.parcel.customs.use_cases.withdraw_item import withdraw_item
from shared.access.roles import Actor, Role
from shared.db.connection import Database
from shared.ids import new_id
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.customs.desk import INBOUND, PHOTO
from tests.parcel.customs.inbound import ITEM, KEEPER, NOON, STRANGER, TAKER, kept, there
from tests.parcel.customs.papers import ask, attach, forward, withdraw
from tests.parcel.customs.use_cases.test_take_in import by_hand


async def on_record(database: Database) -> list[tuple[bytes | None, str | None]]:
    """Return bytes and reason of each paper that was attached, the first first."""
    async with database.connection() as connection:
        rows = await connection.fetch("select photo, withdrawal_reason from customs_paper order by taken_at, paper_id")
    return [(row["photo"], row["withdrawal_reason"]) for row in rows]


@pytest.mark.parametrize(
    ("actor", "where"),
    [(STRANGER, THIRD), (TAKER, HOME), (Actor("boss", Role.ADMINISTRATOR, None), HOME)],
    ids=["who attached it", "who holds the item", "an administrator"],
)
async def test_a_withdrawn_paper_loses_its_bytes_and_keeps_its_reason(
    parcel_db: Database, actor: Actor, where: str
) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    paper = await attach(parcel_db)

    withdrawn = await withdraw(parcel_db, paper.paper_id, actor)

    assert withdrawn == WithdrawnPaper(
        paper.paper_id, THIRD, NOON, actor.id, where, NOON + timedelta(hours=1), "Another item's"
    )
    assert await on_record(parcel_db) == [(None, "Another item's")]
    assert (await kept(parcel_db)).papers is PapersState.ASKED_FOR
    async with parcel_db.connection() as connection:
        found = await find_inbound_item(connection, TAKER, INBOUND)
        assert (found.papers, found.withdrawn_papers) == ([], [withdrawn])
        with pytest.raises(PaperNotFound):
            await read_paper(connection, TAKER, INBOUND, paper.paper_id)


async def test_the_first_withdrawal_stays_as_it_was(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    paper = await attach(parcel_db)

    first = await withdraw(parcel_db, paper.paper_id)
    version = (await kept(parcel_db)).version

    assert await withdraw(parcel_db, paper.paper_id, TAKER, "No invoice", minutes=90) == first
    assert (await kept(parcel_db)).version == version


@pytest.mark.parametrize("actor", [KEEPER, replace(STRANGER, office="TK09A")])
async def test_only_who_attached_it_or_holds_the_item_withdraws_a_paper(parcel_db: Database, actor: Actor) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    paper = await attach(parcel_db)

    with pytest.raises(PaperNotFound):
        await withdraw(parcel_db, paper.paper_id, actor)
    with pytest.raises(PaperNotFound):
        await withdraw(parcel_db, new_id(), TAKER)
    assert await on_record(parcel_db) == [(PHOTO, None)]


async def test_what_is_not_there_is_not_withdrawn(parcel_db: Database) -> None:
    with pytest.raises(PaperNotFound):
        await withdraw(parcel_db, new_id(), TAKER)


async def test_the_papers_that_stand_stay_sent_on(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    wrong, right = await attach(parcel_db), await attach(parcel_db, PHOTO + b"right", KEEPER, AWAY, minutes=1)
    await forward(parcel_db)

    await withdraw(parcel_db, wrong.paper_id)

    assert (await kept(parcel_db)).papers is PapersState.FORWARDED
    assert (await forward(parcel_db, KEEPER)).papers == [right]


async def test_only_papers_that_stand_are_counted_and_a_picture_may_come_again(parcel_db: Database) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    papers = [await attach(parcel_db, PHOTO + bytes([number])) for number in range(paper_rules.MOST_OF_AN_OFFICE)]
    await withdraw(parcel_db, papers[0].paper_id)

    again = await attach(parcel_db, PHOTO + bytes([0]), minutes=70)

    assert again.paper_id != papers[0].paper_id
    assert [photo for photo, _ in await on_record(parcel_db)].count(None) == 1


@pytest.mark.parametrize("forgotten", ["with its time", "by withdrawal"])
async def test_who_withdrew_a_paper_stays_on_record_when_the_number_names_another_item_and_why_does_not(
    parcel_db: Database, key_ring: KeyRing, forgotten: str
) -> None:
    await there(parcel_db)
    await ask(parcel_db)
    paper = await attach(parcel_db)
    await attach(parcel_db, PHOTO + b" of another page", minutes=1)
    await withdraw(parcel_db, paper.paper_id)
    again = NOON + timedelta(days=366)
    if forgotten == "by withdrawal":
        boss, reason = Actor("boss", Role.ADMINISTRATOR, None), WithdrawalReason.WRONG_NUMBER
        async with parcel_db.transaction() as tx:
            await withdraw_item(tx, Outbox("parcel", key_ring), boss, INBOUND, reason, NOON)
        assert await on_record(parcel_db) == [(None, "")]
        again = NOON + timedelta(hours=2)

    await by_hand(parcel_db, replace(ITEM, received_at=again))

    assert await on_record(parcel_db) == []
    async with parcel_db.connection() as connection:
        past = await connection.fetch("select * from past_withdrawn_paper")
    withdrawn_at = NOON + timedelta(hours=1)
    assert [tuple(row) for row in past] == [
        (paper.paper_id, INBOUND, NOON, THIRD, STRANGER.id, NOON, STRANGER.id, THIRD, withdrawn_at)
    ]
