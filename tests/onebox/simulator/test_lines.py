"""Lines that are cut and come back, by a plan."""

import pytest

from onebox.simulator.lines import SHARE_CUT, Lines

COUNTERS = frozenset(f"X{number:05}" for number in range(200))


def test_one_seed_cuts_the_same_lines_at_the_same_moments() -> None:
    first, second = (Lines(3, COUNTERS, 30.0) for _ in range(2))

    assert [first.back_at("X00007", at) for at in range(2_000)] == [second.back_at("X00007", at) for at in range(2_000)]


def test_a_line_is_cut_for_its_share_of_the_time() -> None:
    lines = Lines(3, COUNTERS, 30.0)
    cut = [lines.cut_now(float(at)) for at in range(0, 6_000, 10)]

    assert sum(cut) / len(cut) / len(COUNTERS) == pytest.approx(SHARE_CUT, rel=0.2)


def test_a_line_is_back_when_the_plan_says() -> None:
    lines = Lines(3, COUNTERS, 30.0)
    moments = [(float(at), back) for at in range(3_000) if (back := lines.back_at("X00001", float(at)))]

    assert moments
    assert all(back > at for at, back in moments)
    assert lines.back_at("X00001", moments[-1][1]) is None


def test_a_hub_is_never_cut_off() -> None:
    lines = Lines(3, COUNTERS, 1_000.0)

    assert all(lines.back_at("TKHUB", float(at)) is None for at in range(1_000))
