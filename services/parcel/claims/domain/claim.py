"""A claim from its enquiry to its end: who asks and why, what was found, proposed, decided and paid."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from services.parcel.pricing.domain.money import Amount, Currency
from shared.access.roles import Actor
from shared.errors import Conflict, Forbidden, NotFound

Claimant = Literal["sender", "recipient", "shop"]
Outcome = Literal["compensation", "refusal"]
Decision = Literal["approved", "rejected"]
Method = Literal["cash", "bank"]
Closing = Literal["withdrawn", "found", "duplicate"]
Later = Literal["recovered", "kept"]
"""An item that was paid for is found: its claimant takes it and gives the money back, or leaves it to the post."""


class Ground(StrEnum):
    """What is said to have happened."""

    LOSS = "loss"
    DAMAGE = "damage"
    THEFT = "theft"
    RETURN = "return"
    """Sent back without a reason that holds."""


class State(StrEnum):
    """Where a claim stands."""

    ENQUIRED = "enquired"
    """Its last holder is asked."""
    ANSWERED = "answered"
    FOUND = "found"
    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"
    PAID = "paid"
    CLOSED = "closed"
    RECOVERED = "recovered"
    KEPT = "kept"


OPEN = (State.ENQUIRED, State.ANSWERED, State.FOUND, State.PROPOSED, State.GRANTED)


class ClaimNotFound(NotFound):
    """No claim of this id is yours to see."""

    slug = "claim-not-found"


class ClaimOpen(Conflict):
    """Somebody asks about this item already; look at that claim."""

    slug = "claim-open"


class ClaimTooLate(Conflict):
    """The time in which one may ask about this item is over."""

    slug = "claim-too-late"


class ClaimElsewhere(Conflict):
    """This claim does not stand where this could be done with it; look at its state."""

    slug = "claim-elsewhere"


class AnswerAwaited(Conflict):
    """The holder has not answered and still has time; propose after that."""

    slug = "answer-awaited"


class PaidByOrigin(Conflict):
    """This item is from abroad: the post that took it in compensates its sender; here one may ask where it is."""

    slug = "paid-by-origin"


class ProposedByOneself(Forbidden):
    """Another person must decide than the one who proposed."""

    slug = "claim-proposed-by-yourself"


@dataclass(frozen=True, slots=True)
class Worth:
    """What a claim is worth by the table of a day."""

    content_minor: int
    postage_minor: int
    currency: Currency
    cap_minor: int
    """The most that the content of this item is compensated with, in the same currency."""
    table_version: str
    riel_per_usd: int | None = None

    @property
    def amount_minor(self) -> int:
        """Return what is paid."""
        return self.content_minor + self.postage_minor


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim about one item."""

    claim_id: UUID
    item_number: str
    ground: Ground
    claimant: Claimant
    office: str
    """Where it was opened, which follows it; of a shop's own, where the item was posted."""
    trader: str | None
    is_international: bool
    opened_by: str
    opened_at: datetime
    terms_version: str
    answer_by: date
    """Of the holder who is asked now."""
    settle_by: date
    holder_office: str | None
    holder_country: str | None
    """Of the post that has it, where it is abroad."""
    state: State = State.ENQUIRED
    outcome: Outcome | None = None
    worth: Worth | None = None
    proposed_by: str | None = None
    decided_by: str | None = None
    method: Method | None = None
    entry_id: UUID | None = None
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    asked_before: tuple[str, ...] = ()
    """Offices that were asked before this holder."""

    def is_seen_by(self, actor: Actor) -> bool:
        """Tell whether it is of somebody's shop, or their office follows it or was asked."""
        if actor.trader is not None:
            return actor.trader == self.trader
        return any(actor.acts_for(office) for office in (self.office, self.holder_office, *self.asked_before))

    def is_followed_by(self, actor: Actor) -> bool:
        """Tell whether somebody's office is the one that follows it, or it is their shop that asks."""
        if actor.trader is not None:
            return actor.trader == self.trader and self.claimant != "recipient"
        return actor.acts_for(self.office)

    def is_answered_by(self, actor: Actor) -> bool:
        """Tell whether somebody answers for the holder; for a post abroad, whoever acts for every office."""
        return actor.acts_for(self.holder_office)

    def must_stand(self, *states: State) -> None:
        """Check that it is in one of some states.

        Raises: ClaimElsewhere.
        """
        if self.state not in states:
            raise ClaimElsewhere(f"It is {self.state.value}.")

    def must_be_proposable(self, today: date) -> None:
        """Check that what becomes of it may be proposed: answered, or not answered in time.

        Raises: ClaimElsewhere, AnswerAwaited.
        """
        self.must_stand(State.ENQUIRED, State.ANSWERED, State.FOUND)
        if self.state is State.ENQUIRED and today <= self.answer_by:
            raise AnswerAwaited(f"It has time until {self.answer_by}.")
        if self.state is State.FOUND and self.ground is Ground.LOSS:
            raise ClaimElsewhere("What was found is not lost; close the claim, or ask again.")

    def decided(self, actor: Actor, decision: Decision, now: datetime) -> "Claim":
        """Return the claim as somebody else decides what was proposed; a rejected proposal may be made anew.

        Raises: ClaimElsewhere, ProposedByOneself.
        """
        self.must_stand(State.PROPOSED)
        if actor.id == self.proposed_by:
            raise ProposedByOneself
        if decision == "rejected":
            return replace(self, state=State.ANSWERED, outcome=None, worth=None, proposed_by=None)
        if self.outcome == "refusal":
            return replace(self, state=State.REFUSED, decided_by=actor.id, closed_at=now)
        return replace(self, state=State.GRANTED, decided_by=actor.id)

    @property
    def amount(self) -> Amount | None:
        """Return what was proposed or granted."""
        return Amount(self.worth.amount_minor, self.worth.currency) if self.worth else None
