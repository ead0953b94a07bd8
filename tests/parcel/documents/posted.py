"""Sample items as a counter makes them: priced, numbered, registered, declared and voided by the routes' use cases."""

from typing import Any

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.customs.entrypoints.bodies import DeclarationBody
from services.parcel.customs.use_cases.declare_content import declare_content
from services.parcel.documents.domain.imprint import Imprint
from services.parcel.idempotency.domain.keys import digest
from services.parcel.numbers.use_cases.grant_range import grant_range
from services.parcel.numbers.use_cases.lease_numbers import lease_numbers
from services.parcel.posting.domain.postal_services import indicator_for
from services.parcel.posting.entrypoints.bodies import RegisterBody
from services.parcel.posting.use_cases.ask_for_money_back import ask_for_money_back
from services.parcel.posting.use_cases.find_parcel import find_parcel
from services.parcel.posting.use_cases.find_posted_item import find_posted_item
from services.parcel.posting.use_cases.register_parcels import Asked, register_parcels
from services.parcel.pricing.domain import void_request
from services.parcel.pricing.use_cases.decide_refund import decide_refund
from services.parcel.pricing.use_cases.find_rate import find_rate
from services.parcel.pricing.use_cases.set_rate import set_rate
from shared.access.roles import Actor, Role
from shared.clock import LOCAL
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber
from shared.sealing import KeyRing
from shared.trace import new_traceparent
from tests.parcel.documents.papers import ANGKOR_BOREI, AT, BATI

DAY = AT.astimezone(LOCAL).date()
CLERK = Actor("clerk of Bati", Role.CLERK, BATI.code)
SUPERVISOR = Actor("supervisor of Bati", Role.SUPERVISOR, BATI.code)
ADMINISTRATOR = Actor("administrator", Role.ADMINISTRATOR, None)
OFFICES = {
    office.code: OfficeV1(
        office=office.code,
        office_kind="ctc",
        district_code=district,
        name_km=office.name_km,
        name_en=office.name_en,
        sample=True,
        version=1,
    )
    for office, district in ((BATI, "2102"), (ANGKOR_BOREI, "2101"))
}
IMPRINT = Imprint("https://post.example", "023 42 80 80", OFFICES)
INDICATORS = ("PD", "CP", "LX", "RR")

SHOP = {
    "name": "ហាងលក់សម្លៀកបំពាក់ ស្រីមុំ",
    "phone": "012 345 678",
    "address": ["ផ្ទះលេខ ២៤ ផ្លូវ ១០៥"],
    "place": "210201",
}
CUSTOMER = {
    "name": "ឈួន សុភ័ក្ត្រ",
    "phone": "097 123 4567",
    "address": ["ផ្ទះលេខ ៧"],
    "place": "210101",
    "postal_code": "210101",
}
CHANDARA = {
    "name": "Sok Chandara",
    "phone": "012 345 678",
    "address": ["Trapeang Krasang village"],
    "place": "210201",
}
MINJI = {
    "name": "Kim Minji",
    "phone": "010-1234-5678",
    "language": "en",
    "address": ["101-1203 Hangang-daero 405, Yongsan-gu"],
    "city": "Seoul",
    "postal_code": "04320",
}
AT_HOME = {
    "collecting_office": ANGKOR_BOREI.code,
    "weight_g": 1_250,
    "length_mm": 300,
    "width_mm": 220,
    "height_mm": 120,
    "sender": SHOP,
    "recipient": CUSTOMER,
    "order_reference": "ORD-2026-1129-004",
    "cod": {"amount_minor": 52_000, "currency": "KHR"},
    "insured_value": {"amount_minor": 4_000, "currency": "USD"},
}
TO_KOREA = {
    "destination_country": "KR",
    "weight_g": 2_150,
    "length_mm": 320,
    "width_mm": 240,
    "height_mm": 140,
    "sender": CHANDARA,
    "recipient": MINJI,
    "insured_value": {"amount_minor": 4_900, "currency": "USD"},
}
SMALL_TO_KOREA = TO_KOREA | {
    "service": "small_packet",
    "weight_g": 1_950,
    "insured_value": None,
    "options": ["registered", "advice_of_receipt"],
    "if_undeliverable": "abandon",
}
CONTENT = {
    "category": "sale_of_goods",
    "currency": "USD",
    "lines": [
        {"goods": "krama-silk", "quantity": 2, "net_weight_g": 320, "value_minor": 4_000, "origin_country": "KH"},
        {
            "description": "Palm sugar, 500 g bag",
            "quantity": 3,
            "net_weight_g": 1_500,
            "value_minor": 900,
            "hs_code": "170290",
            "origin_country": "KH",
        },
    ],
    "sender_reference": "KH-2026-77",
    "importer_reference": "P123456789012",
    "invoice_number": "INV-77",
}


async def opened(tx: Tx) -> None:
    """Let there be numbers, and a rate of the day."""
    for indicator in INDICATORS:
        await grant_range(tx, indicator, 10_000_000, 19_999_999, provisional=True)
    await set_rate(tx, ADMINISTRATOR, DAY, 4_015, AT)


async def registered(tx: Tx, key_ring: KeyRing, body: dict[str, Any]) -> str:
    """Register an item of the office in Bati; returns its number."""
    command = RegisterBody.model_validate(body).command(BATI.code)
    postage = command.postage(OFFICES, (), await find_rate(tx, DAY), DAY)
    indicator = indicator_for(command.service, command.destination_country, command.options, DAY)
    (serial,) = await lease_numbers(tx, BATI.code, indicator, 1, AT)
    number = ItemNumber(indicator, serial, DOMESTIC)
    body_sha256 = digest(repr(command).encode())
    asked = Asked(CLERK.id, str(number), command, postage, body_sha256, number, CLERK.id, new_traceparent())
    (answer,) = await register_parcels(
        tx, Outbox("parcel", key_ring), [asked], lambda one: one.item_number.encode(), AT
    )
    assert answer == str(number).encode()
    return str(number)


async def declared(tx: Tx, key_ring: KeyRing, body: dict[str, Any]) -> str:
    """Register an item that goes abroad and declare what it holds; returns its number."""
    number = await registered(tx, key_ring, body)
    item = await find_posted_item(tx, CLERK, number, held=True)
    await declare_content(tx, CLERK, item, DeclarationBody.model_validate(CONTENT).declaration(DAY), AT)
    return number


async def voided(tx: Tx, key_ring: KeyRing, body: dict[str, Any]) -> str:
    """Register an item, and give all back that was paid for it; returns its number."""
    number = await registered(tx, key_ring, body)
    paid = (await find_parcel(tx, CLERK, number)).paid()
    asked = void_request.Asked("void", paid.amount_minor, "The sender took it back.")
    request = await ask_for_money_back(tx, CLERK, number, asked, AT)
    await decide_refund(tx, SUPERVISOR, request.request_id, "granted", None, {}, AT)
    return number
