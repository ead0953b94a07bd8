"""Somebody without a shop announces one parcel, and is told its number and nothing else."""

from services.parcel.drafts.domain.announced import Announced
from services.parcel.drafts.domain.draft import Draft
from services.parcel.drafts.store import drafts
from services.parcel.drafts.use_cases.announce_drafts import Announcing, announce_drafts
from shared.db.connection import Tx
from shared.errors import Throttled

MOST_OPEN = 500
"""At one office: whoever comes from many addresses fills no more than that, and shops never wait for it."""
COME_AGAIN_AFTER_S = 3600


class TooManyAnnounced(Throttled):
    """This office has as many announced parcels of visitors as it can keep; come to the counter without one."""

    slug = "too-many-announced"


async def announce_as_visitor(tx: Tx, announcing: Announcing, parcel: Announced) -> Draft:
    """Keep the draft of a visitor.

    Raises: TooManyAnnounced.
    """
    if await drafts.count_of_visitors(tx, announcing.office, MOST_OPEN) >= MOST_OPEN:
        raise TooManyAnnounced(retry_after_s=COME_AGAIN_AFTER_S)
    (outcome,) = await announce_drafts(tx, announcing, [parcel])
    return outcome.draft
