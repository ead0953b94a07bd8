"""Declarations over HTTP: a parcel to Korea from the catalogue to its advance data, and who may do what."""

from datetime import timedelta
from typing import Any

import pytest

from services.parcel.customs.domain.declaration import ToldAhead
from services.parcel.posting.domain.person import Person
from services.parcel.posting.entrypoints.consumers import on_parcel_moved
from services.parcel.posting.use_cases.correct_recipient import correct_recipient
from services.parcel.posting.use_cases.erase_people import erase_people
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, IN_SEOUL, parcel_body, person
from tests.parcel.counter import problems, refusal
from tests.parcel.customs.desk import Desk, declaration_body, line_body
from tests.parcel.documents.papers import text_of
from tests.parcel.moved import moved

CLERK = Actor("clerk", Role.CLERK, HOME)
CHECK = {"service": "parcel", "destination_country": "KR", "gross_weight_g": 1_200}


async def test_a_parcel_to_korea_is_declared_and_told_ahead(desk: Desk) -> None:
    number = await desk.parcel_to_korea()
    [krama] = (await desk.ask("GET", "/customs/goods?q=ក្រមាសូត្រ")).json()
    body = declaration_body(line_body(goods=krama["id"]), importer_reference="KR-123", invoice_number="INV-7")

    checked = (await desk.ask("POST", "/customs/checks", body | CHECK)).json()
    declared = await desk.declare(number, body)
    ahead = (await desk.ask("GET", f"/parcels/{number}/advance-data")).json()

    assert (checked["is_acceptable"], checked["findings"], checked["form"]) == (True, [], "CN23")
    assert declared.status_code == 200, declared.text
    assert declared.json()["advance_data_complete_at"] is not None
    assert declared.json()["content"]["lines"] == [line_body(description="Silk scarf (krama)", hs_code="621410")]
    assert ahead["item_number"] == number
    assert ahead["addressee"]["tax_code"] == "KR-123"
    assert (ahead["articles"][0]["description"], ahead["articles"][0]["hs_code"]) == ("Silk scarf (krama)", "621410")
    assert (ahead["total_value_minor"], ahead["currency"], ahead["total_weight_g"]) == (2_400, "USD", 1_200)
    price = (await desk.counter.get(f"/parcels/{number}")).json()["postage"]["price"]
    assert (ahead["postage_minor"], ahead["postage_currency"]) == (price["total_riel"], "KHR")
    assert "insured_value_minor" not in ahead


async def test_what_is_insured_is_told_ahead_in_its_own_currency(desk: Desk) -> None:
    number = await desk.parcel_to_korea(insured_value={"amount_minor": 100_000, "currency": "KHR"})
    await desk.declare(number)
    ahead = (await desk.ask("GET", f"/parcels/{number}/advance-data")).json()
    assert (ahead["insured_value_minor"], ahead["insured_value_currency"]) == (100_000, "KHR")


async def test_what_no_form_can_say_is_refused_when_it_is_declared(desk: Desk) -> None:
    number = await desk.parcel_to_korea()
    body = declaration_body(line_body(goods=None, description="ក្រមាអំបោះ"), comments="茶")
    answer = await desk.declare(number, body)
    assert problems(answer) == [
        ("comments", "not-readable-abroad"),
        ("lines.0.description", "not-readable-abroad"),
        ("lines.0.hs_code", "hs-code-missing"),
    ]
    assert "'Cotton scarf (krama)'" in answer.json()["errors"][1]["message"]


async def test_what_keeps_a_parcel_of_the_release_before_here_is_named(desk: Desk, parcel_db: Database) -> None:
    number = await desk.parcel_to_korea()
    async with parcel_db.connection() as connection:
        nowhere: dict[str, Any] = {"address": []}
        await connection.execute("update parcel set sender = sender || $1::jsonb", nowhere)

    declared = (await desk.declare(number)).json()

    assert (declared["advance_data_complete_at"], declared["missing"]) == (None, ["sender.address"])
    assert (await desk.ask("GET", f"/parcels/{number}/customs-declaration")).json() == declared


async def test_of_what_was_told_complete_nothing_is_missing(desk: Desk, parcel_db: Database) -> None:
    number = await desk.parcel_to_korea()
    assert (await desk.declare(number)).json()["missing"] == []
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set sender = sender || '{\"address\": []}'")

    assert (await desk.ask("GET", f"/parcels/{number}/customs-declaration")).json()["missing"] == []


