"""What the HTTP side takes and gives: sittings, acceptances, payments."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.parcel.cash.domain.payment import Given
from services.parcel.cash.entrypoints.bodies import amounts_of
from services.parcel.drafts.domain.announced import Weighed
from services.parcel.drafts.domain.short_number import read_short_number
from services.parcel.drafts.domain.sitting import Line, PaymentMethod, SittingPayment, Statement
from services.parcel.drafts.use_cases.judge_acceptance import Acceptance
from services.parcel.forms import Body, OfficeCode, Text
from services.parcel.posting.entrypoints.bodies import SideMm
from services.parcel.pricing.domain.limits import Shape, across
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.entrypoints.price_views import AmountBody
from shared.contracts.states import CustomerState
from shared.errors import FieldProblem, Invalid


class SittingBody(Body):
    """A customer who comes with announced parcels."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"office": "TK01A", "fits_limits": True}]})

    office: OfficeCode | None = None
    """Yours if left out."""
    trader: UUID | None = None
    """The shop whose parcels they are; left out for somebody without one."""
    fits_limits: bool = False
    """You see that all of them are within the limits of size, so that none has to be measured."""


class AcceptanceBody(Body):
    """One parcel on the scales."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": "1000-8", "weight_g": 1250}]})

    number: Text | None = None
    """As it is written on the parcel."""
    draft_id: UUID | None = None
    """In place of the number, as a sack or a list gives it."""
    weight_g: Annotated[int, Field(ge=1, le=100_000)]
    length_mm: SideMm | None = None
    width_mm: SideMm | None = None
    height_mm: SideMm | None = None
    shape: Shape = "box"
    fits_limits: bool = False
    """As the sitting says, if left out."""
    confirm: bool = False
    """You asked the sender about what differs from what was announced."""
    item_number: Text | None = None
    """The number of a sticker of your office that is on the parcel; the next number is given if left out."""

    def acceptance(self, sitting_id: UUID) -> Acceptance:
        """Return what is to be accepted.

        Raises: Invalid.
        """
        width_mm, height_mm = across(self.shape, self.width_mm, self.height_mm)
        weighed = Weighed(self.weight_g, self.length_mm, width_mm, height_mm, self.shape, self.fits_limits)
        return Acceptance(sitting_id, self._draft(), weighed, self.confirm)

    def _draft(self) -> UUID | int:
        if self.number is not None and self.draft_id is None:
            return read_short_number(self.number)
        if self.draft_id is None or self.number is not None:
            message = "Give the number that is written on the parcel, or the id of the draft, and not both."
            raise Invalid([FieldProblem("number", "missing" if self.number is None else "named-twice", message)])
        return self.draft_id


class SittingPaymentBody(Body):
    """How a sitting is paid, the total that the customer was told, and for cash the drawer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"method": "cash", "total_riel": 0}]})

    method: PaymentMethod
    total_riel: Annotated[int, Field(ge=0, le=10**12)]
    drawer_id: UUID | None = None
    """That the cash goes into; needed for cash, unless the total is nothing."""
    received: Annotated[tuple[AmountBody, ...], Field(max_length=10)] = ()
    """Cash in riel and dollars; exactly the total in riel if left out."""
    change: Annotated[tuple[AmountBody, ...], Field(max_length=10)] = ()

    def payment(self) -> SittingPayment:
        """Return the payment.

        Raises: Invalid.
        """
        taken = {"drawer_id": self.drawer_id, "received": self.received, "change": self.change}
        if self.method is not PaymentMethod.CASH and (named := [name for name, value in taken.items() if value]):
            raise Invalid([FieldProblem(name, "not-used", "This is for cash alone; leave it out.") for name in named])
        if self.change and not self.received:
            raise Invalid([FieldProblem("received", "missing", "Say what was given, as some of it went back.")])
        given = Given(amounts_of(self.received), amounts_of(self.change)) if self.received else None
        return SittingPayment(self.method, self.total_riel, self.drawer_id, given)


class SittingLineView(BaseModel):
    """One parcel of a sitting."""

    item_number: str
    item_number_grouped: str
    collecting_office: str | None
    weight_g: int
    state: CustomerState
    payer: Payer | None
    price_riel: int
    """The whole price, whoever pays it."""
    paid_riel: int
    """What of it is paid at the counter now."""

    @classmethod
    def of(cls, line: Line) -> "SittingLineView":
        """Show a line."""
        parcel, postage = line.parcel, line.parcel.postage
        return cls(
            item_number=parcel.item_number,
            item_number_grouped=parcel.item_number_grouped,
            collecting_office=parcel.collecting_office,
            weight_g=parcel.weight_g,
            state=parcel.state,
            payer=postage.payer if postage else None,
            price_riel=postage.price.total_riel if postage else 0,
            paid_riel=line.paid_riel,
        )


class SittingView(BaseModel):
    """A sitting, what it comes to, and whether it is paid."""

    sitting_id: UUID
    office: str
    trader: UUID | None
    fits_limits: bool
    opened_at: AwareDatetime
    lines: list[SittingLineView]
    total_riel: int
    """What the customer pays now; what recipients pay, or is kept back from COD, is not in it."""
    total_usd_cents: int | None
    """None until somebody sets a rate."""
    paid_at: AwareDatetime | None
    method: PaymentMethod | None

    @classmethod
    def of(cls, stated: Statement) -> "SittingView":
        """Show a sitting."""
        sitting = stated.sitting
        return cls(
            sitting_id=sitting.sitting_id,
            office=sitting.office,
            trader=sitting.trader_id,
            fits_limits=sitting.fits_limits,
            opened_at=sitting.opened_at,
            lines=[SittingLineView.of(line) for line in stated.lines],
            total_riel=stated.total_riel,
            total_usd_cents=stated.total_usd_cents,
            paid_at=sitting.paid_at,
            method=sitting.method,
        )
