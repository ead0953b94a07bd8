"""The event codes: all 25 of EMSEVT v3, each with texts, a state and a rank."""

import pytest

from services.tracking.domain.event_codes import EVENT_KINDS, RANKS, SCANNED_CODES, Datum, EventCode
from services.tracking.domain.wording import SERVICE_TEXTS, STATE_TEXTS, Text
from shared.contracts.states import CustomerState

EMSEVT_V3 = "EMA EMB EMC EMD EME EMF EMG EMH EMI EMJ EMK EXA EXB EXC EXD EXX EDA EDB EDC EDD EDE EDF EDG EDH EDX"
KHMER = range(0x1780, 0x1800)
ALL_TEXTS: list[Text] = [
    *STATE_TEXTS.values(),
    *SERVICE_TEXTS.values(),
    *(kind.text for kind in EVENT_KINDS.values()),
]


def test_the_codes_that_offices_scan_are_those_of_emsevt_v3() -> None:
    assert set(EMSEVT_V3.split()) == SCANNED_CODES
    assert len(SCANNED_CODES) == 25


def test_every_code_has_its_kind_and_a_rank_of_its_own() -> None:
    assert set(EVENT_KINDS) == set(EventCode)
    assert len(set(RANKS.values())) == len(EventCode)


def test_every_state_has_a_text() -> None:
    assert set(STATE_TEXTS) == set(CustomerState)


@pytest.mark.parametrize("text", ALL_TEXTS, ids=lambda text: text.en)
def test_a_customer_reads_khmer_in_khmer_and_ascii_in_english(text: Text) -> None:
    assert any(ord(letter) in KHMER for letter in text.km)
    assert text.en.isascii()
    assert text.en


@pytest.mark.parametrize("code", ["EXB", "EXD", "EDA", "EME", "EDF"])
def test_a_hold_asks_for_its_retention_reason(code: str) -> None:
    assert set(EVENT_KINDS[EventCode(code)].required) == {Datum.RETENTION_REASON}


def test_a_failed_attempt_asks_for_reason_and_action() -> None:
    assert set(EVENT_KINDS[EventCode.EMH].required) == {Datum.REASON, Datum.ACTION}


def test_events_of_one_instant_stand_in_their_usual_order() -> None:
    domestic = [EventCode.EMA, EventCode.EDD, EventCode.EDE, EventCode.EMG, EventCode.EDH, EventCode.EMH, EventCode.EMI]
    imported = [EventCode.EMD, EventCode.EDB, EventCode.EME, EventCode.EDC, EventCode.EMF]

    for order in (domestic, imported):
        assert sorted(order, key=RANKS.__getitem__) == order
