"""Requests and answers about claims."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, StringConstraints

from services.parcel.claims.domain.claim import Claim, Closing, Decision, Ground, Later, Method, Outcome, State
from services.parcel.claims.domain.enquiry import Answer, Answered, To
from services.parcel.claims.domain.step import Step
from services.parcel.claims.use_cases.move_money import Way
from services.parcel.claims.use_cases.propose_settlement import Proposal
from services.parcel.forms import Body, Text, View
from services.parcel.pricing.domain.money import Currency
from services.parcel.pricing.entrypoints.price_views import AmountBody
from shared.access.roles import Actor

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")]


class ClaimBody(Body):
    """Who asks about an item, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ground": "loss", "claimant": "sender", "note": "Nobody was called."}]}
    )

    ground: Ground
    claimant: Literal["sender", "recipient"] = "sender"
    """Of what a shop asks itself it is the shop."""
    note: Text | None = None


class AnswerBody(Body):
    """What the holder found."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "not_here", "note": "Looked twice."}]})

    answer: Answer
    handed_to: To | None = None
    """Needed of what was handed over."""
    handed_to_code: Code | None = None
    """Of the office, carrier or country."""
    note: Text | None = None

    def answered(self) -> Answered:
        """Return the answer.

        Raises: Invalid.
        """
        return Answered(self.answer, self.handed_to, self.handed_to_code)


class ClaimProposalBody(Body):
    """What is to become of a claim; how much is reckoned by the table."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome": "compensation",
                    "value": {"amount_minor": 80_000, "currency": "KHR"},
                    "currency": "KHR",
                    "note": "Bought for this by its receipt.",
                }
            ]
        }
    )

    outcome: Outcome
    value: AmountBody | None = None
    """Of what is missing or damaged, as it was proven."""
    currency: Currency = "KHR"
    """In which it is paid."""
    note: Text

    def proposal(self) -> Proposal:
        """Return the proposal."""
        return Proposal(self.outcome, self.value.amount() if self.value else None, self.currency, self.note)


class ClaimDecisionBody(Body):
    """What a second person says to a proposal."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "approved"}]})

    decision: Decision
    note: Text | None = None


class ClaimClosingBody(Body):
    """Why a claim ends without a decision."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"closed_for": "withdrawn"}]})

    closed_for: Closing
    note: Text | None = None


class ClaimPaymentBody(Body):
    """How a claimant is paid."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"method": "bank"}]})

    method: Method
    drawer_id: UUID | None = None
    """Of cash alone."""

    def way(self) -> Way:
        """Return the way.

        Raises: Invalid.
        """
        return Way(self.method, self.drawer_id)


class FoundLaterBody(Body):
    """What becomes of an item that was paid for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "kept"}]})

    outcome: Later
    method: Method = "cash"
    """How money is given back; of what the claimant leaves to the post none is."""
    drawer_id: UUID | None = None

    def way(self) -> Way | None:
        """Return how the money comes back, None where it does not.

        Raises: Invalid.
        """
        return Way(self.method, self.drawer_id) if self.outcome == "recovered" else None


class WorthView(View):
    """What a claim is worth."""

    content_minor: int
    postage_minor: int
    amount_minor: int
    """Both together."""
    cap_minor: int
    currency: Currency
    table_version: str
    riel_per_usd: int | None


class ClaimView(View):
    """A claim; no words."""

    claim_id: UUID
    item_number: str
    ground: Ground
    claimant: Literal["sender", "recipient", "shop"]
    office: str
    is_international: bool
    opened_by: str
    opened_at: datetime
    terms_version: str
    answer_by: date
    settle_by: date
    holder_office: str | None
    holder_country: str | None
    asked_before: list[str]
    state: State
    outcome: Outcome | None
    worth: WorthView | None
    proposed_by: str | None
    decided_by: str | None
    method: Method | None
    entry_id: UUID | None
    paid_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, claim: Claim, actor: Actor) -> "ClaimView":
        """Show a claim; to a shop nothing of what nobody decided."""
        shown = cls.model_validate(claim)
        if actor.trader is None or claim.state is not State.PROPOSED:
            return shown
        return shown.model_copy(update={"outcome": None, "worth": None, "proposed_by": None})


class StepView(View):
    """What happened to a claim."""

    state: State
    reason: str
    by: str
    at: datetime
    office: str | None
    handed_to: To | None
    handed_to_code: str | None
    note: str | None

    @classmethod
    def of(cls, step: Step, actor: Actor) -> "StepView":
        """Show a step; to a shop its own words alone."""
        return cls(
            state=step.state,
            reason=step.reason,
            by=step.by,
            at=step.at,
            office=step.office,
            handed_to=step.handed_to,
            handed_to_code=step.handed_to_code,
            note=step.words if actor.trader is None or step.by == actor.id else None,
        )


class ClaimStoryView(ClaimView):
    """A claim with its steps."""

    steps: list[StepView]

    @classmethod
    def of_story(cls, claim: Claim, steps: list[Step], actor: Actor) -> "ClaimStoryView":
        """Show both; of what nobody decided a shop sees that it is proposed."""
        shown = [StepView.of(step, actor) for step in steps]
        if actor.trader is not None:
            proposed = {"reason": State.PROPOSED.value}
            shown = [one.model_copy(update=proposed) if one.state is State.PROPOSED else one for one in shown]
        return cls(**ClaimView.of(claim, actor).model_dump(), steps=shown)
