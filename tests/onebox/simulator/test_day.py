"""The day: its profile, and which part of it is played."""

import pytest

from onebox.simulator.day import EVENTS_A_PARCEL, LEVELS, OPEN_MIN, SHARE_OF_HOUR, Day, LevelName

NATION = LEVELS[LevelName.NATION]


def test_the_shares_of_the_hours_make_a_day() -> None:
    assert sum(SHARE_OF_HOUR) == pytest.approx(1)
    assert max(SHARE_OF_HOUR) == 0.15


def test_the_peak_brings_at_least_what_the_level_says() -> None:
    for size in LEVELS.values():
        assert size.peak_per_s >= size.registrations_per_s
        assert size.peak_per_s * EVENTS_A_PARCEL >= size.events_per_s


def test_ten_minutes_in_real_time_are_all_of_the_peak_hour() -> None:
    day = Day(NATION, minutes=10, speed=1)

    assert {day.per_s(at) for at in range(-60, 600)} == {NATION.peak_per_s}
    assert (day.clock(0), day.clock(600)) == ("10:25", "10:35")


def test_a_whole_day_may_be_played_in_ten_minutes() -> None:
    day = Day(NATION, minutes=10, speed=60)

    assert (day.clock(0), day.clock(600)) == ("08:00", "18:00")
    parcels = sum(day.per_s(at + 0.5) for at in range(600))
    assert parcels == pytest.approx(NATION.peak_per_s * 3600 / 0.15)


def test_nobody_registers_after_closing_time() -> None:
    day = Day(NATION, minutes=20, speed=60)

    assert day.begins_min == 0
    assert day.per_s(OPEN_MIN + 1) == 0


def test_speed_raises_the_rate_as_it_shortens_the_hour() -> None:
    assert Day(NATION, 1, 10).per_s(0) == 10 * Day(NATION, 1, 1).per_s(0)
