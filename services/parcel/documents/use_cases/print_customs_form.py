"""Staff and shops print the customs form that the declaration of an item asks for."""

from datetime import datetime

from services.parcel.customs.domain.customs_form import CustomsForm
from services.parcel.customs.use_cases.find_declaration import find_declaration
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.parcel_papers import customs_form_of, customs_paper_of
from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.domain.void_mark import void_since
from services.parcel.documents.use_cases.note_print import note_print
from services.parcel.posting.use_cases.find_parcel import find_parcel
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from shared.access.roles import Actor
from shared.db.connection import Tx


async def print_customs_form(
    tx: Tx, actor: Actor, item_number: str, imprint: Imprint, now: datetime
) -> tuple[CustomsForm, CustomsPaper]:
    """Return the form of an item that the actor may see and what it says, and note that it is printed.

    Raises: ParcelNotFound, DeclarationNotFound, PeopleForgotten, JourneyEnded.
    """
    parcel = await find_parcel(tx, actor, item_number)
    declared = await find_declaration(tx, item_number)
    void_at = void_since(parcel, await find_refunds(tx, item_number))
    paper = customs_paper_of(parcel, declared, imprint, void_at)
    await note_print(tx, actor, item_number, Kind.CUSTOMS_FORM, now)
    return customs_form_of(parcel, declared), paper
