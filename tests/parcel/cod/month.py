"""A month of a post made up by chance from a seed, with a tally of its own of whose money is where."""

import random
from collections import Counter as Tally
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.counting import Count
from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.domain.entry import Kind
from services.parcel.cash.store import entries
from services.parcel.cash.use_cases.close_drawer import close_drawer
from services.parcel.cash.use_cases.correct_entry import correct_entry
from services.parcel.cash.use_cases.find_drawer import state_of
from services.parcel.cash.use_cases.move_to_drawer import move_to_drawer
from services.parcel.cash.use_cases.open_drawer import open_drawer
from services.parcel.cash.use_cases.receive_float import receive_float
from services.parcel.cod.domain.bank_statement import BankLine
from services.parcel.cod.domain.khqr import PostAccount
from services.parcel.cod.domain.payout import CodeRefused, NothingToPayOut, Payout
from services.parcel.cod.store import batches
from services.parcel.cod.use_cases.book_hand_overs import book_hand_overs
from services.parcel.cod.use_cases.decide_batch import decide_batch
from services.parcel.cod.use_cases.import_bank_statement import import_bank_statement
from services.parcel.cod.use_cases.pay_batch import pay_batch
from services.parcel.cod.use_cases.pay_in_cash import pay_in_cash
from services.parcel.cod.use_cases.propose_batch import propose_batch
from services.parcel.cod.use_cases.show_khqr import show_khqr
from services.parcel.cod.use_cases.take_remittance import take_remittance
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor, Role
from shared.contracts.tracking import Money, ParcelHandedOverV1, PaymentTaken
from shared.db.connection import Database
from shared.ids import new_id
from shared.messaging.outbox import Outbox
from tests.parcel.bodies import AWAY, HOME, THIRD

BEGINNING = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
RATE = 4_000
OFFICES = (HOME, AWAY, THIRD)
ONE, TWO = Actor("one", Role.ADMINISTRATOR, None), Actor("two", Role.ADMINISTRATOR, None)
ACCOUNT = PostAccount("ctc_post@bank", "CTC Post", "Phnom Penh")
CARRIERS = ("JNT", "VET")


@dataclass(frozen=True)
class Registered:
    """A parcel with money on it."""

    item_number: str
    holder: str
    amount: Amount
    net_minor: int
    postage_riel: int
    office: str
    """Where it is handed over."""


