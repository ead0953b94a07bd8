from bench.growth import judged

READS, RATES = ("a journey", "a parcel"), ("registrations",)
FIGURES = {
    ("a journey", 1): [1.0, 2.0, 1.0],
    ("a journey", 10): [1.1, 2.2, 1.1],
    ("a journey", 100): [1.4, 2.6, 1.3],
    ("a parcel", 1): [1.0, 1.0, 1.0],
    ("a parcel", 10): [1.0, 1.0, 1.0],
    ("a parcel", 100): [1.2, 1.2, 1.2],
    ("registrations", 1): [100.0, 100.0, 100.0],
    ("registrations", 10): [99.0, 90.0, 91.0],
    ("registrations", 100): [99.0, 99.0, 84.0],
}


def test_the_read_that_suffered_most_stands_for_all() -> None:
    measured = judged(FIGURES, READS, RATES)
    assert measured.details["the read"] == "a journey at 100 times"
    assert [(one.ours, one.raw) for one in measured.rounds] == [(1.4, 1.0), (2.6, 2.0), (1.3, 1.0)]


def test_a_read_that_is_slow_now_and_then_stands_for_all_before_one_that_is_a_little_slower() -> None:
    now_and_then = FIGURES | {("a parcel", 10): [1.0, 1.0, 9.0]}
    assert judged(now_and_then, READS, RATES).details["the read"] == "a parcel at 10 times"


def test_a_second_read_that_is_too_slow_is_a_shortfall_too() -> None:
    two_slow = FIGURES | {("a parcel", 10): [2.0, 2.0, 2.0], ("a journey", 100): [9.0, 9.0, 9.0]}
    assert "a parcel at 10 times: 2.00" in judged(two_slow, READS, RATES).shortfalls


def test_a_second_read_that_is_not_steady_is_not_judged_unless_it_is_fast_enough() -> None:
    unsteady = FIGURES | {("a parcel", 10): [9.0, 9.0, 9.0]}
    assert not judged(unsteady, READS, RATES).unjudged
    slow = unsteady | {("a journey", 100): [2.0, 4.0, 2.0]}
    assert judged(slow, READS, RATES).unjudged == ["a journey, which vary by 100% at one time"]


def test_the_low_end_of_a_rate_decides_on_a_shortfall() -> None:
    assert judged(FIGURES, READS, RATES).shortfalls == ["registrations at 100 times: 0.84"]


def test_a_rate_that_is_not_steady_at_its_smallest_neither_holds_nor_falls_short() -> None:
    measured = judged(FIGURES | {("registrations", 1): [100.0, 100.0, 126.0]}, READS, RATES)
    assert measured.unjudged == ["registrations, which vary by 26% at one time"]
    assert not measured.shortfalls
    assert not measured.short_of_aim


def test_a_rate_whose_best_is_slower_than_the_worst_at_its_smallest_falls_short_however_steady() -> None:
    slower = {("registrations", 1): [100.0, 100.0, 126.0], ("registrations", 100): [30.0, 84.0, 40.0]}
    assert judged(FIGURES | slower, READS, RATES).shortfalls == ["registrations at 100 times: 0.30"]
    nearly = slower | {("registrations", 100): [30.0, 85.0, 40.0]}
    assert not judged(FIGURES | nearly, READS, RATES).shortfalls


def test_a_rate_that_is_just_steady_enough_at_its_smallest_is_judged() -> None:
    measured = judged(FIGURES | {("registrations", 1): [100.0, 100.0, 125.0]}, READS, RATES)
    assert not measured.unjudged
    assert measured.shortfalls == ["registrations at 10 times: 0.73", "registrations at 100 times: 0.67"]


def test_what_lies_between_its_limits_is_short_of_its_aim() -> None:
    slower = FIGURES | {("a parcel", 100): [1.3, 1.3, 1.3]}
    assert judged(slower, READS, RATES).short_of_aim == [
        "a parcel at 100 times: 1.30",
        "registrations at 10 times: 0.90",
    ]
