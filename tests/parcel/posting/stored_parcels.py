"""Parcels in every combination of what lists ask for, stored without the counter, and a filter of plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

from services.parcel.posting.domain.problems import PROBLEMS
from shared.clock import LOCAL
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.s10 import ItemNumber
from tests.access.signed_in import SHOPS
from tests.parcel.bodies import AWAY, HOME, THIRD

PHONE, OTHER_PHONE = "+855971234567", "+85512345678"
REFERENCE = "A-1"
FIRST_DAY = date(2026, 3, 1)
DAYS = 5
STATES = (CustomerState.HELD, CustomerState.DELIVERED, CustomerState.LOST, CustomerState.IN_TRANSIT)
OFFICES = ((HOME, AWAY, None), (AWAY, HOME, None), (AWAY, THIRD, HOME), (AWAY, THIRD, AWAY))
"""The offices of posting, collecting and holding."""
FILTERS = ("state", "office", "since", "until", "phone", "order_reference")
PHONES = ((PHONE, OTHER_PHONE), (OTHER_PHONE, PHONE), (OTHER_PHONE, OTHER_PHONE))


@dataclass(frozen=True)
class Stored:
    """What a list may ask of one parcel."""

    item_number: str
    registered_at: datetime
    state: CustomerState
    offices: tuple[str, str, str | None]
    phones: tuple[str, str]
    order_reference: str | None
    trader: str


@dataclass(frozen=True)
class Question:
    """What is asked of a list, as a request names it."""

    state: CustomerState | None = None
    office: str | None = None
    since: date | None = None
    until: date | None = None
    phone: str | None = None
    order_reference: str | None = None
    first: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the request."""
        return {name: str(value) for name, value in vars(self).items() if value is not None}

    def asks_for(self, parcel: Stored) -> bool:
        """Tell whether a parcel belongs to the list."""
        day = parcel.registered_at.astimezone(LOCAL).date()
        return all(
            (
                self.state in (None, parcel.state),
                self.office in (None, *parcel.offices),
                self.since is None or day >= self.since,
                self.until is None or day <= self.until,
                self.phone in (None, *parcel.phones),
                self.order_reference in (None, parcel.order_reference),
            )
        )

    def answer(self, parcels: Iterable[Stored]) -> list[str]:
        """Return the numbers of the parcels that belong to the list, in its order."""
        newest = sorted(filter(self.asks_for, parcels), key=lambda one: (one.registered_at, one.item_number))[::-1]
        if self.first == "problems":
            newest.sort(key=lambda one: one.state not in PROBLEMS)
        return [one.item_number for one in newest]


def every_question(first: str | None) -> list[Question]:
    """Return a question for each combination of filters."""
    values: list[tuple[Any, Any]] = [
        (None, CustomerState.HELD),
        (None, HOME),
        (None, FIRST_DAY + timedelta(days=1)),
        (None, FIRST_DAY + timedelta(days=3)),
        (None, PHONE),
        (None, REFERENCE),
    ]
    return [Question(**dict(zip(FILTERS, asked, strict=True)), first=first) for asked in product(*values)]


def every_parcel() -> list[Stored]:
    """Return parcels of each state, office, phone and reference; days and shops go round, two share each instant."""
    made = []
    for n, (state, offices, phones, reference) in enumerate(product(STATES, OFFICES, PHONES, (REFERENCE, "A-2", None))):
        day = FIRST_DAY + timedelta(days=n * 3 % DAYS)
        # The edges of a day count, too.
        at = datetime.combine(day, (time(), time(9, n // 10), time(23, 59, 59, 999_999))[n % 3], LOCAL)
        number = str(ItemNumber("PD", 20_000_000 + n * 37 % 151, "KH"))
        shop = str(SHOPS[HOME if n % 4 else AWAY])
        made.append(Stored(number, at, state, offices, phones, reference, shop))
    return made


async def store(database: Database, parcels: Sequence[Stored]) -> None:
    """Insert parcels."""
    async with database.transaction() as tx:
        await tx.executemany(
            """
            insert into parcel (item_number, office, service, destination_country, collecting_office, holding_office,
                weight_g, sender, recipient, sender_phone, recipient_phone, order_reference, link_secret,
                registered_by, registered_at, state, trader_id)
            values ($1, $2, 'parcel', 'KH', $3, $4, 500, $5, $6, $7, $8, $9, 'secret', 'somebody', $10, $11, $12)
            """,
            [
                (
                    one.item_number,
                    *one.offices,
                    *[_person(phone) for phone in one.phones],
                    *one.phones,
                    one.order_reference,
                    one.registered_at,
                    one.state,
                    one.trader,
                )
                for one in parcels
            ],
        )


def _person(phone: str) -> dict[str, object]:
    return {"name": "Sok Dara", "phone": phone, "language": "km", "address": [], "postal_code": None}