@dataclass
class Month:
    """Plays a month day by day."""

    database: Database
    parcels: list[Registered]
    seed: int
    outbox: Outbox = field(default_factory=lambda: Outbox("parcel"))
    collected: Tally[tuple[str, str]] = field(default_factory=Tally)
    """By holder and currency, as those below."""
    paid: Tally[tuple[str, str]] = field(default_factory=Tally)
    owed: Tally[tuple[str, str]] = field(default_factory=Tally)
    done: Tally[str] = field(default_factory=Tally)
    """How often each thing happened."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.drawers: dict[str, Drawer] = {}
        self.late: list[ParcelHandedOverV1] = []
        self.remittable: dict[str, list[Registered]] = {carrier: [] for carrier in CARRIERS}
        self.shown: list[Registered] = []
        self.lines: list[BankLine] = []
        self.by_number = {one.item_number: one for one in self.parcels}

    async def play(self, days: int) -> None:
        """Play days, of which each hands over its share of the parcels."""
        for office in OFFICES:
            async with self.database.transaction() as tx:
                amounts = [Amount(20_000_000, "KHR"), Amount(1_000_000, "USD")]
                await receive_float(tx, clerk(office), office, amounts, BEGINNING)
        share = -(-len(self.parcels) // days)
        for day in range(days):
            now = BEGINNING + timedelta(days=day)
            await self._open(now)
            await self._hand_over(self.parcels[day * share : (day + 1) * share], now)
            await self._correct(now)
            if day % 7 == 5:
                await self._remit(now)
                await self._import(now)
                await self._pay_out(now)
            await self._close(now + timedelta(hours=9))
        # News of a counter that had no line: its drawers are closed by now.
        await self._book(self.late, BEGINNING + timedelta(days=days))

    async def _open(self, now: datetime) -> None:
        for office in OFFICES:
            async with self.database.transaction() as tx:
                opening_float = [Amount(500_000, "KHR"), Amount(100_000, "USD")]
                self.drawers[office] = await open_drawer(tx, clerk(office), office, opening_float, "counter-1", now)

    async def _close(self, now: datetime) -> None:
        for office, drawer in self.drawers.items():
            async with self.database.transaction() as tx:
                expected = (await state_of(tx, drawer)).expected_minor
                short = self.chance.choice((0, 0, 0, 100, -500))
                self.done["differences"] += bool(short)
                counted = (Count("KHR", max(0, expected.get("KHR", 0) - short)), Count("USD", expected.get("USD", 0)))
                why = "I do not know why."
                await close_drawer(tx, self.outbox, clerk(office), drawer.drawer_id, counted, why, now)

    async def _hand_over(self, parcels: list[Registered], now: datetime) -> None:
        events = [await self._event(one, now + timedelta(minutes=place)) for place, one in enumerate(parcels)]
        held_up = {event.scan_id for event in events if self.chance.random() < 0.05}
        self.late += [event for event in events if event.scan_id in held_up]
        await self._book([event for event in events if event.scan_id not in held_up], now)

    async def _book(self, events: list[ParcelHandedOverV1], now: datetime) -> None:
        """Book events as they come: some twice in a batch, and the batch again."""
        again = [event for event in events if self.chance.random() < 0.2]
        for _ in range(2):
            async with self.database.transaction() as tx:
                await book_hand_overs(tx, self.outbox, [*events, *again], now)
        for event in events:
            one = self.by_number[event.item_number]
            key = (one.holder, one.amount.currency)
            self.collected[key] += one.net_minor
            self.done[event.payment.method] += 1
            if event.payment.method == "carrier":
                assert event.payment.carrier
                self.owed[key] += one.net_minor
                self.remittable[event.payment.carrier].append(one)
            elif event.payment.method == "khqr":
                self.owed[key] += one.net_minor
                self.shown.append(one)

    async def _event(self, one: Registered, at: datetime) -> ParcelHandedOverV1:
        method = self.chance.choices(("cash", "carrier", "khqr"), (70, 15, 15))[0]
        whole = one.amount.amount_minor + (one.postage_riel if one.amount.currency == "KHR" else 0)
        payment: dict[str, Any] = {"received": [Money(amount_minor=whole, currency=one.amount.currency)]}
        if method == "cash":
            payment = self._cash(one, whole) | {"drawer_id": self.drawers[one.office].drawer_id}
        if method == "carrier":
            payment["carrier"] = self.chance.choice(CARRIERS)
        if method == "khqr":
            async with self.database.transaction() as tx:
                await show_khqr(tx, clerk(one.office), ACCOUNT, one.item_number, at)
        return ParcelHandedOverV1(
            item_number=one.item_number,
            scan_id=new_id(),
            office=one.office,
            actor=clerk(one.office).id,
            device="counter-1",
            occurred_at=at,
            payment=PaymentTaken(method=method, **payment),
        )

    def _cash(self, one: Registered, whole: int) -> dict[str, Any]:
        """Give exactly, a larger note, dollars for riel, or by mistake something else."""
        fate = self.chance.random()
        if one.amount.currency == "USD" or fate < 0.5:
            return {"received": [Money(amount_minor=whole, currency=one.amount.currency)]}
        if fate < 0.75:
            note = -(-whole // 50_000) * 50_000
            change = [Money(amount_minor=note - whole, currency="KHR")] if note > whole else []
            return {"received": [Money(amount_minor=note, currency="KHR")], "change": change}
        if fate < 0.95:
            cents = -(-whole // RATE) * 100
            back = cents * RATE // 100 - whole
            back -= back % 100
            change = [Money(amount_minor=back, currency="KHR")] if back else []
            return {"received": [Money(amount_minor=cents, currency="USD")], "change": change}
        self.done["uneven"] += 1
        return {"received": [Money(amount_minor=whole + 7_000, currency="KHR")]}

    async def _correct(self, now: datetime) -> None:
        """Let an administrator book a payment into the drawer of another office's clerk, or of nobody."""
        office = self.chance.choice(OFFICES)
        async with self.database.transaction() as tx:
            found = await entries.of_drawer(tx, office, self.drawers[office].drawer_id, 0, 100)
            taken = [one for one in found if one.kind == Kind.COD_COLLECTED]
            if not taken:
                return
            wrong = self.chance.choice(taken)
            instead = tuple(
                Posting(Account.SAFE, one.quantity, one.unit) if one.account == Account.DRAWER else one
                for one in wrong.postings
            )
            await correct_entry(tx, ONE, wrong.entry_id, instead, "It went into the safe.", now)
            self.done["corrections"] += 1

    async def _remit(self, now: datetime) -> None:
        """Let carriers pass on two thirds of what they have; the rest comes late or not this month."""
        for carrier, owing in self.remittable.items():
            passed = [one for one in owing if self.chance.random() < 0.66]
            if not passed:
                continue
            async with self.database.transaction() as tx:
                numbers = [one.item_number for one in passed]
                await take_remittance(tx, ONE, carrier, f"R{now:%m%d}", numbers, now)
            self._come_in(passed)
            self.remittable[carrier] = [one for one in owing if one not in passed]
            self.done["remittances"] += 1

    async def _import(self, now: datetime) -> None:
        """Import what the bank says, twice, with the lines of weeks before and payments of strangers."""
        paid = [one for one in self.shown if self.chance.random() < 0.8]
        for one in paid:
            whole = one.amount.amount_minor + (one.postage_riel if one.amount.currency == "KHR" else 0)
            reference = f"FT{one.item_number}"
            self.lines.append(BankLine(reference, now.date(), one.item_number, whole, one.amount.currency))
        self.lines.append(BankLine(f"X{now:%m%d}", now.date(), "RENT", 400_000, "KHR"))
        for _ in range(2):
            async with self.database.transaction() as tx:
                await import_bank_statement(tx, self.outbox, ONE, self.lines, now)
        self._come_in(paid)
        self.shown = [one for one in self.shown if one not in paid]
        self.done["statements"] += 1

    def _come_in(self, parcels: list[Registered]) -> None:
        for one in parcels:
            self.owed[one.holder, one.amount.currency] -= one.net_minor

    async def _pay_out(self, now: datetime) -> None:
        for method in ("bank", "bakong", "cash"):
            for currency in ("KHR", "USD"):
                await self._pay_one_way(method, currency, now)

    async def _pay_one_way(self, method: Any, currency: Any, now: datetime) -> None:
        try:
            async with self.database.transaction() as tx:
                batch, payouts = await propose_batch(tx, ONE, method, currency, now)
                await decide_batch(tx, TWO, batch.batch_id, "approved", now)
        except NothingToPayOut:
            return
        if method == "cash":
            for payout in payouts:
                if payout.office in self.drawers and self.chance.random() < 0.7:
                    await self._fetch(payout, now)
            paid = [one for one in await self._payouts(batch.batch_id) if one.paid_at]
        else:
            async with self.database.transaction() as tx:
                await pay_batch(tx, self.outbox, ONE, batch.batch_id, "The bank was closed.", now)
            paid = payouts
        for payout in paid:
            self.paid[payout.holder, currency] += payout.amount_minor
        self.done[f"paid by {method}"] += len(paid)

    async def _fetch(self, payout: Payout, now: datetime) -> None:
        office, code, payout_id = payout.office, payout.code or "", payout.payout_id
        drawer_id, wrong = self.drawers[office].drawer_id, f"{(int(code) + 1) % 1_000_000:06}"
        async with self.database.transaction() as tx:
            # Larger payouts are more than a drawer has: the safe helps out.
            more = [Amount(payout.amount_minor, payout.currency)]
            await move_to_drawer(tx, clerk(office), drawer_id, more, now)
        for shown in (wrong, code):
            async with self.database.transaction() as tx:
                who = clerk(office)
                outcome = await pay_in_cash(tx, self.outbox, who, payout_id, drawer_id, shown, "They came late.", now)
            assert isinstance(outcome, CodeRefused) is (shown == wrong)

    async def _payouts(self, batch_id: UUID) -> list[Payout]:
        async with self.database.connection() as connection:
            return list(await batches.payouts_of(connection, batch_id))


def clerk(office: str) -> Actor:
    """Return the clerk of an office."""
    return Actor(f"clerk-{office}", Role.CLERK, office)
