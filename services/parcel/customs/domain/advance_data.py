"""When what the post of destination must know ahead of an item is all there.

Source: WCO-UPU guidelines on electronic advance data.
"""

from collections.abc import Iterator
from datetime import date

from services.parcel.customs.domain.declaration import Category, ContentLine, Declaration, Declared
from services.parcel.customs.domain.destinations import demands
from services.parcel.customs.domain.posted_item import Party, PostedItem
from shared.contracts.parcel import Service

WITHOUT_GOODS: frozenset[Service] = frozenset({"registered_letter"})
"""What holds nothing that customs must know of ahead; tracking lets it leave without."""


def missing_elements(declaration: Declaration, item: PostedItem, on: date) -> list[str]:
    """Return the mandatory elements that are not there, as paths."""
    return [
        *_missing_of(item.sender, "sender"),
        *_missing_of(item.addressee, "addressee"),
        *(
            f"lines.{number}.{name}"
            for number, line in enumerate(declaration.lines)
            for name in _missing_on(line, declaration.category, item.sending.destination_country, on)
        ),
    ]


def still_missing(declared: Declared, item: PostedItem, on: date) -> list[str]:
    """Return what keeps a declaration from being complete; nothing once it was told complete."""
    return [] if declared.advance_data_complete_at else missing_elements(declared.declaration, item, on)


def _missing_of(party: Party, role: str) -> Iterator[str]:
    if not party.name:
        yield f"{role}.name"
    if not party.address:
        yield f"{role}.address"
    if not party.phone:
        yield f"{role}.phone"


def _missing_on(line: ContentLine, category: Category, country: str, on: date) -> Iterator[str]:
    if line.hs_code is None and category.is_commercial and demands("hs_six_digits", country, on):
        yield "hs_code"
    if line.origin_country is None and category.is_commercial:
        yield "origin_country"
