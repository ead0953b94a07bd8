"""People of earlier parcels over HTTP: found by phone."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.forms import AnyStaff, Phone, Serving, View
from services.parcel.posting.entrypoints.bodies import PersonView
from services.parcel.posting.use_cases.find_parties import find_parties

router = APIRouter(tags=["parcels"])


class PartiesView(View):
    """A sender and a recipient, as they were last written."""

    sender: PersonView
    recipient: PersonView


@router.get("/parties")
async def look_up(
    phone: Phone,
    actor: AnyStaff,
    service: Serving,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> list[PartiesView]:
    """Find both parties of what a phone stands on, the newest first, within your office.

    Parcels, and items from abroad by their addressee; of a sender abroad the name alone is known.
    """
    wanted = e164_of(phone, DOMESTIC, "phone")
    async with service.database.connection() as connection:
        pairs = await find_parties(connection, actor, wanted, limit)
    return [PartiesView.model_validate({"sender": one, "recipient": other}) for one, other in pairs]
