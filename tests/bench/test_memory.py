import pytest

from bench import memory
from bench.memory import METRIC
from bench.rounds import Round
from onebox.configuration import SERVICES

ROUNDS = [Round(110, 100)] * 7


@pytest.mark.parametrize(
    ("over_bare", "growth", "verdict"),
    [
        (1.30, 1.01, "aim"),
        (1.31, 1.00, "must"),
        (1.20, 1.02, "must"),
        (1.61, 1.00, "missed"),
        (1.20, 1.06, "missed"),
    ],
)
def test_what_a_service_takes_after_many_events_counts_as_much_as_idle(
    over_bare: float, growth: float, verdict: str
) -> None:
    full = {name: 100 * (over_bare if name == "notifications" else 1.1) for name in SERVICES}
    warm = {name: mib / (growth if name == "notifications" else 1) for name, mib in full.items()}
    bare = dict.fromkeys(SERVICES, 100.0)
    assert METRIC.verdict(memory._judged(ROUNDS, bare, warm, full, 1_000_000)) == verdict
