"""Parcels over HTTP: what is refused and by which field, and what the logs may not show."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from services.parcel.customs.domain import advance_data
from services.parcel.posting.entrypoints import registrar
from services.tracking.domain import clearance
from shared import logs
from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, IN_SEOUL, RECIPIENT, SENDER, abroad, keyed, parcel_body, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.posting.use_cases.test_register_parcels import rows

NOT_A_PHONE = "not-a-phone-number"
UNMEASURED = {"fits_limits": None}
CHEK = "21090101"
IN_TAKEO = person(name=SENDER, address=["Village 3", "Takeo"])
"""The village Srok Chek of Tram Kak."""


def minji(**values: Any) -> dict[str, Any]:
    """Return a recipient in Seoul."""
    return person(**{"name": "Kim Minji", "phone": "010-2345-6789", "language": "en", **IN_SEOUL, **values})


async def test_a_registration_answers_what_staff_need(counter: Counter) -> None:
    parcel = (await counter.register(parcel_body(order_reference=" A-17 ", length_mm=300))).json()

    assert (parcel["item_number"][:6], parcel["item_number"][-2:]) == ("PD1000", "KH")
    assert parcel["item_number_grouped"].replace(" ", "") == parcel["item_number"]
    assert (parcel["office"], parcel["state"], parcel["version"]) == (HOME, "accepted", 1)
    assert parcel["sender"]["phone"] == "+85512345678"
    nowhere: dict[str, Any] = {"address": [], "postal_code": None, "place": None, "city": None, "region": None}
    assert parcel["recipient"] == person(phone="+855971234567") | nowhere
    assert (parcel["order_reference"], parcel["length_mm"]) == ("A-17", 300)
    assert parcel["registered_at"].endswith("Z")


async def test_the_own_office_is_the_office_of_posting_unless_said(counter: Counter) -> None:
    assert (await counter.register(parcel_body(office=None))).json()["office"] == HOME


async def test_those_of_no_office_name_the_office_of_posting(counter: Counter) -> None:
    answer = await counter.register(parcel_body(office=None), role=Role.ADMINISTRATOR)

    assert (answer.status_code, problems(answer)) == (422, [("office", "missing")])


@pytest.mark.parametrize(
    ("service", "indicator"), [("parcel", "CP"), ("ems", "EE"), ("small_packet", "LX"), ("registered_letter", "RR")]
)
async def test_a_number_abroad_begins_with_the_letters_of_its_service(
    counter: Counter, service: str, indicator: str
) -> None:
    parcel = (await counter.register(abroad(service=service))).json()

    assert parcel["item_number"][:2] == indicator
    assert parcel["recipient"]["phone"] == "+821023456789"


@pytest.mark.parametrize("phone", ["012 345 678", "០១២ ៣៤៥ ៦៧៨", "+855 12 345 678", "00855 12-345-678", "012/345/678"])
async def test_a_phone_is_understood_however_it_is_written(counter: Counter, phone: str) -> None:
    parcel = (await counter.register(parcel_body(recipient=person(phone=phone)))).json()

    assert parcel["recipient"]["phone"] == "+85512345678"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"weight_g": 0}, [("weight_g", "greater-than-equal")]),
        ({"weight_g": "heavy"}, [("weight_g", "int-parsing")]),
        ({"weight_g": None}, [("weight_g", "missing")]),
        ({"weight_g": 30_001}, [("weight_g", "too-heavy"), ("weight_g", "above-tariff")]),
        (
            {"weight_g": 2_001, "service": "small_packet"},
            [("weight_g", "too-heavy"), ("weight_g", "above-tariff")],
        ),
        ({"length_mm": 1_501}, [("size_mm", "too-long")]),
        ({"length_mm": 1_400, "width_mm": 1_000, "height_mm": 601}, [("size_mm", "too-large")]),
        ({"height_mm": -1}, [("height_mm", "greater-than-equal")]),
        ({"service": "drone"}, [("service", "literal-error")]),
        (
            {"destination_country": "XX"},
            [("destination_country", "unknown-country"), ("sender.address", "missing")],
        ),
        ({"destination_country": "kh"}, [("destination_country", "string-pattern-mismatch")]),
        (
            {"destination_country": "KR", "sender": IN_TAKEO, "recipient": minji(phone="+855 12 345 678")},
            [("collecting_office", "not-domestic")],
        ),
        ({"collecting_office": None}, [("collecting_office", "unknown-office")]),
        ({"collecting_office": "NONE"}, [("collecting_office", "unknown-office")]),
        (
            {"weight_g": 30_001, "collecting_office": None},
            [("weight_g", "too-heavy"), ("collecting_office", "unknown-office")],
        ),
        ({"sender": person(phone="012 345")}, [("sender.phone", NOT_A_PHONE)]),
        ({"recipient": person(phone="no phone at all")}, [("recipient.phone", NOT_A_PHONE)]),
        ({"recipient": person(name=" \t ")}, [("recipient.name", "string-too-short")]),
        ({"recipient": person(name="a\u0000b")}, [("recipient.name", "string-pattern-mismatch")]),
        ({"recipient": person(name="x" * 121)}, [("recipient.name", "string-too-long")]),
        ({"recipient": person(language="fr")}, [("recipient.language", "literal-error")]),
        ({"recipient": person(address=["a"] * 5)}, [("recipient.address", "too-long")]),
        ({"recipient": person(e_mail="a@b.example")}, [("recipient.e_mail", "extra-forbidden")]),
        ({"recipient": None}, [("recipient", "missing")]),
        ({"wieght_g": 100}, [("wieght_g", "extra-forbidden")]),
        ({"order_reference": ""}, [("order_reference", "string-too-short")]),
    ],
    ids=str,
)
async def test_a_parcel_that_cannot_be_is_refused_by_field(
    counter: Counter, parcel_db: Database, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    answer = await counter.register(parcel_body(**change))

    assert (answer.status_code, problems(answer)) == (422, expected)
    assert await rows(parcel_db) == {"request": 0, "parcel": 0, "outbox": 0}


@pytest.mark.parametrize(
    "body",
    [
        parcel_body(**UNMEASURED),
        *(abroad(service=service, fits_limits=False) for service in ("parcel", "ems", "small_packet")),
    ],
)
async def test_nothing_bulky_is_registered_unmeasured_and_unseen(
    counter: Counter, parcel_db: Database, body: dict[str, Any]
) -> None:
    answer = await counter.register(body)

    assert (answer.status_code, problems(answer)) == (422, [("size_mm", "missing")])
    assert await rows(parcel_db) == {"request": 0, "parcel": 0, "outbox": 0}


async def test_what_was_measured_or_said_of_a_size_is_kept(counter: Counter, parcel_db: Database) -> None:
    sides = {"length_mm": 300, "width_mm": 200, "height_mm": 100}
    seen, measured = await counter.registered(), await counter.registered(**UNMEASURED, **sides)
    letter = await counter.registered(**UNMEASURED, service="registered_letter")
    async with parcel_db.connection() as connection:
        kept = await connection.fetch("select item_number, fits_limits, length_mm, width_mm, height_mm from parcel")

    shown = {number: (await counter.get(f"/parcels/{number}")).json() for number in (seen, measured, letter)}
    assert [shown[number]["fits_limits"] for number in (seen, measured, letter)] == [True, False, False]
    assert {name: shown[measured][name] for name in sides} == sides
    assert {tuple(row) for row in kept} == {
        (seen, True, None, None, None),
        (measured, False, 300, 200, 100),
        (letter, False, None, None, None),
    }


async def test_a_phone_is_judged_by_the_country_it_is_in(counter: Counter) -> None:
    answer = await counter.register(abroad(recipient=minji(phone="123")))
    assert refusal(answer) == (422, "invalid-request")

    answer = await counter.register(abroad(recipient=minji(phone="012 345 678")))
    assert problems(answer) == [("recipient.phone", NOT_A_PHONE)]


KHMER = person(address=["ភូមិតាអែម", "Tram Kak"])
NOT_READABLE = "not-readable-abroad"


async def test_whoever_is_on_a_parcel_abroad_is_named_in_letters_that_are_read_there(counter: Counter) -> None:
    answer = await counter.register(abroad(sender=KHMER, recipient=minji(name="김민지", city="서울")))
    assert problems(answer) == [
        ("sender.name", NOT_READABLE),
        ("sender.address.0", NOT_READABLE),
        ("recipient.name", NOT_READABLE),
        ("recipient.city", NOT_READABLE),
    ]
    assert "ធីតា" not in answer.text
    assert (await counter.register(parcel_body(sender=KHMER, recipient=KHMER))).status_code == 201


@pytest.mark.parametrize("service", ["parcel", "ems", "small_packet"])
@pytest.mark.parametrize("sender", [person(name=SENDER), person(name=SENDER, postal_code="210905")])
async def test_goods_for_abroad_say_where_their_sender_is(
    counter: Counter, service: str, sender: dict[str, Any]
) -> None:
    answer = await counter.register(abroad(service=service, sender=sender))

    assert (answer.status_code, problems(answer)) == (422, [("sender.address", "missing")])


@pytest.mark.parametrize(
    "values",
    [
        {"sender": person(name=SENDER, place=CHEK)},
        {"sender": person(name=SENDER), "service": "registered_letter", "weight_g": 100},
    ],
)
async def test_a_place_is_enough_and_letters_need_none(counter: Counter, values: dict[str, Any]) -> None:
    assert (await counter.register(abroad(**values))).status_code == 201


def test_goods_are_the_same_here_as_where_they_are_scanned() -> None:
    assert advance_data.WITHOUT_GOODS == clearance.WITHOUT_GOODS


async def test_a_recipient_abroad_is_corrected_in_such_letters_too(counter: Counter) -> None:
    number = (await counter.register(abroad())).json()["item_number"]
    answer = await counter.correct(number, minji(name=RECIPIENT, address=["서울"]))
    assert problems(answer) == [("recipient.name", NOT_READABLE), ("recipient.address.0", NOT_READABLE)]


async def test_a_name_that_papers_cannot_show_is_refused_with_its_letters(
    counter: Counter, parcel_db: Database
) -> None:
    wrong = parcel_body(sender=person(name="王小明"), recipient=person(address=["ថ្នល់ ៣", "ถนน 3"]))
    answer = await counter.register(wrong)
    assert problems(answer) == [("sender.name", "glyph-missing"), ("recipient.address.1", "glyph-missing")]
    assert answer.json()["errors"][0]["message"].endswith(": 小, 明, 王")
    assert "王小明" not in answer.text
    assert await rows(parcel_db) == {"request": 0, "parcel": 0, "outbox": 0}
    number = await counter.registered(recipient=person(name="Trần Đức Ự"))
    assert (await counter.get(f"/parcels/{number}")).json()["recipient"]["name"] == "Trần Đức Ự"
    answer = await counter.correct(number, person(name="Иван"))
    assert problems(answer) == [("recipient.name", "glyph-missing")]


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 256])
async def test_a_registration_needs_a_key_that_can_be_kept(counter: Counter, key: str | None) -> None:
    headers = counter.signed_in() | ({} if key is None else {"Idempotency-Key": key})

    answer = await counter.client.post("/parcels", json=parcel_body(), headers=headers)

    assert answer.status_code == 422
    assert [field for field, _ in problems(answer)] == ["idempotency-key"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"weight_g": NaN}', b'"\\ud800"', b"\xff"])
async def test_a_body_that_is_no_parcel_is_a_clear_refusal(counter: Counter, content: bytes) -> None:
    headers = counter.signed_in() | keyed() | {"Content-Type": "application/json"}

    answer = await counter.client.post("/parcels", content=content, headers=headers)

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_half_a_character_in_a_name_is_refused_by_field(counter: Counter) -> None:
    headers = counter.signed_in() | keyed() | {"Content-Type": "application/json"}
    content = b'{"weight_g": 1, "recipient": {"name": "\\ud800", "phone": "012345678"}, "sender": 1}'

    answer = await counter.client.post("/parcels", content=content, headers=headers)

    assert answer.status_code == 422
    assert "recipient.name" in [field for field, _ in problems(answer)]


async def test_a_refusal_never_repeats_what_was_sent(counter: Counter) -> None:
    canary = "Canary Sokunthea"
    wrong = person(name=canary, phone="0991112223334445", language=canary, address=canary, postal_code=canary)

    answer = await counter.register(parcel_body(recipient=wrong, service=canary))

    assert answer.status_code == 422
    assert canary not in answer.text
    assert "0991112223334445" not in answer.text


@pytest.fixture
def log_bytes() -> Iterator[io.BytesIO]:
    """Log as a running service does, into memory."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    kept = io.BytesIO()
    text = io.TextIOWrapper(kept, write_through=True)
    logs.configure("DEBUG", text)
    structlog.configure(cache_logger_on_first_use=False)
    yield kept
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)
    text.detach()


