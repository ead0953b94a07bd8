"""Stickers over HTTP: the numbers that an office reserved, drawn in order."""

from typing import Any

import pytest

from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.documents.papers import pages, scanned


async def reserved(counter: Counter, count: int = 26, indicator: str = "RR") -> str:
    """Reserve stickers; returns the first number."""
    body = {"office": HOME, "indicator": indicator, "count": count}
    answer = await counter.client.post("/sticker-ranges", json=body, headers=counter.signed_in() | keyed())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["first_number"])


@pytest.mark.parametrize(("chosen", "codes"), [({}, [1] * 26), ({"paper": "sheets"}, [24, 2])])
async def test_stickers_of_a_range_come_as_a_roll_or_as_sheets(
    counter: Counter, chosen: dict[str, Any], codes: list[int]
) -> None:
    first = await reserved(counter)

    answer = await counter.get(f"/sticker-ranges/{first}/stickers", **chosen)

    drawn = [scanned(page) for page in pages(answer.content)]
    assert [len(page) for page in drawn] == codes
    assert drawn[0][0] == ("Code128", first)
    assert answer.headers["content-disposition"] == f'inline; filename="stickers-{first}.pdf"'
    assert answer.headers["cache-control"] == "no-store, private"


async def test_any_number_of_a_range_leads_to_it_and_each_print_is_on_record(
    counter: Counter, parcel_db: Database
) -> None:
    first = await reserved(counter, count=2)
    last = scanned(pages((await counter.get(f"/sticker-ranges/{first}/stickers")).content)[1])[0][1]

    assert (await counter.get(f"/sticker-ranges/{last}/stickers")).status_code == 200
    assert (await counter.get(f"/sticker-ranges/{last}/stickers", Role.AUDITOR)).status_code == 200

    async with parcel_db.connection() as connection:
        records = await connection.fetch("select item_number, kind, print_no from printed order by print_no")
    assert [tuple(record) for record in records] == [(first, "stickers", 1), (first, "stickers", 2)]


async def test_stickers_of_another_office_and_numbers_without_stickers_are_not_there(counter: Counter) -> None:
    first, number = await reserved(counter), await counter.registered()

    other = await counter.get(f"/sticker-ranges/{first}/stickers", by=AWAY)
    assert refusal(other) == (404, "sticker-range-not-found")
    assert refusal(await counter.get(f"/sticker-ranges/{number}/stickers")) == (404, "sticker-range-not-found")
    assert (await counter.get(f"/sticker-ranges/{first}/stickers", Role.ADMINISTRATOR)).status_code == 200


async def test_paper_that_there_is_none_of_is_refused(counter: Counter) -> None:
    answer = await counter.get(f"/sticker-ranges/{await reserved(counter)}/stickers", paper="a5")
    assert problems(answer) == [("paper", "literal-error")]