async def test_the_declaration_is_read_again_as_it_was_declared(desk: Desk) -> None:
    number = await desk.parcel_to_korea()
    declared = (await desk.declare(number)).json()

    shown = await desk.ask("GET", f"/parcels/{number}/customs-declaration")

    assert shown.json() == declared
    assert declared["content"]["total_value_minor"] == 2_400
    assert declared["declared_by"] == "clerk-TK01A"


@pytest.mark.parametrize("path", ["customs-declaration", "advance-data"])
async def test_a_parcel_that_is_not_declared_yet_says_so(desk: Desk, path: str) -> None:
    number = await desk.parcel_to_korea()

    assert refusal(await desk.ask("GET", f"/parcels/{number}/{path}")) == (404, "declaration-not-found")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"lines": []}, [("lines", "missing")]),
        ({"category": "present"}, [("category", "enum")]),
        ({"category": "other"}, [("explanation", "missing")]),
        ({"currency": "CHF"}, [("currency", "unknown-currency")]),
        ({"lines": [line_body(net_weight_g=1_201)]}, [("lines", "heavier-than-item")]),
        (
            {"lines": [line_body(goods=None, description="clothes")]},
            [
                ("lines.0.description", "vague"),
                ("lines.0.hs_code", "hs-code-missing"),
            ],
        ),
        ({"lines": [line_body(hs_code="6214")]}, [("lines.0.hs_code", "hs-code-shape")]),
        ({"lines": [line_body(value_minor=24.5)]}, [("lines.0.value_minor", "int-from-float")]),
        ({"lines": [line_body(goods="beef-dried")]}, [("lines.0.description", "prohibited")]),
        (
            {"lines": [line_body(goods="zebra")]},
            [
                ("lines.0.description", "vague"),
                ("lines.0.hs_code", "hs-code-missing"),
                ("lines.0.goods", "unknown-goods"),
            ],
        ),
        ({"colour": "red"}, [("colour", "extra-forbidden")]),
    ],
)
async def test_what_cannot_be_declared_is_named_by_its_field(
    desk: Desk, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    number = await desk.parcel_to_korea()

    answer = await desk.declare(number, declaration_body(**change))

    assert (answer.status_code, problems(answer)) == (422, expected)
    assert (await desk.ask("GET", f"/parcels/{number}/customs-declaration")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "goods", "hint"),
    [
        ("ថ្មទូរស័ព្ទ", "phone-battery", "ថ្មលីចូម"),
        ("កាំជ្រួច", "fireworks", "កាំជ្រួច"),
        ("ក្រដាសប្រាក់", "banknotes", "សេវាផ្ទេរប្រាក់"),
        ("ត្រីអលង្ការរស់", "live-fish", "សត្វមានជីវិត"),
    ],
)
async def test_a_clerk_who_picks_what_is_forbidden_is_refused_with_a_hint_in_khmer(
    desk: Desk, typed: str, goods: str, hint: str
) -> None:
    number = await desk.parcel_to_korea()
    [found] = (await desk.ask("GET", f"/customs/goods?q={typed}")).json()

    answer = await desk.declare(number, declaration_body(line_body(goods=found["id"])))

    assert found["id"] == goods
    assert problems(answer) == [("lines.0.description", "prohibited")]
    assert hint in answer.json()["errors"][0]["message"]


async def test_jewels_are_declared_of_an_insured_parcel_alone(desk: Desk) -> None:
    jewels = declaration_body(line_body(goods="jewellery-gold"))
    plain = await desk.parcel_to_korea()
    insured = await desk.parcel_to_korea(insured_value={"amount_minor": 1_000_000, "currency": "KHR"})

    refused = await desk.declare(plain, jewels)

    assert problems(refused) == [("lines.0.description", "insurance-needed")]
    assert "insured" in refused.json()["errors"][0]["message"]
    assert (await desk.declare(insured, jewels)).status_code == 200
    for is_insured in (False, True):
        checked = await desk.ask("POST", "/customs/checks", jewels | CHECK | {"insured": is_insured})
        assert checked.json()["is_acceptable"] is is_insured


