"""Declarations and posted items for tests; any field may be given."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.parcel.customs.domain.content_rules import findings_on
from services.parcel.customs.domain.declaration import Category, ContentLine, Declaration
from services.parcel.customs.domain.posted_item import Party, PostedItem, Sending
from tests.parcel.bodies import HOME

TODAY = date(2026, 3, 2)
NUMBER = "CP100000003KH"

LINE = ContentLine(
    description="cotton t-shirt",
    quantity=2,
    net_weight_g=300,
    value_minor=2_400,
    hs_code="610910",
    origin_country="KH",
)
DECLARATION = Declaration(category=Category.GIFT, currency="USD", lines=(LINE,))
TO_KOREA = Sending("parcel", "KR", 1_200)
POSTED = PostedItem(
    item_number=NUMBER,
    office=HOME,
    sending=TO_KOREA,
    sender=Party("Sok Dara", "KH", "+85512345678", ("Village 3", "Takeo")),
    addressee=Party("Kim Minji", "KR", "+821023456789", ("12 Sejong-daero", "Seoul"), "04524"),
)


def declared(*lines: ContentLine, **values: Any) -> Declaration:
    """Return a declaration of a gift in dollars."""
    return replace(DECLARATION, lines=lines or (LINE,), **values)


def refusals(declaration: Declaration, sending: Sending = TO_KOREA, on: date = TODAY) -> list[tuple[str, str]]:
    """Return field and code of what refuses a declaration."""
    return [(found.field, found.code) for found in findings_on(declaration, sending, on) if found.refuses]


def warnings(declaration: Declaration, sending: Sending = TO_KOREA, on: date = TODAY) -> list[tuple[str, str]]:
    """Return field and code of what a clerk must look at."""
    return [(found.field, found.code) for found in findings_on(declaration, sending, on) if not found.refuses]
