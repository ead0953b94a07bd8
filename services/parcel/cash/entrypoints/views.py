"""How cash is shown."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.parcel.cash.domain.counting import CURRENCIES
from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.domain.entry import Entry
from services.parcel.cash.domain.transfer import Transfer
from services.parcel.cash.use_cases.draw_closing_sheet import ClosingSheet
from services.parcel.cash.use_cases.draw_day_sheet import DaySheet
from services.parcel.cash.use_cases.find_drawer import DrawerState
from services.parcel.cash.use_cases.find_entry import EntryStory
from services.parcel.forms import View
from services.parcel.pricing.domain.money import Currency
from services.parcel.pricing.entrypoints.price_views import AmountView


class PostingView(View):
    """What one account gained; a unit is a currency, in its minor unit, or an article, by the piece."""

    account: str
    holder: str
    unit: str
    quantity: int


class CountView(View):
    """What was counted in one currency."""

    amount_minor: int
    currency: Currency
    notes: dict[int, int]


class DrawerView(View):
    """A drawer."""

    drawer_id: UUID
    office: str
    staff: str
    device: str | None
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    counted: list[CountView]
    confirmed_at: datetime | None
    confirmed_by: str | None

    @classmethod
    def of(cls, drawer: Drawer) -> "DrawerView":
        """Show a drawer."""
        return cls.model_validate(drawer)


class DrawerStateView(DrawerView):
    """A drawer, and what the ledger says of it."""

    expected: list[AmountView]
    """What it should hold now; nothing once it is closed."""
    missing: list[AmountView]
    """By how much less was counted, below nothing where more was; what came late and explains it is taken off."""

    @classmethod
    def of_state(cls, state: DrawerState) -> "DrawerStateView":
        """Show a drawer and what it should hold."""
        return cls(
            **DrawerView.of(state.drawer).model_dump(),
            expected=_money(state.expected_minor),
            missing=_money(state.missing_minor),
        )


class LedgerEntryView(BaseModel):
    """One entry, and where it came from."""

    entry_id: UUID
    office: str
    sequence: int
    kind: str
    cause_kind: str
    """What it was made for: a command, a scan, an event, a record of a device."""
    cause_id: str
    recorded_by: str
    device: str | None
    occurred_at: datetime
    recorded_at: datetime
    drawer_id: UUID | None
    item_numbers: list[str]
    riel_per_usd: int | None
    corrects: UUID | None
    flags: list[str]
    postings: list[PostingView]
    words_sha256: str | None
    previous_sha256: str
    sha256: str

    @classmethod
    def of(cls, entry: Entry) -> "LedgerEntryView":
        """Show an entry."""
        return cls(**fields_of(entry))


class EntryStoryView(LedgerEntryView):
    """One entry, and what stands around it."""

    explanation: str | None
    corrected_by: UUID | None
    """The entry that corrects it."""
    seen_at: datetime | None

    @classmethod
    def of_story(cls, story: EntryStory) -> "EntryStoryView":
        """Show an entry with its story."""
        return cls(
            **fields_of(story.entry),
            explanation=story.explanation,
            corrected_by=story.corrected_by,
            seen_at=story.seen_at,
        )


class ClosingSheetView(BaseModel):
    """A drawer's closing; `sequence` and `sha256` are to be printed: the ledger went as far as that."""

    drawer: DrawerStateView
    closing: LedgerEntryView
    explanation: str | None
    sequence: int
    sha256: str

    @classmethod
    def of(cls, sheet: ClosingSheet) -> "ClosingSheetView":
        """Show the sheet of a closing."""
        return cls(
            drawer=DrawerStateView.of_state(sheet.state),
            closing=LedgerEntryView.of(sheet.closing),
            explanation=sheet.explanation,
            sequence=sheet.closing.sequence,
            sha256=sheet.closing.sha256.hex(),
        )


class MovedView(PostingView):
    """What entries of one kind added to an account."""

    kind: str


class DaySheetView(BaseModel):
    """An office's day."""

    office: str
    day: date
    moved: list[MovedView]
    drawers: list[DrawerStateView]
    sequence: int
    sha256: str | None

    @classmethod
    def of(cls, sheet: DaySheet) -> "DaySheetView":
        """Show the sheet of a day."""
        return cls(
            office=sheet.office,
            day=sheet.day,
            moved=[
                MovedView(kind=kind, **PostingView.model_validate(posting).model_dump())
                for kind, posting in sheet.moved
            ],
            drawers=[DrawerStateView.of_state(state) for state in sheet.drawers],
            sequence=sheet.sequence,
            sha256=sheet.sha256.hex() if sheet.sha256 else None,
        )


class TransferView(View):
    """Cash that one office sent another."""

    transfer_id: UUID
    from_office: str
    to_office: str
    sent: list[AmountView]
    sent_at: datetime
    sent_by: str
    received: list[AmountView] | None
    received_at: datetime | None
    received_by: str | None

    @classmethod
    def of(cls, transfer: Transfer) -> "TransferView":
        """Show a transfer."""
        return cls.model_validate(transfer)


class PiecesView(View):
    """How many of an article there are, and what it costs today."""

    article: str
    pieces: int
    name_km: str | None
    name_en: str | None
    price_riel: int | None
    """None of an article that is sold no more."""


def fields_of(entry: Entry) -> dict[str, Any]:
    """Return what is shown of an entry, by name."""
    return {
        "entry_id": entry.entry_id,
        "office": entry.office,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "cause_kind": entry.cause.kind,
        "cause_id": entry.cause.id,
        "recorded_by": entry.recorded_by,
        "device": entry.device,
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "drawer_id": entry.drawer_id,
        "item_numbers": list(entry.item_numbers),
        "riel_per_usd": entry.riel_per_usd,
        "corrects": entry.corrects,
        "flags": list(entry.flags),
        "postings": [PostingView.model_validate(posting) for posting in entry.postings],
        "words_sha256": entry.words_sha256.hex() if entry.words_sha256 else None,
        "previous_sha256": entry.previous_sha256.hex(),
        "sha256": entry.sha256.hex(),
    }


def _money(amounts_minor: dict[str, int]) -> list[AmountView]:
    return [
        AmountView(amount_minor=amounts_minor[currency], currency=currency)
        for currency in CURRENCIES
        if currency in amounts_minor
    ]
