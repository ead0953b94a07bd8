"""A counter accepts an announced parcel: it is registered, priced as any other, and put into its sitting."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.parcel.drafts.domain.draft import DraftNotFound, DraftState
from services.parcel.drafts.domain.sitting import SittingNotFound
from services.parcel.drafts.store import drafts, sittings
from services.parcel.drafts.use_cases.judge_acceptance import Acceptance, Pricing, judge_acceptance
from services.parcel.idempotency.use_cases.answer_once import earlier_answer
from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.use_cases.register_parcels import Answer, Asked, register_parcels
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.errors import PostError
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber


@dataclass(frozen=True, slots=True)
class AskedUnder:
    """The key of a request, what tells another request under it apart, and its trace."""

    key: str
    body_sha256: bytes
    traceparent: str


async def accept_draft(
    tx: Tx,
    outbox: Outbox,
    actor: Actor,
    acceptance: Acceptance,
    under: AskedUnder,
    item_number: ItemNumber,
    pricing: Pricing,
    answer: Answer,
    now: datetime,
) -> bytes:
    """Register an announced parcel under a number and close its draft; returns the answer, the same for the same key.

    Holds the sitting, then the draft, so that of two scans of one parcel the second finds it accepted.

    Raises: KeyReused, KeyInFlight, AnswerForgotten, and what judging it raises.
    """
    if await sittings.lock(tx, acceptance.sitting_id) is None:
        raise SittingNotFound
    earlier = await earlier_answer(tx, actor.id, under.key, under.body_sha256)
    if earlier is not None:
        return _told(earlier)
    draft_id = (await judge_acceptance(tx, actor, acceptance, pricing)).draft.draft_id
    if await drafts.lock(tx, draft_id) is None:
        raise DraftNotFound
    # Judged once more, now that nobody else can change it: by its id, for its number may be another's since.
    judged = await judge_acceptance(tx, actor, replace(acceptance, draft=draft_id), pricing)
    asked = Asked(
        caller=actor.id,
        key=under.key,
        command=judged.command,
        postage=judged.postage,
        body_sha256=under.body_sha256,
        item_number=item_number,
        registered_by=actor.id,
        traceparent=under.traceparent,
    )
    (made,) = await register_parcels(tx, outbox, [asked], answer, now)
    await drafts.close(tx, draft_id, DraftState.ACCEPTED, now, str(item_number))
    await sittings.add_item(tx, acceptance.sitting_id, str(item_number), draft_id)
    await note_read(tx, actor, "acceptance", [str(item_number)])
    return _told(made)


def _told(answer: bytes | PostError) -> bytes:
    if isinstance(answer, PostError):
        raise answer
    return answer
