"""Writes docs/canaries.md: what went in by which path, and where it was looked for, as a run of the tests counts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.access.running_post import SERVICES
from tests.canaries.run import Run

PAGE = Path(__file__).parents[2] / "docs" / "canaries.md"
TESTS = Path(__file__).parent / "test_canaries_stay.py"
WRITE = "CTCPOST_WRITE_CANARIES"
"""Set while the page is to be written anew."""
HEAD = """# Canaries

Personal data are where the design says and nowhere else. Names, phones and streets that nobody has go in by every path
of the three services, as they run, right and wrong; then each place where others look is gone through for them. A word
of theirs, in Khmer or Latin letters, or one of their phones anywhere there fails the test. So that the search can be
trusted, another test plants three of them in such places and finds all three.

This page is what a run counted. `python -m tests.canaries.page` runs it and writes the page anew; the same tests hold
the page to each later run:

```sh
.venv/bin/python -m pytest tests/canaries
```
"""


def page(run: Run) -> str:
    """Return the page as it is to be."""
    return "\n".join([HEAD, *_went_in(run), *_looked(run), *_by_route(run)]) + "\n"


def _went_in(run: Run) -> Iterator[str]:
    yield "## What went in"
    yield ""
    yield "| | how many |"
    yield "|---|--:|"
    yield f"| routes that write, asked with canaries in each field of free text | {len(run.right):,} |"
    yield f"| canaries in their right requests | {sum(run.right.values()):,} |"
    yield f"| wrong requests to them: no body, or a canary where none belongs | {sum(run.wrong.values()):,} |"
    yield f"| routes called with a name in the path | {len(run.paths):,} |"
    yield f"| questions with a name or a phone, of a clerk, an auditor and a trader | {sum(run.questions.values()):,} |"
    yield "| sealed records that were spoilt, and so became dead letters | 2 |"
    yield ""
    yield "Refusals, and answers to another office, were searched at once: none repeated what was sent."
    yield ""


def _looked(run: Run) -> Iterator[str]:
    yield "## Where they were looked for"
    yield ""
    yield "| place | what of it | canaries |"
    yield "|---|---|--:|"
    yield from (f"| `{topic}` | key, headers and payload of each record | 0 |" for topic in sorted(run.topics))
    for service in SERVICES:
        yield f"| dead letters of {service} | key, headers, payload and reason of each | 0 |"
        yield f"| `/metrics` of {service} | each line | 0 |"
    yield "| log of the three services | each line | 0 |"
    yield "| traces of the three services | each span with its attributes | 0 |"
    yield ""


def _by_route(run: Run) -> Iterator[str]:
    yield "## By route"
    yield ""
    yield "| route that writes | canaries in the right request | wrong requests |"
    yield "|---|--:|--:|"
    yield from (f"| `{name}` | {count} | {run.wrong[name]} |" for name, count in sorted(run.right.items()))
    yield ""
    yield "| route that was asked | questions |"
    yield "|---|--:|"
    yield from (f"| `{name}` | {count} |" for name, count in sorted(run.questions.items()))


def main() -> None:
    """Run the tests, which write the page at their end; in a process of their own, as pytest wants to be first."""
    command = [sys.executable, "-m", "pytest", "-q", str(TESTS)]
    sys.exit(subprocess.call(command, env=os.environ | {WRITE: "yes"}))


if __name__ == "__main__":
    main()
