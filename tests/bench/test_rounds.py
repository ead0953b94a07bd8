import gc

import pytest

from bench.rounds import Measurement, Round, bootstrap_interval, interleave


class Side:
    """Gives the figures it is told to, and writes down when its turn came."""

    def __init__(self, name: str, turns: list[str], figure: float) -> None:
        self.name, self.turns, self.figure = name, turns, figure

    async def __call__(self) -> float:
        self.turns.append(self.name)
        return self.figure


async def test_sides_take_turns_after_one_run_of_each_that_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []
    # Collecting the garbage of all tests so far takes half a second each time; that it is asked for is enough.
    monkeypatch.setattr(gc, "collect", lambda: turns.append("."))
    rounds = await interleave(Side("A", turns, 3.0), Side("B", turns, 2.0), 4, progress=lambda _: None)
    assert "".join(turns) == "".join(f".{side}" for side in "AB" + "ABBAABBA")
    assert [one.ratio for one in rounds] == [1.5] * 4


def test_the_interval_encloses_the_median_and_leaves_an_outlier_out() -> None:
    low, high = bootstrap_interval([0.9, 0.95, 1.0, 1.0, 1.05, 1.1, 9.0])
    assert 0.9 <= low <= 1.0 <= high <= 1.1


@pytest.mark.parametrize(("raw", "judged"), [([100, 110, 120], True), ([100, 110, 130], False)])
def test_a_raw_side_that_varies_too_much_is_not_judged(raw: list[float], judged: bool) -> None:
    assert Measurement([Round(100, figure) for figure in raw]).judged is judged
