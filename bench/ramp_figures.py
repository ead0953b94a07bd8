"""docs/load.json and docs/peak_hour.json: what the simulator told, and the code that it was played against."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from bench import code

RampFigures = Mapping[str, Any]
PLAYED = ("shared", "services", "onebox")


def read(file: Path) -> RampFigures:
    """Return the figures of a run; those that do not say when they came, and of which code, came just now."""
    told: RampFigures = orjson.loads(file.read_bytes())
    if "measured" not in told:
        told = {"measured": f"{datetime.now(UTC):%Y-%m-%dT%H:%M+00:00}", **code.measured(), **told}
        file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return told


def caption(told: RampFigures) -> str:
    """Return the sentence below the picture."""
    of = (told["commit"] or "unknown")[: code.SHORT] + ("" if told["clean"] else " with changes")
    since = code.commits_since(told["commit"], PLAYED) if told["commit"] else None
    of += f", {since} commits to its code before this page" if since else ""
    done = max(step["goodput_per_s"] for step in told["steps"])
    return (
        f"Measured {told['measured']} at {of}, level {told['level']}, seed {told['seed']}: at most {done:.0f} events a "
        "second were done in time."
    )
