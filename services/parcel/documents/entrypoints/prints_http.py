"""What was printed of a parcel over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, TypeAdapter

from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.use_cases.find_prints import find_prints
from services.parcel.forms import Serving, View
from services.parcel.pages import LARGEST_PAGE, LINKED, Instant, Limit, Paged, Serial, Word
from shared.access.roles import Actor, Role
from shared.s10 import ItemNumber
from shared.web.access import actor_with

router = APIRouter(prefix="/parcels", tags=["documents"])

SupervisingOrAuditing = Annotated[
    Actor, Depends(actor_with(Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR))
]
LAST = TypeAdapter(tuple[Instant, Word, Serial])


class PrintView(View):
    """One paper that was printed."""

    kind: Kind
    print_no: int
    """1 for the first of its kind; what follows are reprints."""
    printed_by: str
    office: str | None
    printed_at: AwareDatetime


@router.get("/{item_number}/prints", responses=LINKED)
async def show_prints(
    item_number: str, actor: SupervisingOrAuditing, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[PrintView]:
    """Show which papers of a parcel were printed, by whom and how often, the last first."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        prints = await find_prints(connection, actor, number, page.after(LAST), limit)
    return page.show(
        prints, PrintView.model_validate, LAST, lambda one: (one.printed_at, one.kind.value, one.print_no), limit
    )
