"""Requests and answers about money collected for senders."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.parcel.cash.entrypoints.bodies import NumberText
from services.parcel.cod.domain.payout import Batch, Method, Payout
from services.parcel.cod.domain.statement import Statement
from services.parcel.cod.use_cases.add_up_cod import AddedUp
from services.parcel.forms import Body, Text, View
from services.parcel.pricing.domain.money import Currency

CarrierCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9/_.-]{0,39}$")]


class ProposalBody(Body):
    """Which payouts to propose."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"method": "bank", "currency": "KHR"}]})

    method: Method
    currency: Currency


class BatchDecisionBody(Body):
    """What becomes of a batch."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "approved"}]})

    decision: Literal["approved", "rejected"]


class PaidBody(Body):
    """That a bank did what a batch asks for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lateness": "The bank was closed."}]})

    lateness: Text | None = None
    """Needed where a payout comes after the day that was promised."""


class CashPayoutBody(Body):
    """A payout that a sender fetches."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"drawer_id": "01a22f17-10c6-75dc-976e-a143d825f330", "code": "012345"}]}
    )

    drawer_id: UUID
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    lateness: Text | None = None


class RemittanceBody(Body):
    """What a carrier passed on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"carrier": "JNT", "reference": "R-1130", "item_numbers": ["PD123456785KH"]}]}
    )

    carrier: CarrierCode
    reference: Reference
    item_numbers: Annotated[list[NumberText], Field(min_length=1, max_length=5_000)]


class StatementBody(Body):
    """A bank's statement as a table."""

    model_config = ConfigDict(
        str_max_length=5_000_000,
        json_schema_extra={
            "examples": [
                {
                    "statement": "reference,date,bill_number,amount,currency\r\n"
                    "FT26334001,2026-11-30,PD123456785KH,52000,KHR\r\n"
                }
            ]
        },
    )

    statement: Annotated[str, Field(min_length=1)]
    """CSV whose first row names: reference, date, bill_number, amount, currency."""


class RemittedView(View):
    """A remittance that was booked."""

    carrier: str
    reference: str
    items: int


class BatchView(View):
    """A batch of payouts."""

    batch_id: UUID
    method: Method
    currency: Currency
    state: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    rejected_at: datetime | None
    paid_at: datetime | None


class PayoutView(View):
    """What one sender gets."""

    payout_id: UUID
    batch_id: UUID
    holder: str
    """The shop, or the item of a sender without one."""
    office: str
    amount_minor: int
    currency: Currency
    items: int
    promised_on: date
    paid_at: datetime | None
    late: bool | None


class BatchWithPayoutsView(BatchView):
    """A batch and its payouts."""

    payouts: list[PayoutView]

    @classmethod
    def of(cls, batch: Batch, payouts: list[Payout]) -> "BatchWithPayoutsView":
        """Show a batch with its payouts."""
        shown = [PayoutView.model_validate(one) for one in payouts]
        return cls(**BatchView.model_validate(batch).model_dump(), payouts=shown)


class CodItemView(View):
    """What was collected for the sender of one item, and where it is."""

    item_number: str
    amount_minor: int
    currency: Currency
    kept_minor: int
    """Postage that was kept back."""
    net_minor: int
    method: str
    collecting_office: str
    collected_at: datetime
    ready_at: datetime | None
    """When it was with the post."""
    promised_on: date | None
    payout_id: UUID | None
    paid_at: datetime | None


class OwedView(CodItemView):
    """What a carrier or a bank has of it still."""

    carrier: str | None


class SumsView(View):
    """Sums of one currency: collected is paid, held and owed together."""

    currency: Currency
    collected_minor: int
    paid_minor: int
    held_minor: int
    owed_minor: int


class TotalsView(SumsView):
    """Sums of the whole post, and whether the ledger says the same."""

    ledger_minor: int
    """Held and owed by the ledger."""
    agrees: bool

    @classmethod
    def of(cls, added_up: AddedUp) -> "TotalsView":
        """Show sums beside the ledger."""
        return cls(
            **SumsView.model_validate(added_up.sums).model_dump(),
            ledger_minor=added_up.ledger_minor,
            agrees=added_up.agrees,
        )


class OwnPayoutView(PayoutView):
    """A payout as its shop sees it."""

    code: str | None
    """Against which cash is paid; shown to the shop alone."""
    lateness: str | None


class StatementView(View):
    """What became of the money of one shop."""

    items: list[CodItemView]
    payouts: list[OwnPayoutView]
    sums: list[SumsView]

    @classmethod
    def of(cls, statement: Statement, *, is_own: bool) -> "StatementView":
        """Show a statement; codes of payouts to the shop itself alone."""
        shown = cls.model_validate(statement)
        if is_own:
            return shown
        return shown.model_copy(update={"payouts": [one.model_copy(update={"code": None}) for one in shown.payouts]})


class KhqrView(View):
    """A code that a recipient pays by."""

    item_number: str
    payload: str
    """The text that is drawn as a QR code."""
    amount_minor: int
    currency: Currency
    shown_at: datetime
    matched_at: datetime | None
    """When a bank's statement showed the payment; until then it is shown, and no more."""


class TroubleView(View):
    """A line of a statement that is no code's."""

    reference: str
    trouble: str


class ImportedView(View):
    """What came of a bank's statement."""

    lines: int
    new: int
    matched: list[str]
    troubles: list[TroubleView]
