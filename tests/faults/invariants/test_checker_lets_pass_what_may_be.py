from dataclasses import replace

from onebox.simulator.history import History, Kind
from shared.contracts.tracking import ParcelMovedV1
from tests.faults.evidence import Window
from tests.faults.invariants.every import violations
from tests.faults.invariants.healthy import KEY, healthy, unanswered


def test_an_unknown_registration_may_be_there_or_not() -> None:
    for there in (True, False):
        evidence = healthy()
        calls = [one for one in evidence.history.calls if one.kind is Kind.REGISTER]
        evidence.history = History([unanswered(one) for one in calls])
        if not there:
            evidence.requests, evidence.parcels = [], []
        found = [violation for violation in violations(evidence) if violation.startswith("I1 ")]
        assert [violation for violation in found if KEY in violation] == []


def test_a_503_that_tells_of_doubt_promises_nothing_either_way() -> None:
    evidence = healthy()
    evidence.history = History([unanswered(evidence.history.of(Kind.REGISTER)[-1], status=503)])
    assert not any(violation.startswith("I1 key") for violation in violations(evidence))


def test_a_window_counts_only_what_it_does_not_cut() -> None:
    evidence = healthy()
    evidence.windows = [Window("a fault", 0.0, 10.0, frozenset({Kind.REGISTER, Kind.SCAN}), floor=3)]
    assert any(violation.startswith("I11 2 of 3") for violation in violations(evidence))


def test_a_damaged_record_keeps_the_place_of_its_event() -> None:
    evidence = healthy()
    whole = next(record for record in evidence.records if record.topic == ParcelMovedV1.topic)
    place = f"{whole.topic}/{whole.partition}/{whole.offset}"
    evidence.planted = {place: "parcel"}
    evidence.records = [
        *[replace(one, payload=b"damaged") if one is whole else one for one in evidence.records],
        replace(whole, offset=99),
    ]
    assert not any(violation.startswith("I3 ") for violation in violations(evidence))
