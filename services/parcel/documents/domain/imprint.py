"""What papers say of the post itself: where its parcels are followed, whom to ask, what its offices are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.parcel.documents.domain.parties import Office
from shared.contracts.directory import OfficeV1


@dataclass(frozen=True, slots=True)
class Imprint:
    """The post as papers name it."""

    public_url: str
    """Without a slash at its end."""
    ask_phone: str | None
    """Whom to ask, as it is dialled; None where nobody is named."""
    offices: Mapping[str, OfficeV1] = field(default_factory=dict)

    def tracking_link(self, item_number: str) -> str:
        """Return tracking's page of a parcel; the number alone shows no person."""
        return f"{self.public_url}/tracking/items/{item_number}"

    def office(self, code: str) -> Office:
        """Return an office, by its code alone if the directory does not have it."""
        known = self.offices.get(code)
        return Office(code, known.name_km, known.name_en) if known else Office(code, code, code)
