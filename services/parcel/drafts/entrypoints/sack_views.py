"""A sack as HTTP shows it."""

from collections.abc import Sequence

from services.parcel.drafts.domain.draft import Draft
from services.parcel.drafts.domain.sack import Sack
from services.parcel.drafts.entrypoints.draft_bodies import InSackView, SackView


def sack_view(sack: Sack, inside: Sequence[Draft]) -> SackView:
    """Show a sack and what is in it."""
    return SackView(
        sack_id=sack.sack_id,
        trader_id=sack.trader_id,
        office=sack.office,
        label=sack.label,
        code=sack.code,
        made_at=sack.made_at,
        drafts=[InSackView.model_validate(draft) for draft in inside],
    )
