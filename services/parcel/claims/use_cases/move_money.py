"""Money of a claim goes out of a drawer or the bank, or comes back; booked once for its cause."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting, added_up
from services.parcel.cash.domain.drawer import Drawer, DrawerNotFound, must_hold
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.find_drawer import state_of
from services.parcel.cash.use_cases.hold_drawer import hold_drawer
from services.parcel.claims.domain.claim import Claim, Method, Worth
from shared.access.roles import Actor, Role
from shared.db.connection import Tx
from shared.errors import FieldProblem, Forbidden, Invalid


class BankIsAdministrators(Forbidden):
    """What a bank pays or gets is noted by an administrator; pay out of a drawer instead."""

    slug = "bank-is-administrators"


@dataclass(frozen=True, slots=True)
class Way:
    """How money goes: by bank, or by a drawer of the claim's office.

    Raises: Invalid.
    """

    method: Method
    drawer_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.method == "cash") is not (self.drawer_id is not None):
            raise Invalid(
                [FieldProblem("drawer_id", "which-drawer", "Name a drawer where cash is paid, and only there.")]
            )


async def move_money(tx: Tx, actor: Actor, claim: Claim, worth: Worth, way: Way, kind: Kind, now: datetime) -> Entry:
    """Book what a claim is worth as paid, or as given back; holds the ledger of its office.

    Raises: BankIsAdministrators, DrawerNotFound, DrawerClosed, NotEnoughCash.
    """
    drawer = await _drawer(tx, actor, claim, way)
    sign = 1 if kind is Kind.CLAIM_PAID else -1
    if drawer and sign > 0:
        must_hold((await state_of(tx, drawer)).expected_minor, {worth.currency: worth.amount_minor})
    account, holder = (Account.DRAWER, drawer.holder) if drawer else (Account.BANK, "")
    postings = added_up(
        [
            Posting(Account.COMPENSATION, sign * worth.content_minor, worth.currency, str(claim.claim_id)),
            Posting(Account.POSTAGE, sign * worth.postage_minor, worth.currency),
            Posting(account, -sign * worth.amount_minor, worth.currency, holder),
        ]
    )
    draft = Draft(
        claim.office,
        kind,
        postings,
        Cause("claim" if sign > 0 else "claim-recovery", str(claim.claim_id)),
        actor.id,
        now,
        now,
        drawer.device if drawer else None,
        drawer.drawer_id if drawer else None,
        (claim.item_number,),
        worth.riel_per_usd,
    )
    (entered,) = await enter(tx, [draft])
    return entered.entry


async def _drawer(tx: Tx, actor: Actor, claim: Claim, way: Way) -> Drawer | None:
    if way.drawer_id is None:
        if actor.role is not Role.ADMINISTRATOR:
            raise BankIsAdministrators
        return None
    drawer = await hold_drawer(tx, actor, way.drawer_id)
    if drawer.office != claim.office:
        raise DrawerNotFound
    drawer.must_be_open()
    return drawer
