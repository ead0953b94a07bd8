"""`.ci/run` on a machine that has nothing of ours: it installs what the faults take, and leaves none of them out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.addresses import ROOT

NEEDED = ("bash", "dirname", "env", "id")
TOOLS = {"faketime": "faketime", "ip": "iproute2", "mount": "mount", "git": "git"}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs with Python and a `make` and an `apt-get` that write down what they are asked for."""
    for name in NEEDED:
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "python3").symlink_to(sys.executable)
    _add(tmp_path, "make", f'echo "$CTCPOST_FAULTS_ALL make $*" >> {tmp_path}/asked')
    for name in ("apt-get", "sudo"):
        _add(tmp_path, name, f'echo "{name} $*" >> {tmp_path}/asked')
    return tmp_path


def test_ci_installs_what_the_faults_take(machine: Path) -> None:
    asked = _run(machine)
    installed = next(line for line in asked if "install" in line)
    assert set(TOOLS.values()) <= set(installed.split())


def test_ci_installs_nothing_that_is_there(machine: Path) -> None:
    for name in TOOLS:
        _add(machine, name, "true")
    assert [line for line in _run(machine) if "apt-get" in line] == []


@pytest.mark.parametrize(("told", "seen"), [({}, "1 make test"), ({"CTCPOST_FAULTS_ALL": ""}, " make test")])
def test_ci_leaves_no_fault_out_unless_it_is_told_to(machine: Path, told: dict[str, str], seen: str) -> None:
    assert _run(machine, told)[-1].startswith(seen)


def _run(machine: Path, told: dict[str, str] | None = None) -> list[str]:
    environment = {"PATH": str(machine), "HOME": os.environ.get("HOME", "/"), **(told or {})}
    subprocess.run([ROOT / ".ci" / "run"], env=environment, check=True, timeout=30)
    return (machine / "asked").read_text().splitlines()


def _add(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!{machine}/bash\n{script}\n")
    program.chmod(0o755)
