import subprocess
from pathlib import Path

import pytest

from bench import code


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(code, "ROOT", tmp_path)
    git(tmp_path, "init", "-q")
    return tmp_path


def git(tree: Path, *arguments: str) -> None:
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    subprocess.run(["git", *who, *arguments], cwd=tree, check=True)


def commit(tree: Path, file: str, text: str) -> str:
    (tree / file).parent.mkdir(exist_ok=True)
    (tree / file).write_text(text)
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "one")
    return str(code.measured()["commit"])


def test_what_touches_the_code_is_counted_and_nothing_else(tree: Path) -> None:
    first = commit(tree, "shared/a.py", "1")
    commit(tree, "docs/a.md", "1")
    commit(tree, "shared/a.py", "2")
    assert code.commits_since(first, ["shared"]) == 1
    assert code.commits_since(first, ["services"]) == 0
    assert code.commits_since("0" * 40, ["shared"]) is None


def test_a_tree_is_unclean_by_its_code_and_not_by_the_pages_that_a_run_writes(tree: Path) -> None:
    commit(tree, "shared/a.py", "1")
    commit(tree, "docs/performance.md", "1")
    (tree / "docs" / "performance.md").write_text("2")
    assert code.measured()["clean"] is True
    (tree / "shared" / "a.py").write_text("2")
    assert code.measured()["clean"] is False


def test_nothing_is_known_outside_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert code.measured() == {"commit": None, "clean": None}