async def test_papers_of_no_value_are_declared_and_printed(desk: Desk) -> None:
    number = await desk.parcel_to_korea(service="small_packet")
    body = declaration_body(line_body(goods="certificate-school", value_minor=0), category="documents")

    assert (await desk.declare(number, body)).json()["content"]["total_value_minor"] == 0
    ahead = (await desk.ask("GET", f"/parcels/{number}/advance-data")).json()
    assert (ahead["category"], ahead["total_value_minor"]) == ("documents", 0)
    assert "0.00 USD" in text_of((await desk.counter.get(f"/parcels/{number}/customs-form")).content)
    other = declaration_body(line_body(value_minor=0), category="documents")
    assert problems(await desk.declare(number, other)) == [("lines.0.value_minor", "no-value")]


async def test_an_hs_code_may_be_written_with_points_and_spaces(desk: Desk) -> None:
    number = await desk.parcel_to_korea()

    declared = await desk.declare(number, declaration_body(line_body(hs_code="6214.10 00")))

    assert declared.json()["content"]["lines"][0]["hs_code"] == "62141000"


async def test_a_domestic_parcel_has_no_declaration(desk: Desk) -> None:
    number = await desk.counter.registered(**parcel_body())

    assert problems(await desk.declare(number)) == [("destination_country", "domestic")]


@pytest.mark.parametrize("method", ["PUT", "GET"])
async def test_a_parcel_of_another_office_is_not_there(desk: Desk, method: str) -> None:
    number = await desk.parcel_to_korea()
    body = declaration_body() if method == "PUT" else None

    answer = await desk.ask(method, f"/parcels/{number}/customs-declaration", body, by=AWAY)

    assert refusal(answer) == (404, "parcel-not-found")


async def test_an_auditor_reads_and_may_not_declare(desk: Desk) -> None:
    number = await desk.parcel_to_korea()
    await desk.declare(number)

    shown = await desk.ask("GET", f"/parcels/{number}/advance-data", role=Role.AUDITOR)

    assert shown.status_code == 200
    assert refusal(await desk.declare(number, role=Role.AUDITOR)) == (403, "role-refused")


async def test_a_check_warns_in_both_languages_and_keeps_nothing(desk: Desk) -> None:
    body = declaration_body(line_body(goods="smartphone"), line_body(goods="perfume")) | CHECK

    checked = (await desk.ask("POST", "/customs/checks", body)).json()

    assert not checked["is_acceptable"]
    assert [(found["code"], found["refuses"]) for found in checked["findings"]] == [
        ("restricted", False),
        ("prohibited", True),
    ]
    assert "Flammable" in checked["findings"][1]["message"]
    assert "ងាយឆេះ" in checked["findings"][1]["message_km"]


@pytest.mark.parametrize(
    ("change", "form", "advance_data", "hs_code"),
    [
        ({"service": "small_packet", "destination_country": "US"}, "CN22", True, True),
        ({"service": "small_packet", "destination_country": "TH"}, "CN22", False, False),
        ({"service": "ems", "destination_country": "VN"}, "CN23", False, False),
        ({"service": "small_packet", "lines": [line_body(value_minor=40_501)]}, "CN23", False, True),
        ({"category": "gift", "destination_country": "FR"}, "CN23", True, False),
        ({"currency": "CHF"}, None, False, True),
    ],
)
async def test_a_check_names_the_form_and_what_the_destination_demands(
    desk: Desk, change: dict[str, Any], form: str | None, advance_data: bool, hs_code: bool
) -> None:
    checked = (await desk.ask("POST", "/customs/checks", declaration_body() | CHECK | change)).json()

    assert (checked["form"], checked["advance_data_demanded"], checked["hs_code_demanded"]) == (
        form,
        advance_data,
        hs_code,
    )


async def test_a_check_for_a_country_that_there_is_not_is_refused(desk: Desk) -> None:
    answer = await desk.ask("POST", "/customs/checks", declaration_body() | CHECK | {"destination_country": "XX"})

    assert problems(answer) == [("destination_country", "unknown-country")]


async def test_the_catalogue_is_found_by_any_staff_in_either_language(desk: Desk) -> None:
    found = await desk.ask("GET", "/customs/goods?q=scarf&limit=1", role=Role.DISTRICT, by=HOME)

    assert [goods["km"] for goods in found.json()] == ["ក្រមាអំបោះ"]
    assert found.json()[0]["provisional"] is True


