"""What a customer paid for a sitting goes into the ledger: one entry, of which the sitting is the cause."""

from datetime import datetime

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.domain.entry import Cause
from services.parcel.cash.domain.payment import Due
from services.parcel.cash.use_cases.charge_dues import charge_dues
from services.parcel.cash.use_cases.take_payment import take_payment
from services.parcel.drafts.domain.sitting import PaymentMethod, SittingPayment, Statement
from services.parcel.posting.use_cases.take_parcel_payment import POSTAGE
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx


async def book_sitting(tx: Tx, actor: Actor, stated: Statement, payment: SittingPayment, now: datetime) -> None:
    """Book the postage of a sitting's parcels: cash into a drawer of its office, by code, or on its shop's bill.

    Raises: DrawerNotFound, DrawerClosed, RateNotFound, AlreadyPaid, Invalid.
    """
    sitting = stated.sitting
    dues = [
        Due(Account.POSTAGE, Amount(line.paid_riel, "KHR"), "", line.parcel.item_number, POSTAGE)
        for line in stated.lines
        if line.paid_riel
    ]
    if not dues:
        return
    cause = Cause("sitting", str(sitting.sitting_id))
    match payment.method:
        case PaymentMethod.CASH:
            drawer_id, given = payment.must_name_drawer()
            await take_payment(tx, actor, drawer_id, dues, (), given, now, cause=cause, office=sitting.office)
        case PaymentMethod.KHQR:
            await charge_dues(tx, actor, sitting.office, dues, (Account.KHQR, cause.id), cause, now)
        case PaymentMethod.ACCOUNT:
            trader_id = sitting.must_be_of_shop()
            await charge_dues(tx, actor, sitting.office, dues, (Account.BILLED, str(trader_id)), cause, now)
