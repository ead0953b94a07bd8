"""docs/performance.json: the last measurement of each metric, with what it was measured on."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from bench import code
from bench.metric import Metric
from bench.rounds import Measurement
from shared.clock import now

DOCS = Path(__file__).parents[1] / "docs"
PACKAGES = "requirements/bench.txt"
"""Other libraries are other code, on both sides."""
Results = dict[str, dict[str, Any]]
"""What a run wrote down, by the metric's name."""


def entry(metric: Metric, measured: Measurement, environment: Mapping[str, str], load: Mapping[str, float]) -> Any:
    """Return what is kept of one measurement."""
    low, high = measured.interval
    return {
        "ratio": round(measured.ratio, 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "must": metric.must,
        "aim": metric.aim,
        "better": "higher" if metric.higher_is_better else "lower",
        "verdict": metric.verdict(measured),
        "shortfalls": list(measured.shortfalls),
        "short_of_aim": list(measured.short_of_aim),
        "unjudged": list(measured.unjudged),
        "unit": metric.unit,
        "sentence": metric.sentence,
        "raw_is": metric.raw,
        "raw_spread": round(measured.raw_spread, 3),
        "rounds": [[round(one.ours, 3), round(one.raw, 3)] for one in measured.rounds],
        "beside": [
            {"name": one.name, "figure": round(one.figure, 2), "times": round(one.times, 2), "aim_times": one.aim_times}
            for one in measured.beside
        ],
        "details": dict(measured.details),
        "measured_at": _minute(now()),
        **code.measured(),
        "code": [*metric.code, metric.measured_by, PACKAGES],
        "load": dict(load),
        "environment": dict(environment),
    }


def read(file: Path) -> Results:
    """Return what earlier runs wrote down."""
    return dict(orjson.loads(file.read_bytes())) if file.exists() else {}


def fingerprint(results: Results) -> str:
    """Return a digest of what the picture shows, which it carries, so that a picture of older figures is found."""
    shown = [
        [name, *(one[key] for key in ("ratio", "low", "high", "must", "aim", "verdict"))]
        for name, one in results.items()
    ]
    return hashlib.sha256(orjson.dumps(shown)).hexdigest()[:16]


def keep(file: Path, name: str, one: Mapping[str, Any]) -> Results:
    """Put one metric's entry in place of its last one; returns all entries, in the order of their numbers."""
    results = read(file) | {name: dict(one)}
    ordered = {key: results[key] for key in sorted(results, key=lambda key: int(key.lstrip("P")))}
    file.write_bytes(orjson.dumps(ordered, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return ordered


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
