from bench.growth import judged

READS, RATES = ("a journey", "a parcel"), ("registrations",)
FIGURES = {
    ("a journey", 1): [1.0, 2.0, 1.0],
    ("a journey", 10): [1.1, 2.2, 1.1],
    ("a journey", 100): [1.4, 2.6, 1.3],
    ("a parcel", 1): [1.0, 1.0, 1.0],
    ("a parcel", 10): [1.0, 1.0, 9.0],
    ("a parcel", 100): [1.2, 1.2, 1.2],
    ("registrations", 1): [100.0, 100.0, 100.0],
    ("registrations", 10): [99.0, 90.0, 91.0],
    ("registrations", 100): [99.0, 99.0, 84.0],
}


def test_the_read_that_suffered_most_stands_for_all() -> None:
    measured = judged(FIGURES, READS, RATES)
    assert measured.details["the read"] == "a journey at 100 times"
    assert [(one.ours, one.raw) for one in measured.rounds] == [(1.4, 1.0), (2.6, 2.0), (1.3, 1.0)]


def test_the_low_end_of_a_rate_decides_on_a_shortfall() -> None:
    assert judged(FIGURES, READS, RATES).shortfalls == ["registrations at 100 times: 0.84"]


def test_a_rate_between_its_limits_is_short_of_its_aim() -> None:
    assert judged(FIGURES, READS, RATES).short_of_aim == ["registrations at 10 times: 0.90"]
