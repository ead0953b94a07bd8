"""A counter shows a recipient a code to pay by; it stays shown until a bank's statement says that it was paid."""

from datetime import datetime

from services.parcel.cod.domain.khqr import NoKhqrAccount, NothingDue, PostAccount, khqr
from services.parcel.cod.store import cod_items, khqr_codes
from services.parcel.cod.store.khqr_codes import Shown
from services.parcel.posting.domain.money_due import MoneyDue, money_due
from services.parcel.posting.use_cases.find_parcel import find_parcel
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx


async def show_khqr(tx: Tx, actor: Actor, post: PostAccount | None, item_number: str, now: datetime) -> Shown:
    """Return the code of a parcel that the actor may see; shown again it is the same.

    Raises: ParcelNotFound, NoKhqrAccount, NothingDue.
    """
    due = money_due(await find_parcel(tx, actor, item_number))
    if post is None:
        raise NoKhqrAccount
    if due.cod is None or await cod_items.find(tx, [item_number]):
        raise NothingDue
    amount = _whole(due, due.cod)
    code = Shown(item_number, khqr(post, item_number, amount, now), amount.amount_minor, amount.currency, now, actor.id)
    return await khqr_codes.show(tx, code)


def _whole(due: MoneyDue, cod: Amount) -> Amount:
    """Return what is paid by the code: postage that the recipient pays too where it is in the same currency."""
    more = due.postage_riel if cod.currency == "KHR" else 0
    return Amount(cod.amount_minor + more, cod.currency)
