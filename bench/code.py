"""Which code a figure is of: the commit it was measured at, and what became of the code since then."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHORT = 9
WRITTEN_MEANWHILE = ":(exclude)docs"
"""A run writes its own pages, metric by metric: they make no tree unclean."""


def measured() -> Mapping[str, str | bool | None]:
    """Return the commit that is checked out, and whether the tree is as committed; nothing is known without Git."""
    commit = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--", ".", WRITTEN_MEANWHILE)
    return {"commit": commit, "clean": None if changed is None else not changed}


def commits_since(commit: str, paths: Sequence[str]) -> int | None:
    """Return how many later commits touch the paths; None where the commit is not known here."""
    counted = _git("rev-list", "--count", "--no-merges", f"{commit}..HEAD", "--", *paths)
    return None if counted is None else int(counted)


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