async def test_a_parcel_that_was_cancelled_or_forgotten_is_declared_no_more(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await desk.parcel_to_korea()
    await desk.declare(number)
    await desk.counter.cancel(number)
    again = declaration_body(importer_reference="KR-1234567890")
    assert refusal(await desk.declare(number, again)) == (409, "declaration-over")
    async with parcel_db.transaction() as tx:
        assert await erase_people(tx, Outbox("parcel", key_ring), timedelta(0), now() + timedelta(seconds=1)) == 1
    assert refusal(await desk.declare(number, again)) == (409, "declaration-over")
    shown = (await desk.ask("GET", f"/parcels/{number}/customs-declaration")).json()
    assert shown["content"]["importer_reference"] is None
    assert refusal(await desk.ask("GET", f"/parcels/{number}/advance-data")) == (409, "people-forgotten")


async def test_what_is_declared_anew_is_told_anew_until_it_leaves_the_country(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await desk.parcel_to_korea()
    first = (await desk.declare(number)).json()

    anew = (await desk.declare(number, declaration_body(line_body(quantity=3)))).json()
    async with parcel_db.transaction() as tx:
        left = moved(number, 2, CustomerState.IN_TRANSIT, event_code="EMC")
        await on_parcel_moved(tx, [left, moved(number, 3, CustomerState.IN_TRANSIT, event_code="EMD")])
    late = await desk.declare(number, declaration_body(line_body(quantity=4)))

    assert refusal(late) == (409, "declaration-closed")
    assert "call the parcel back" in late.json()["detail"]
    told_of = [e for e in await told.events(parcel_db, key_ring, number) if isinstance(e, ParcelAdvanceDataCompletedV1)]
    assert [event.declaration_version for event in told_of] == [first["version"], anew["version"]]
    assert first["version"] < anew["version"]
    ahead = (await desk.ask("GET", f"/parcels/{number}/advance-data")).json()
    assert ahead["articles"][0]["quantity"] == 3


async def test_a_recipient_abroad_is_told_anew_until_the_parcel_leaves_the_country(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await desk.parcel_to_korea()
    first = (await desk.declare(number)).json()
    jiho, minji = (person(name=name, phone="010-2345-6789", **IN_SEOUL) for name in ("Lee Jiho", "Kim Minji"))

    assert [(await desk.counter.correct(number, jiho)).status_code for _ in range(2)] == [200, 200]
    async with parcel_db.transaction() as tx:
        await on_parcel_moved(tx, [moved(number, 2, CustomerState.IN_TRANSIT, event_code="EMC")])
    late = await desk.counter.correct(number, minji)

    assert refusal(late) == (409, "recipient-closed")
    told_of = [e for e in await told.events(parcel_db, key_ring, number) if isinstance(e, ParcelAdvanceDataCompletedV1)]
    assert [event.declaration_version for event in told_of] == [first["version"], first["version"] + 1]
    ahead = (await desk.ask("GET", f"/parcels/{number}/advance-data")).json()
    assert ahead["addressee"]["name"] == "Lee Jiho"


async def test_a_correction_tells_that_advance_data_is_complete_and_never_takes_that_back(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await desk.parcel_to_korea()
    async with parcel_db.connection() as connection:
        nowhere: dict[str, Any] = {"address": [], "postal_code": None}
        await connection.execute("update parcel set recipient = (recipient - 'city') || $1::jsonb", nowhere)
    assert (await desk.declare(number)).json()["advance_data_complete_at"] is None
    to = person(name="Kim Minji", phone="010-2345-6789", language="en", **IN_SEOUL)

    assert (await desk.counter.correct(number, to)).status_code == 200

    declared = (await desk.ask("GET", f"/parcels/{number}/customs-declaration")).json()
    assert declared["advance_data_complete_at"] is not None
    told_of = [type(event) for event in await told.events(parcel_db, key_ring, number)]
    assert told_of.count(ParcelAdvanceDataCompletedV1) == 1
    emptied = Person("Lee Jiho", "+821098765432", "en")
    with pytest.raises(ToldAhead):
        async with parcel_db.transaction() as tx:
            await correct_recipient(tx, Outbox("parcel", key_ring), CLERK, number, emptied, now())
    assert (await desk.counter.get(f"/parcels/{number}")).json()["recipient"]["name"] == "Kim Minji"
