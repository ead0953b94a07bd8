"""A bank says which codes were paid: each is matched once, however often a statement is imported."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.domain.payment import Given, payment_postings
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.hold_ledgers import hold_ledgers
from services.parcel.cod.domain.bank_statement import BankLine
from services.parcel.cod.domain.collection import CodItem, dues_of
from services.parcel.cod.domain.promise import promised_on
from services.parcel.cod.store import cod_items, khqr_codes
from services.parcel.cod.store.khqr_codes import Shown
from services.parcel.cod.use_cases.book_hand_overs import booked, collected
from services.parcel.posting.domain.money_due import MoneyDue
from services.parcel.posting.use_cases.find_money_due import find_money_due
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


@dataclass(slots=True)
class Imported:
    """What came of a statement."""

    lines: int
    new: int = 0
    matched: list[str] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    """References of lines that are no code's, each with the reason."""


async def import_bank_statement(
    tx: Tx, outbox: Outbox, actor: Actor, lines: Sequence[BankLine], now: datetime
) -> Imported:
    """Match the lines that are new with the codes that were shown, and book what the bank took in."""
    imported = Imported(len(lines))
    fresh = await khqr_codes.add_lines(tx, lines, now)
    new = list({line.reference: line for line in lines if line.reference in fresh}.values())
    imported.new = len(new)
    numbers = sorted({line.bill_number for line in new})
    shown, dues = await khqr_codes.hold(tx, numbers), await find_money_due(tx, numbers)
    items = await cod_items.find(tx, numbers)
    await hold_ledgers(tx, [_office(dues[number], items.get(number)) for number in dues])
    for line in new:
        code, due = shown.get(line.bill_number), dues.get(line.bill_number)
        if code is None or due is None or (trouble := _trouble(line, code, items.get(line.bill_number))):
            imported.troubles.append((line.reference, "no-code" if code is None or due is None else trouble or ""))
            continue
        shown[line.bill_number] = await _match(tx, outbox, actor, line, code, due, items.get(line.bill_number), now)
        imported.matched.append(line.bill_number)
    await khqr_codes.note_trouble(tx, imported.troubles)
    return imported


def _trouble(line: BankLine, code: Shown, item: CodItem | None) -> str | None:
    if code.matched_at:
        return "paid-twice"
    if (line.amount_minor, line.currency) != (code.amount_minor, code.currency):
        return "other-amount"
    return "paid-otherwise" if item and item.method != "khqr" else None


def _office(due: MoneyDue, item: CodItem | None) -> str:
    return item.collecting_office if item else due.collecting_office or due.office


async def _match(
    tx: Tx,
    outbox: Outbox,
    actor: Actor,
    line: BankLine,
    code: Shown,
    due: MoneyDue,
    item: CodItem | None,
    now: datetime,
) -> Shown:
    """Book a payment: of an item that was handed over for it, or ahead of that."""
    office = _office(due, item)
    amount = Amount(line.amount_minor, line.currency)
    if item:
        postings: tuple[Posting, ...] = (
            Posting(Account.BANK, amount.amount_minor, amount.currency),
            Posting(Account.KHQR, -amount.amount_minor, amount.currency, item.item_number),
        )
    else:
        postings = payment_postings(dues_of(due), Given((amount,)), Account.BANK, "", None)
    kind = Kind.KHQR_MATCHED if item else Kind.COD_COLLECTED
    cause = Cause("khqr", line.reference)
    draft = Draft(office, kind, postings, cause, actor.id, now, now, item_numbers=(line.bill_number,))
    (entered,) = await enter(tx, [draft])
    await khqr_codes.match(tx, line.bill_number, line.reference, now)
    if item:
        await cod_items.make_ready(tx, [line.bill_number], now, promised_on(now.astimezone(LOCAL).date()))
    else:
        item = collected(due, "khqr", office, entered.entry, now, ready_at=now)
        await cod_items.add(tx, [item])
    await outbox.append(tx, [booked(item, now)])
    return Shown(
        code.item_number, code.payload, code.amount_minor, code.currency, code.shown_at, code.shown_by, now,
        line.reference,
    )  # fmt: skip
