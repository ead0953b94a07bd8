"""Papers over HTTP: drawn for those who handle the parcel, on record, and kept by nobody on the way."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from PIL import Image

from services.parcel.documents.drawing import lettering
from services.parcel.documents.entrypoints.printing import AT_ONCE, LONGEST_QUEUE
from services.parcel.posting.use_cases.erase_people import erase_people
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.access.signed_in import SHOPS, actor_id
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, SENDER, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.customs.desk import Desk, declaration_body, line_body
from tests.parcel.documents.papers import pages, scanned, text_of
from tests.parcel.people.shop import owner_of_a_shop

PAPERS = ("label", "receipt", "customs-form")


@pytest.fixture
def desk(counter: Counter) -> Desk:
    return Desk(counter)


async def declared(desk: Desk, **values: Any) -> str:
    """Register an item to Korea and declare it; returns its number."""
    number = await desk.parcel_to_korea(**values)
    assert (await desk.declare(number)).status_code == 200
    return number


async def kinds_printed(counter: Counter, number: str) -> list[tuple[str, int]]:
    prints = (await counter.get(f"/parcels/{number}/prints", Role.SUPERVISOR)).json()
    return [(one["kind"], one["print_no"]) for one in prints]


@pytest.mark.parametrize("paper", PAPERS)
async def test_a_paper_is_named_for_its_item_and_kept_by_nobody(desk: Desk, paper: str) -> None:
    number = await declared(desk)

    answer = await desk.counter.get(f"/parcels/{number}/{paper}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'inline; filename="{paper}-{number}.pdf"'
    assert answer.headers["cache-control"] == "no-store, private"
    assert ("Code128", number) in scanned(pages(answer.content)[0])


@pytest.mark.parametrize(
    ("paper", "chosen", "size"),
    [
        ("label", {}, (840, 1184)),
        ("label", {"size": "100x150"}, (800, 1200)),
        ("receipt", {}, (576, None)),
        ("receipt", {"width": "58"}, (384, None)),
    ],
)
async def test_a_paper_comes_as_dots_of_the_size_of_its_stock(
    counter: Counter, paper: str, chosen: dict[str, Any], size: tuple[int, int | None]
) -> None:
    number = await counter.registered()

    answer = await counter.get(f"/parcels/{number}/{paper}", format="png", **chosen)

    page = Image.open(io.BytesIO(answer.content))
    assert (answer.headers["content-type"], page.mode) == ("image/png", "1")
    assert page.size == (size[0], size[1] or page.height)
    assert answer.headers["content-disposition"] == f'inline; filename="{paper}-{number}.png"'


@pytest.mark.parametrize(("service", "size"), [("small_packet", (592, 840)), ("parcel", (1680, 2376))])
async def test_a_customs_form_comes_as_dots_too(desk: Desk, service: str, size: tuple[int, int]) -> None:
    number = await declared(desk, service=service)

    answer = await desk.counter.get(f"/parcels/{number}/customs-form", format="png")

    page = Image.open(io.BytesIO(answer.content))
    assert (answer.headers["content-type"], page.mode, page.size) == ("image/png", "1", size)


@pytest.mark.parametrize(
    ("paper", "chosen", "field"),
    [
        ("label", {"size": "a5"}, "size"),
        ("label", {"format": "gif"}, "format"),
        ("receipt", {"width": "57"}, "width"),
    ],
)
async def test_stock_that_there_is_none_of_is_refused_by_field(
    counter: Counter, paper: str, chosen: dict[str, Any], field: str
) -> None:
    number = await counter.registered()

    assert [name for name, _ in problems(await counter.get(f"/parcels/{number}/{paper}", **chosen))] == [field]


async def test_a_label_leads_to_the_parcels_own_page_and_says_what_to_collect(counter: Counter) -> None:
    number = await counter.registered(cod={"amount_minor": 52_000, "currency": "KHR"})
    label = (await counter.get(f"/parcels/{number}/label")).content

    (page,) = pages(label)
    assert scanned(page) == [("Code128", number), ("QRCode", f"http://127.0.0.1:8080/tracking/items/{number}")]
    assert "52,000" in text_of(label)


async def test_a_receipt_says_what_the_registration_answered(
    counter: Counter, app: FastAPI, parcel_db: Database
) -> None:
    await rate_of_today(counter, app, parcel_db)
    number = await counter.registered(insured_value={"amount_minor": 4_000, "currency": "USD"})
    price = (await counter.get(f"/parcels/{number}")).json()["postage"]["price"]

    text = text_of((await counter.get(f"/parcels/{number}/receipt")).content)

    for line in price["lines"]:
        assert f"{line['amount_riel']:,}" in text
    assert f"{price['total_riel']:,}" in text
    assert f"${price['usd']['amount_cents'] / 100:.2f}" in text
    assert "1 USD = 4,015" in text
    assert f"nearest {price['rounded_to_riel']}" in text
    assert price["tariff_version"] in text
    assert "Paid by" in text
    assert "$40.00" in text


async def test_a_receipt_printed_again_says_so_and_a_label_does_not(counter: Counter) -> None:
    number = await counter.registered()

    receipts = [text_of((await counter.get(f"/parcels/{number}/receipt")).content) for _ in range(3)]
    labels = [(await counter.get(f"/parcels/{number}/label")).content for _ in range(2)]

    assert ["Reprint 2" in text for text in receipts] == [False, True, False]
    assert ["Reprint" in text for text in receipts] == [False, True, True]
    assert labels[0] == labels[1]
    assert await kinds_printed(counter, number) == [
        ("label", 2),
        ("label", 1),
        ("receipt", 3),
        ("receipt", 2),
        ("receipt", 1),
    ]


@pytest.mark.parametrize("paper", PAPERS)
async def test_an_auditor_reads_a_paper_and_prints_none(desk: Desk, paper: str) -> None:
    number = await declared(desk)
    looks = [await desk.counter.get(f"/parcels/{number}/{paper}", Role.AUDITOR)]
    for _ in range(2):
        await desk.counter.get(f"/parcels/{number}/{paper}")
        looks.append(await desk.counter.get(f"/parcels/{number}/{paper}", Role.AUDITOR))

    assert [answer.status_code for answer in looks] == [200] * 3
    told = ["Reprint" in text_of(answer.content) for answer in looks]
    assert told == [False, False, paper == "receipt"]
    kind = paper.replace("-", "_")
    assert await kinds_printed(desk.counter, number) == [(kind, 2), (kind, 1)]
    reads = (await desk.counter.get(f"/parcels/{number}/reads", Role.AUDITOR)).json()
    assert [read["actor"] for read in reads].count(actor_id(Role.AUDITOR, HOME)) == 3


async def test_two_who_print_at_the_same_moment_get_one_first_and_one_reprint(counter: Counter) -> None:
    number = await counter.registered()

    answers = await asyncio.gather(*(counter.get(f"/parcels/{number}/receipt") for _ in range(2)))

    assert sorted("Reprint 2" in text_of(answer.content) for answer in answers) == [False, True]


@pytest.mark.parametrize(
    ("service", "lines", "form"), [("parcel", 1, "CN 23"), ("small_packet", 1, "CN 22"), ("small_packet", 5, "CN 23")]
)
async def test_the_customs_form_is_the_one_that_the_declaration_asks_for(
    desk: Desk, service: str, lines: int, form: str
) -> None:
    number = await desk.parcel_to_korea(service=service)
    body = declaration_body(*[line_body(net_weight_g=100) for _ in range(lines)])
    assert (await desk.declare(number, body)).status_code == 200

    text = text_of((await desk.counter.get(f"/parcels/{number}/customs-form")).content)

    assert form in text
    assert ("DISPATCH NOTE" in text) is (form == "CN 23")
    assert "Silk scarf (krama)" in text


async def test_an_item_that_nobody_declared_has_no_customs_form(desk: Desk) -> None:
    number = await desk.parcel_to_korea()

    answer = await desk.counter.get(f"/parcels/{number}/customs-form")

    assert refusal(answer) == (404, "declaration-not-found")
    assert await kinds_printed(desk.counter, number) == []


@pytest.mark.parametrize("paper", PAPERS)
async def test_a_parcel_of_another_office_has_no_papers(desk: Desk, paper: str) -> None:
    number = await declared(desk)

    assert refusal(await desk.counter.get(f"/parcels/{number}/{paper}", by=AWAY)) == (404, "parcel-not-found")
    assert (await desk.counter.get(f"/parcels/{number}/{paper}", Role.OFFICE_MANAGER)).status_code == 200


async def test_the_office_that_hands_a_parcel_over_prints_its_label(counter: Counter) -> None:
    number = await counter.registered(collecting_office=AWAY)

    assert (await counter.get(f"/parcels/{number}/label", by=AWAY)).status_code == 200


@pytest.mark.parametrize(("paper", "status"), [("label", 200), ("customs-form", 200), ("receipt", 403)])
async def test_a_shop_prints_what_travels_with_its_parcels(desk: Desk, paper: str, status: int) -> None:
    number = await declared(desk, trader=str(SHOPS[HOME]))

    own = await desk.counter.get(f"/parcels/{number}/{paper}", Role.TRADER)
    other = await desk.counter.get(f"/parcels/{number}/{paper}", Role.TRADER, by=AWAY)

    assert own.status_code == status
    assert other.status_code == (403 if status == 403 else 404)


async def test_a_key_prints_labels_if_it_may_read_parcels(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await owner_of_a_shop(counter, parcel_db, key_ring)
    number = await counter.registered(trader=owner.trader_id)
    reading, other = await owner.key(scopes=["parcels:read"]), await owner.key(scopes=["addresses"])
    practising = await owner.key(scopes=["parcels:read"], practice=True)

    async def status(key: dict[str, Any]) -> int:
        headers = {"Authorization": f"Bearer {key['secret']}"}
        return (await counter.client.get(f"/parcels/{number}/label", headers=headers)).status_code

    assert [await status(key) for key in (reading, other, practising)] == [200, 403, 403]


async def test_a_cancelled_parcel_has_a_receipt_and_no_label(desk: Desk) -> None:
    number = await declared(desk)
    await desk.counter.cancel(number)

    answers = {paper: await desk.counter.get(f"/parcels/{number}/{paper}") for paper in PAPERS}

    assert refusal(answers["label"]) == refusal(answers["customs-form"]) == (409, "journey-ended")
    assert answers["receipt"].status_code == 200
    assert await kinds_printed(desk.counter, number) == [("receipt", 1)]


@pytest.mark.parametrize("paper", PAPERS)
async def test_nothing_is_printed_of_people_who_were_forgotten(
    desk: Desk, parcel_db: Database, key_ring: KeyRing, paper: str
) -> None:
    number = await declared(desk)
    await desk.counter.cancel(number)
    async with parcel_db.transaction() as tx:
        assert await erase_people(tx, Outbox("parcel", key_ring), timedelta(0), now() + timedelta(seconds=1)) == 1

    assert refusal(await desk.counter.get(f"/parcels/{number}/{paper}")) == (409, "people-forgotten")


async def test_a_parcel_of_the_time_before_prices_has_no_receipt(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set postage = null")

    assert refusal(await counter.get(f"/parcels/{number}/receipt")) == (409, "no-price-kept")
    assert await kinds_printed(counter, number) == []


async def test_a_name_that_was_registered_is_printed(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered(recipient=person(name="Ngô Thị Ba", address=["Phố Huế 12"]))
    assert "Thi Ba" in text_of((await counter.get(f"/parcels/{number}/label")).content)
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set recipient = recipient || $1::jsonb", {"name": "김민지"})

    printed = await counter.get(f"/parcels/{number}/label")

    assert (printed.status_code, "???" in text_of(printed.content)) == (200, True)


async def test_names_and_phones_of_a_paper_are_in_no_log_and_in_no_cache(desk: Desk) -> None:
    number = await declared(desk)
    secret = (await desk.counter.get(f"/parcels/{number}")).json()["link_secret"]

    with structlog.testing.capture_logs() as lines:
        for paper in PAPERS:
            assert (await desk.counter.get(f"/parcels/{number}/{paper}")).status_code == 200

    told = str(lines)
    assert told.count(" drawn") == len(PAPERS)
    for personal in (SENDER, RECIPIENT, "Kim Minji", "12345678", "23456789", "Sejong", secret):
        assert personal not in told
    assert lettering._shaped.cache_info().currsize == 0


async def test_a_long_queue_is_told_when_to_come_again(counter: Counter, app: FastAPI) -> None:
    number = await counter.registered()
    app.state.printing._in_hand = AT_ONCE + LONGEST_QUEUE

    answer = await counter.get(f"/parcels/{number}/label")

    assert refusal(answer) == (503, "too-many-prints")
    assert int(answer.headers["retry-after"]) >= 1
    app.state.printing._in_hand = 0
    assert (await counter.get(f"/parcels/{number}/label")).status_code == 200


async def rate_of_today(counter: Counter, app: FastAPI, parcel_db: Database) -> None:
    today = now().astimezone(LOCAL).date()
    answer = await counter.client.put(
        f"/exchange-rates/{today}", json={"riel_per_usd": 4_015}, headers=counter.signed_in(Role.ADMINISTRATOR)
    )
    assert answer.is_success, answer.text
    await app.state.known_rates.refresh(parcel_db)


async def test_the_receipt_of_a_parcel_that_was_taken_back_says_so(counter: Counter) -> None:
    number = await counter.registered()
    assert "VOID" not in text_of((await counter.get(f"/parcels/{number}/receipt")).content)
    await counter.cancel(number)
    again = text_of((await counter.get(f"/parcels/{number}/receipt")).content)
    assert f"VOID {now().astimezone(LOCAL):%d/%m/%Y}" in again


async def test_the_papers_of_a_parcel_whose_money_was_given_back_say_so(desk: Desk) -> None:
    number = await declared(desk)
    paid = (await desk.counter.get(f"/parcels/{number}")).json()["postage"]["price"]["total_riel"]
    body = {"kind": "void", "amount_minor": paid, "reason": "typed twice"}
    asked = await desk.ask("POST", f"/parcels/{number}/refunds", body)
    assert asked.is_success, asked.text
    path = f"/refunds/{asked.json()['request_id']}/decision"
    decided = await desk.ask("POST", path, {"decision": "granted", "note": "seen"}, role=Role.SUPERVISOR)
    assert decided.is_success, decided.text

    for paper in PAPERS:
        printed = await desk.counter.get(f"/parcels/{number}/{paper}")
        assert f"VOID {now().astimezone(LOCAL):%d/%m/%Y}" in text_of(printed.content)