async def test_no_log_line_shows_a_name_or_a_phone(
    counter: Counter, log_bytes: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await counter.registered()
    await counter.register(parcel_body(recipient=person(phone="0991112223334445")))
    await counter.correct(number, person(name="Canary Sokunthea", phone="011 222 333"))
    await counter.get("/parcels", phone="011 222 333")
    await counter.cancel(number, by=AWAY)
    await counter.cancel(number)
    monkeypatch.setattr(registrar, "_answer", _fails_with_the_parcel)
    assert (await counter.register()).status_code == 500

    lines = log_bytes.getvalue()
    assert lines.count(b"\n") >= 8
    assert b"recipient corrected" in lines
    assert b"defect" in lines
    for personal in (SENDER, RECIPIENT, "Canary", "12345678", "345 678", "971234567", "1222333", "222 333", "99111222"):
        assert personal.encode() not in lines
        assert personal.encode("ascii", "backslashreplace") not in lines


def _fails_with_the_parcel(parcel: object) -> bytes:
    raise ValueError(f"cannot show {parcel}")


@pytest.mark.parametrize("typed", ["210905", "២១០៩០៥", "210 905", " 21-09-05 "])
async def test_a_postal_code_is_kept_however_it_is_typed(counter: Counter, typed: str) -> None:
    number = await counter.registered(recipient=person(postal_code=typed))
    corrected = await counter.correct(number, person(postal_code=typed))
    assert (await counter.get(f"/parcels/{number}")).json()["recipient"]["postal_code"] == "210905"
    assert corrected.json()["recipient"]["postal_code"] == "210905"


async def test_a_postal_code_fits_the_country_that_the_parcel_goes_to(counter: Counter) -> None:
    answer = await counter.register(abroad())
    assert answer.json()["recipient"]["postal_code"] == "04524"
    assert problems(await counter.register(abroad(recipient=minji(postal_code="0452")))) == [
        ("recipient.postal_code", "not-a-postal-code")
    ]
    wrong = await counter.register(parcel_body(sender=person(postal_code="9999"), recipient=person(postal_code="A-1")))
    assert problems(wrong) == [
        ("sender.postal_code", "not-a-postal-code"),
        ("recipient.postal_code", "not-a-postal-code"),
    ]


async def test_a_place_of_the_gazetteer_is_kept_and_shown(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered(recipient=person(place=CHEK))
    shown = (await counter.get(f"/parcels/{number}")).json()
    assert (shown["recipient"]["place"], shown["sender"]["place"]) == (CHEK, None)
    async with parcel_db.connection() as connection:
        kept = await connection.fetchrow("select sender, recipient from parcel where item_number = $1", number)
    assert kept is not None
    assert kept["recipient"]["place"] == CHEK
    assert "place" not in kept["sender"], "the release before reads people with no such part"


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        (person(place="99"), [("recipient.place", "place-not-found")]),
        (person(place="Takeo"), [("recipient.place", "string-pattern-mismatch")]),
        (person(place=CHEK, city="Takeo"), [("recipient.city", "place-instead")]),
        (person(region="Takeo"), [("recipient.region", "place-instead")]),
    ],
)
async def test_a_place_at_home_that_there_is_not_is_refused(
    counter: Counter, recipient: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems(await counter.register(parcel_body(recipient=recipient))) == expected


@pytest.mark.parametrize(
    ("country", "recipient", "expected"),
    [
        (
            "KR",
            minji(address=[], city=None, postal_code=None),
            [("recipient.address", "missing"), ("recipient.city", "missing"), ("recipient.postal_code", "missing")],
        ),
        ("KR", minji(place=CHEK), [("recipient.place", "not-in-cambodia")]),
        (
            "US",
            minji(phone="+1 213 373 4253", postal_code="90001"),
            [("recipient.region", "missing")],
        ),
        (
            "US",
            minji(phone="+1 213 373 4253", address=["12 Main Street", "Los Angeles CA"], city=None, postal_code="90"),
            [("recipient.postal_code", "not-a-postal-code")],
        ),
    ],
)
async def test_an_address_abroad_has_what_its_country_asks_for(
    counter: Counter, country: str, recipient: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    filled = {name: part for name, part in recipient.items() if part is not None}
    answer = await counter.register(abroad(destination_country=country, recipient=filled))
    assert (answer.status_code, problems(answer)) == (422, expected)


async def test_a_recipient_abroad_is_corrected_to_an_address_that_its_country_has(counter: Counter) -> None:
    number = (await counter.register(abroad())).json()["item_number"]
    wrong = await counter.correct(number, minji(postal_code="0452"))
    assert problems(wrong) == [("recipient.postal_code", "not-a-postal-code")]
    assert (await counter.correct(number, minji(city="Busan"))).json()["recipient"]["city"] == "Busan"
