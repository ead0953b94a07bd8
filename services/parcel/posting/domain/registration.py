"""What a counter asks for when it registers a parcel, and whether it can be granted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postal_services import limit_problems
from shared.contracts.parcel import Service
from shared.errors import FieldProblem, Invalid


@dataclass(frozen=True, slots=True)
class RegisterParcel:
    """One parcel to register; sizes are known for some only."""

    office: str
    service: Service
    destination_country: str
    collecting_office: str | None
    weight_g: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    sender: Person
    recipient: Person
    order_reference: str | None
    trader: str | None = None

    def parcel(self, item_number: str, link_secret: str, registered_by: str, registered_at: datetime) -> Parcel:
        """Return the parcel that is asked for, as it is when it gets its number."""
        return Parcel(
            item_number=item_number,
            office=self.office,
            service=self.service,
            destination_country=self.destination_country,
            collecting_office=self.collecting_office,
            weight_g=self.weight_g,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            sender=self.sender,
            recipient=self.recipient,
            order_reference=self.order_reference,
            link_secret=link_secret,
            registered_by=registered_by,
            registered_at=registered_at,
            trader=self.trader,
        )

    def must_be_acceptable(self, offices: Collection[str], traders: Collection[str]) -> None:
        """Check limits, places and the shop against the offices and shops there are.

        Raises: Invalid, with every problem found.
        """
        sides_mm = tuple(side for side in (self.length_mm, self.width_mm, self.height_mm) if side)
        problems = limit_problems(self.service, self.weight_g, sides_mm)
        if self.office not in offices:
            problems.append(FieldProblem("office", "unknown-office", "There is no office of this code."))
        if self.destination_country != DOMESTIC and self.collecting_office:
            message = "Leave it out for a parcel that goes abroad."
            problems.append(FieldProblem("collecting_office", "not-domestic", message))
        if self.destination_country == DOMESTIC and self.collecting_office not in offices:
            message = "A domestic parcel needs the code of the office where it will wait."
            problems.append(FieldProblem("collecting_office", "unknown-office", message))
        if self.trader is not None and self.trader not in traders:
            problems.append(FieldProblem("trader", "unknown-trader", "There is no shop of this id that may send."))
        if problems:
            raise Invalid(problems)
