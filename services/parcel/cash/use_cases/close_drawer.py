"""A clerk counts what is in the drawer, says why it is not what was expected, and puts it into the safe."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.domain.counting import Count, must_be_counts
from services.parcel.cash.domain.drawer import Drawer, closing_postings
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.store import balances, drawers
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.hold_drawer import hold_drawer
from services.parcel.cash.use_cases.tell_head import tell_head
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid
from shared.messaging.outbox import Outbox


async def close_drawer(
    tx: Tx,
    outbox: Outbox,
    actor: Actor,
    drawer_id: UUID,
    counted: tuple[Count, ...],
    explanation: str | None,
    now: datetime,
) -> Drawer:
    """Close a drawer with what was counted; a difference is booked as one, and tell where the ledger ends now.

    Raises: DrawerNotFound, DrawerClosed, Invalid.
    """
    drawer = await hold_drawer(tx, actor, drawer_id)
    drawer.must_be_open()
    must_be_counts(counted)
    expected_minor = await balances.of_account(tx, drawer.office, Account.DRAWER, drawer.holder)
    postings = closing_postings(drawer.holder, expected_minor, counted)
    if explanation is None and any(posting.account == Account.DIFFERENCES for posting in postings):
        message = "Count again; if it stays so, say what you know of it, or that you do not know why."
        raise Invalid([FieldProblem("explanation", "difference-unexplained", message)])
    cause = Cause("drawer-closed", drawer.holder)
    draft = Draft(
        drawer.office,
        Kind.CLOSING,
        postings,
        cause,
        actor.id,
        now,
        now,
        drawer.device,
        drawer.drawer_id,
        words=explanation,
    )
    (entered,) = await enter(tx, [draft])
    closed = replace(
        drawer, closed_at=now, closed_by=actor.id, counted=counted, closing_entry_id=entered.entry.entry_id
    )
    await drawers.close(tx, closed)
    await tell_head(tx, outbox, drawer.office)
    return closed
