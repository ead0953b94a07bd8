from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from bench import code, ramp_figures, report, results
from bench.ground import Ground
from bench.metric import Metric
from bench.rounds import Beside, Measurement, Round

PAGE = f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n"
ENVIRONMENT = dict.fromkeys((*report.MACHINE, "asyncpg", "postgresql fsync"), "1")
RAMP = {
    "measured": "2026-11-30T05:00+00:00",
    "commit": "0123456789",
    "clean": False,
    "level": "nation",
    "seed": 1,
    "steps": [{"goodput_per_s": 70.2}, {"goodput_per_s": 66.0}],
}
LOAD = {"load_before": 0.1, "load_after": 1.2, "steal": 0.0, "busy": 0.9}


async def nothing(_ground: Ground) -> Measurement:
    raise NotImplementedError


def metric(name: str = "P3", *, must: float = 0.85, aim: float = 1.0, higher_is_better: bool = True) -> Metric:
    return Metric(name, "events a second", "a bare loop", "/s", must, aim, nothing, higher_is_better)


def rounds(*ratios: float) -> Sequence[Round]:
    return [Round(ratio * 100, 100) for ratio in ratios]


def entry(one: Metric, measured: Measurement) -> Any:
    return results.entry(one, measured, ENVIRONMENT, LOAD)


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (Measurement(rounds(*[1.1] * 7)), "aim"),
        (Measurement(rounds(*[0.9] * 7)), "must"),
        (Measurement(rounds(*[0.8] * 7)), "missed"),
        (Measurement(rounds(0.9, 0.9, 0.9, 0.9, 0.5, 0.5, 0.5)), "missed"),
        (Measurement(rounds(*[1.1] * 7), shortfalls=["grew"]), "missed"),
        (Measurement(rounds(*[1.1] * 7), short_of_aim=["a rate at 100 times"]), "must"),
        (Measurement(rounds(*[1.1] * 7), [Beside("a peer", 1, 5, aim_times=10)]), "must"),
        (Measurement([Round(100, 100), Round(100, 130)]), "not judged"),
        (Measurement([Round(50, 100), Round(50, 130)]), "missed"),
        (Measurement([Round(100, 100), Round(100, 130)], shortfalls=["grew"]), "missed"),
        (Measurement(rounds(*[1.1] * 7), unjudged=["a rate"]), "not judged"),
        (Measurement(rounds(*[0.8] * 7), unjudged=["a rate"]), "missed"),
        (Measurement(rounds(*[1.1] * 7), unjudged=["a rate"], shortfalls=["grew"]), "missed"),
    ],
)
def test_a_verdict_follows_the_bad_end_of_the_interval(measured: Measurement, verdict: str) -> None:
    assert metric().verdict(measured) == verdict


def test_a_latency_is_better_when_it_is_lower() -> None:
    slow = metric(must=3, aim=2, higher_is_better=False)
    assert [slow.verdict(Measurement(rounds(*[ratio] * 7))) for ratio in (1.9, 2.5, 3.5)] == ["aim", "must", "missed"]


def test_one_metric_alone_replaces_its_own_entry(tmp_path: Path) -> None:
    file = tmp_path / "performance.json"
    for name, ratio in (("P13", 1.0), ("P3", 0.9), ("P13", 1.2)):
        results.keep(file, name, entry(metric(name), Measurement(rounds(*[ratio] * 7))))
    assert [(name, one["ratio"]) for name, one in results.read(file).items()] == [("P3", 0.9), ("P13", 1.2)]


def test_figures_are_written_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(PAGE)
    measured = Measurement(
        rounds(*[0.9] * 7), [Beside("a peer", 1234, 7.5)], {"bytes": 3.0}, ["grew"], unjudged=["a rate"]
    )
    for _ in range(2):
        report.write(page, {"P3": entry(metric(), measured)})
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| P3 | 0.900 | 0.900 to 0.900 | ≥ 0.85 | ≥ 1 | 0% | **missed** |" in text
    assert "| P3 | a peer | 1,234 /s | 7.5 times that |  |" in text
    assert "- P3: bytes 3.00; not judged: a rate; **grew**." in text
    assert text.count(report.BEGIN) == 1


@pytest.mark.parametrize(
    ("known", "since", "shown"),
    [
        ({"commit": "a" * 40, "clean": True}, 0, "| 2 | aaaaaaaaa | unchanged |"),
        ({"commit": "a" * 40, "clean": False}, 3, "| 2 | aaaaaaaaa, and changes | 3 commits |"),
        ({"commit": "a" * 40, "clean": None}, None, "| 2 | aaaaaaaaa, or shortly before | not known |"),
        ({"commit": None, "clean": None}, 3, "| 2 | not known | not known |"),
    ],
)
def test_the_page_shows_the_commit_of_a_figure_and_that_its_code_is_older(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, known: Any, since: int | None, shown: str
) -> None:
    monkeypatch.setattr(code, "commits_since", lambda _commit, _paths: since)
    page = tmp_path / "performance.md"
    page.write_text(PAGE)
    report.write(page, {"P3": entry(metric(), Measurement(rounds(0.9, 0.9))) | known})
    text = page.read_text()
    assert shown in text
    assert ("| holds, older code |" in text) == (since == 3 and known["commit"] is not None)


def test_the_page_shows_the_load_once_it_is_drawn(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(PAGE)
    shown = []
    for _ in range(2):
        report.write(page, {"P3": entry(metric(), Measurement(rounds(1.0)))})
        shown.append(page.read_text().count("](load.svg)"))
        (tmp_path / "load.json").write_bytes(orjson.dumps(RAMP))
    assert shown == [0, 1]
    assert "at 012345678 with changes, level nation, seed 1: at most 70 events" in page.read_text()


def test_the_figures_of_a_ramp_keep_the_code_that_they_were_measured_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(code, "measured", lambda: {"commit": "fedcba98765", "clean": True})
    file = tmp_path / "load.json"
    file.write_bytes(orjson.dumps({"level": "nation", "seed": 1, "steps": [{"goodput_per_s": 12.4}]}))
    first = ramp_figures.read(file)
    assert first["measured"].startswith(f"{datetime.now(UTC):%Y-}")
    assert ramp_figures.caption(first).endswith(
        "at fedcba987, level nation, seed 1: at most 12 events a second were done in time."
    )
    monkeypatch.setattr(code, "measured", lambda: {"commit": "another", "clean": True})
    assert ramp_figures.read(file) == first


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("no marks\n")
    with pytest.raises(ValueError, match="lacks"):
        report.write(page, {"P3": entry(metric(), Measurement(rounds(1.0)))})
