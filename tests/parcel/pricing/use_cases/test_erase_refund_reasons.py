"""The words of requests for money back are forgotten in time; what was asked and decided remains."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.pricing.domain.void_request import VoidRequest
from services.parcel.pricing.store import void_requests
from services.parcel.pricing.use_cases import erase_refund_reasons as erasing
from services.parcel.pricing.use_cases.erase_refund_reasons import erase_refund_reasons
from shared.db.connection import Database
from shared.ids import new_id
from tests.canaries.canaries import found_in, word
from tests.parcel.bodies import HOME
from tests.parcel.pricing.asked import NOON, NUMBER

KEPT_FOR = timedelta(days=180)
TIME_OVER = NOON + KEPT_FOR + timedelta(seconds=1)


def asked() -> VoidRequest:
    return VoidRequest(new_id(), NUMBER, HOME, "refund", 4_000, "KHR", word("reason"), "asker", NOON)


async def kept(parcel_db: Database, one: VoidRequest, decided_after: timedelta | None = None) -> VoidRequest:
    """Keep a request, decided some time after it was made; returns it as it is then."""
    async with parcel_db.transaction() as tx:
        await void_requests.add(tx, one)
        if decided_after is None:
            return one
        values = {"decision": "granted", "decided_by": "decider", "note": word("note")}
        decided = replace(one, decided_at=NOON + decided_after, **values)  # type: ignore[arg-type]  # a literal
        await void_requests.decide(tx, decided)
    return decided


async def test_words_of_a_decided_and_of_an_open_request_are_forgotten_once(parcel_db: Database) -> None:
    decided = await kept(parcel_db, asked(), timedelta())
    waiting = await kept(parcel_db, asked())

    async with parcel_db.transaction() as tx:
        assert [await erase_refund_reasons(tx, KEPT_FOR, TIME_OVER) for _ in range(2)] == [2, 0]
        found = {one.request_id: one for one in await void_requests.of_item(tx, NUMBER)}
        rows = await tx.fetch("select v::text as row from void_request as v")

    assert found[decided.request_id] == replace(decided, reason="", note=None)
    assert found[waiting.request_id] == replace(waiting, reason="")
    assert list(found_in("void_request", [row["row"] for row in rows])) == []


@pytest.mark.parametrize("decided_after", [timedelta(days=1), KEPT_FOR])
async def test_words_are_kept_until_their_time_after_the_decision(
    parcel_db: Database, decided_after: timedelta
) -> None:
    decided = await kept(parcel_db, asked(), decided_after)

    async with parcel_db.transaction() as tx:
        assert await erase_refund_reasons(tx, KEPT_FOR, TIME_OVER) == 0
        assert await void_requests.of_item(tx, NUMBER) == [decided]


async def test_many_are_forgotten_portion_by_portion(parcel_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "PORTION", 2)
    for _ in range(3):
        await kept(parcel_db, asked(), timedelta())

    async with parcel_db.transaction() as tx:
        assert [await erase_refund_reasons(tx, KEPT_FOR, TIME_OVER) for _ in range(3)] == [2, 1, 0]
