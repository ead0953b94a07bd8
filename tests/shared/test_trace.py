"""The trace that goes from a request through events to what they cause."""

import asyncio

import pytest

from shared import trace

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER = "00-" + "b" * 32 + "-" + "c" * 16 + "-00"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        GIVEN.upper(),
        f"{GIVEN}-more",
        f" {GIVEN}",
        f"{GIVEN}\n",
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ],
)
def test_a_malformed_header_begins_a_trace_of_its_own(header: str | None) -> None:
    begun = trace.accepted(header)
    assert begun != header
    assert trace.accepted(begun) == begun
    assert trace.trace_id(begun) not in {"", "0" * 32}
    assert trace.trace_id(header or "") == ""


def test_a_well_formed_header_is_taken_as_it_is() -> None:
    assert trace.accepted(GIVEN) == GIVEN
    assert trace.trace_id(GIVEN) == "4bf92f3577b34da6a3ce929d0e0e4736"


def test_without_a_cause_each_event_begins_a_trace_that_is_not_sampled() -> None:
    first, second = trace.traceparent("A"), trace.traceparent("A")
    assert first != second
    assert first.endswith("-00")


def test_a_block_lends_its_trace_and_takes_it_back() -> None:
    with trace.within(GIVEN):
        with trace.within(OTHER):
            assert trace.traceparent() == OTHER
        assert trace.traceparent("A") == GIVEN
    assert trace.traceparent() != GIVEN


def test_an_event_follows_what_was_applied_under_its_own_key() -> None:
    with trace.within(GIVEN), trace.caused_by({"A": OTHER}):
        assert trace.traceparent("A") == OTHER
        assert trace.traceparent("B") == GIVEN
        assert trace.traceparent() == GIVEN
        with trace.caused_by({"B": OTHER}):
            assert (trace.traceparent("A"), trace.traceparent("B")) == (GIVEN, OTHER)
    assert trace.traceparent("A") not in {GIVEN, OTHER}


async def test_tasks_side_by_side_do_not_see_each_others_trace() -> None:
    async def follow(header: str) -> str:
        with trace.within(header):
            await asyncio.sleep(0)
            return trace.traceparent()

    assert list(await asyncio.gather(follow(GIVEN), follow(OTHER))) == [GIVEN, OTHER]
