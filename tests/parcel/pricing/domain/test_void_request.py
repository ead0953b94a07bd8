"""How much may be given back, and who decides."""

from dataclasses import replace

import pytest

from services.parcel.pricing.domain.void_request import (
    AlreadyDecided,
    AlreadyVoided,
    AskedByYourself,
    Decision,
    DecisionNotYours,
    Kind,
    RefundNotFound,
    VoidRequest,
    looked_at,
)
from shared.access.roles import Actor, OtherOffice, Role
from shared.errors import Invalid, PostError
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.pricing.asked import ELSEWHERE, NOON, NUMBER, OFFICES, paid, person


def request(kind: Kind = "refund", amount_minor: int = 4_000, decision: Decision | None = None) -> VoidRequest:
    fresh = VoidRequest(new_id(), NUMBER, HOME, kind, amount_minor, "KHR", "Weighed wrongly.", "asker", NOON)
    return replace(fresh, decision=decision, decided_by="decider" if decision else None)


@pytest.mark.parametrize(
    ("kind", "amount_minor", "given_back", "code"),
    [
        ("refund", 1, (), None),
        ("refund", 10_000, (), None),
        ("refund", 10_001, (), "not-covered"),
        ("refund", 0, (), "not-covered"),
        ("refund", -1, (), "not-covered"),
        ("refund", 6_000, (4_000,), None),
        ("refund", 6_001, (4_000,), "not-covered"),
        ("refund", 1, (4_000, 6_000), "not-covered"),
        ("void", 10_000, (), None),
        ("void", 9_999, (), "not-the-whole"),
        ("void", 6_000, (4_000,), None),
        ("void", 10_000, (4_000,), "not-the-whole"),
    ],
)
def test_no_more_is_given_back_than_was_paid(
    kind: Kind, amount_minor: int, given_back: tuple[int, ...], code: str | None
) -> None:
    earlier = [request(amount_minor=amount, decision="granted") for amount in given_back]
    earlier += [request(amount_minor=9_999, decision="refused"), request(amount_minor=9_999)]
    wanted = request(kind, amount_minor)
    if code is None:
        wanted.must_be_covered(paid(), earlier)
        return
    with pytest.raises(Invalid) as refused:
        wanted.must_be_covered(paid(), earlier)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("amount_minor", code)]


def test_a_parcel_that_was_not_paid_for_can_be_voided_once() -> None:
    request("void", 0).must_be_covered(paid(amount_minor=0), [request("void", 0, "refused")])

    with pytest.raises(AlreadyVoided):
        request("void", 0).must_be_covered(paid(amount_minor=0), [request("void", 0, "granted")])


@pytest.mark.parametrize(
    "actor",
    [
        person(Role.SUPERVISOR),
        person(Role.OFFICE_MANAGER),
        person(Role.SUPERVISOR, AWAY),
        person(Role.OFFICE_MANAGER, AWAY),
        person(Role.DISTRICT),
        person(Role.DISTRICT, AWAY),
        person(Role.ADMINISTRATOR, None),
    ],
)
def test_those_above_the_counter_decide(actor: Actor) -> None:
    request().must_be_for(actor, OFFICES)


@pytest.mark.parametrize(
    ("actor", "decision", "refusal"),
    [
        (person(Role.CLERK), None, DecisionNotYours),
        (person(Role.AUDITOR, None), None, DecisionNotYours),
        (person(Role.CLERK, AWAY), None, DecisionNotYours),
        (person(Role.DISTRICT, None), None, RefundNotFound),
        (person(Role.DISTRICT, ELSEWHERE), None, RefundNotFound),
        (person(Role.DISTRICT, "TK99X"), None, RefundNotFound),
        (person(Role.DISTRICT, HOME, "asker"), None, AskedByYourself),
        (person(Role.DISTRICT), "granted", AlreadyDecided),
        (person(Role.TRADER, None), None, DecisionNotYours),
        (person(Role.SUPERVISOR, AWAY, "asker"), None, AskedByYourself),
        (person(Role.SUPERVISOR, name="asker"), None, AskedByYourself),
        (person(Role.ADMINISTRATOR, None, name="asker"), None, AskedByYourself),
        (person(Role.SUPERVISOR), "granted", AlreadyDecided),
        (person(Role.ADMINISTRATOR, None), "refused", AlreadyDecided),
    ],
)
def test_others_do_not_decide(actor: Actor, decision: Decision | None, refusal: type[PostError]) -> None:
    with pytest.raises(refusal):
        request(decision=decision).must_be_for(actor, OFFICES)


@pytest.mark.parametrize(("decision", "state"), [(None, "asked_for"), ("granted", "granted"), ("refused", "refused")])
def test_a_request_is_asked_for_until_somebody_decides(decision: Decision | None, state: str) -> None:
    assert request(decision=decision).state == state


@pytest.mark.parametrize(
    ("actor", "office", "expected"),
    [
        (person(Role.CLERK), None, {HOME}),
        (person(Role.CLERK), HOME, {HOME}),
        (person(Role.SUPERVISOR), ELSEWHERE, {ELSEWHERE}),
        (person(Role.DISTRICT), None, {HOME, AWAY}),
        (person(Role.DISTRICT), AWAY, {AWAY}),
        (person(Role.DISTRICT, ELSEWHERE), None, {ELSEWHERE}),
        (person(Role.DISTRICT, None), None, set()),
        (person(Role.AUDITOR, None), None, None),
        (person(Role.AUDITOR, HOME), None, {HOME}),
        (person(Role.ADMINISTRATOR, None), ELSEWHERE, {ELSEWHERE}),
    ],
)
def test_everybody_looks_at_what_they_may_decide_or_ask_for(
    actor: Actor, office: str | None, expected: set[str] | None
) -> None:
    found = looked_at(actor, office, OFFICES)
    assert (found if found is None else set(found)) == expected


@pytest.mark.parametrize("actor", [person(Role.CLERK), person(Role.DISTRICT), person(Role.DISTRICT, None)])
def test_nobody_looks_at_offices_that_are_not_theirs(actor: Actor) -> None:
    with pytest.raises(OtherOffice):
        looked_at(actor, ELSEWHERE, OFFICES)
