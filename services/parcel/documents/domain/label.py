"""What an address label says."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.documents.domain.amounts import Amount
from services.parcel.documents.domain.parties import Office, Party
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.posting.domain.postal_services import indicators_on
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.parcel import Service
from shared.s10 import ItemNumber

MARKS: dict[Service, str] = {"registered_letter": "R", "ems": "EMS", "parcel": "CP", "small_packet": "SP"}
"""What staff sort by at a glance; R and EMS are the UPU's, CP names its parcels, SP is ours."""
ADVICE_MARK = "AR"
"""What the UPU's items bear whose sender is owed a signed advice of receipt."""


def mark_of(indicator: str, on: date) -> str:
    """Return what staff sort items of an indicator by: its letters at home, where one stands for every service.

    Raises: NoIndicatorsInForce.
    """
    service = indicators_on(on).service_of(indicator)
    return MARKS[service] if service else indicator


class LabelFormat(StrEnum):
    """Stock that labels come on."""

    A6 = "a6"
    MM_100_150 = "100x150"


@dataclass(frozen=True, slots=True)
class Label:
    """One label; a domestic parcel names the office where it will wait."""

    item_number: ItemNumber
    service: Service
    tracking_link: str
    sender: Party
    recipient: Party
    weight_g: int
    posted_at: datetime
    office_of_posting: Office
    collecting_office: Office | None = None
    postage_to_collect: Amount | None = None
    """None where the sender paid, or where it is kept back from the cash on delivery."""
    cash_on_delivery: Amount | None = None
    insured_value: Amount | None = None
    order_reference: str | None = None
    options: tuple[Option, ...] = ()
    if_undeliverable: IfUndeliverable = IfUndeliverable.RETURN
    redirect_to: str | None = None
    void_at: datetime | None = None

    @property
    def mark(self) -> str:
        """Return what staff sort it by: a registered item's whatever its service."""
        return MARKS["registered_letter"] if Option.REGISTERED in self.options else MARKS[self.service]

    @property
    def goes_abroad(self) -> bool:
        """Tell whether it leaves the country."""
        return self.recipient.country != DOMESTIC

    @property
    def bears_instruction(self) -> bool:
        """Tell whether it says what becomes of it if undeliverable: without a word it comes back, as UPU rules say.

        No CP 72 goes with a CN 22, so the label is all that the post of destination has of it.
        """
        return self.if_undeliverable is not IfUndeliverable.RETURN
