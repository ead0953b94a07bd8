"""A device gets what its office works by without a line: what costs what, who is where, what waits and what comes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from services.parcel.customs.domain.inbound import InboundItem, Payment
from services.parcel.customs.use_cases.find_items_at import find_items_at
from services.parcel.devices.domain.bundle import KEPT, MOST_ROWS, Content, Manifest, Part, manifest_of
from services.parcel.devices.domain.ground import filed_on
from services.parcel.devices.domain.routes import routes_from
from services.parcel.devices.store import bundles
from services.parcel.people.use_cases.find_customers import find_customers
from services.parcel.posting.domain.shelf import ON_SHELF, PHONE_END, Due, DueFor, OnShelf
from services.parcel.posting.use_cases.find_expected import find_expected
from services.parcel.posting.use_cases.find_shelf import find_shelf
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.use_cases.find_coming_rates import find_coming_rates
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.ids import new_id

OF_EVENTS = {"event_id", "time", "version", "latitude", "longitude"}
"""Of an office's entry; what a counter without a line has no use for."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A manifest, the parts that it names, and the items whose people are in them."""

    manifest: Manifest
    contents: Mapping[Part, Content]
    item_numbers: list[str]


async def make_bundle(tx: Tx, office: str, offices: Mapping[str, OfficeV1], today: date, now: datetime) -> Bundle:
    """Put together the bundle of an office, and keep it under the id that a record may name it by.

    Raises: NoTariffInForce.
    """
    rates = await find_coming_rates(tx, today)
    customers = await find_customers(tx, office, MOST_ROWS + 1)
    expected = await find_expected(tx, office, MOST_ROWS + 1)
    shelf = await _shelf(tx, office)
    contents = {
        **filed_on(today),
        Part.OFFICES: _offices(offices),
        Part.ROUTES: Content.of(routes_from(office, offices, today)),
        Part.RATES: Content.of(
            [{"day": one.day, "riel_per_usd": one.riel_per_usd, "version": one.version} for one in rates]
        ),
        Part.CUSTOMERS: _rows([{"trader": str(one.trader), "shop_name": one.shop_name} for one in customers]),
        Part.EXPECTED: _rows([asdict(one) for one in expected]),
        Part.SHELF: _rows([asdict(one) for one in shelf]),
    }
    given = await bundles.keep(tx, manifest_of(new_id(), office, contents, now), now)
    await bundles.keep_parts(
        tx, {bytes.fromhex(contents[name].sha256): contents[name].text.decode() for name in KEPT}, now
    )
    return Bundle(given.manifest, contents, [one.item_number for one in shelf[:MOST_ROWS]])


def _offices(offices: Mapping[str, OfficeV1]) -> Content:
    return Content.of([offices[code].model_dump(mode="json", exclude=OF_EVENTS) for code in sorted(offices)])


def _rows(rows: list[dict[str, Any]]) -> Content:
    return Content.of(rows[:MOST_ROWS], is_whole=len(rows) <= MOST_ROWS)


async def _shelf(tx: Tx, office: str) -> list[OnShelf]:
    """Return what waits at the office, from here and from abroad, and one more than fits if there is more."""
    at_home = await find_shelf(tx, office, MOST_ROWS + 1)
    from_abroad = await find_items_at(tx, office, ON_SHELF, MOST_ROWS + 1 - len(at_home))
    return [*at_home, *(_from_abroad(item) for item in from_abroad)]


def _from_abroad(item: InboundItem) -> OnShelf:
    assert item.state is not None
    due: tuple[Due, ...] = ()
    if item.charges is not None and item.payment is Payment.DUE:
        due = (Due(DueFor.CHARGES, Amount(item.charges.total_minor, item.charges.currency)),)
    phone_end = (item.addressee.phone or "")[-PHONE_END:]
    return OnShelf(item.item_number, item.state, item.addressee.name, phone_end, due)
