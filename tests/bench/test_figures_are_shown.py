"""What the page and the picture of performance show is what was measured last."""

import re
import shutil
from pathlib import Path

from bench import report, results

DOCS = results.DOCS
MEASURED = results.read(DOCS / "performance.json")
COUNTED = re.compile(r", older code|, \d+ commits to its code before this page|\| (unchanged|\d+ commits?|unknown) ")
"""What a page says of the commits since, which is true of the day when it was written."""


def test_the_picture_is_drawn_from_the_figures_of_now() -> None:
    assert results.fingerprint(MEASURED) in (DOCS / "performance.svg").read_text()


def test_other_figures_have_another_fingerprint() -> None:
    other = MEASURED | {"P1": MEASURED["P1"] | {"ratio": MEASURED["P1"]["ratio"] + 0.001}}
    assert results.fingerprint(other) != results.fingerprint(MEASURED)


def test_the_page_shows_the_figures_of_now(tmp_path: Path) -> None:
    for name in ("performance.md", "load.json"):
        shutil.copy(DOCS / name, tmp_path / name)
    report.write(tmp_path / "performance.md", MEASURED)
    written, shown = ((folder / "performance.md").read_text() for folder in (tmp_path, DOCS))
    assert COUNTED.sub("", written) == COUNTED.sub("", shown)
