import os
import subprocess
import sys
from pathlib import Path

import pytest

from onebox import run_lock
from onebox.errors import AlreadyRunning

HOLD = """
import sys, time
from pathlib import Path
from onebox import run_lock
with run_lock.hold(Path(sys.argv[1])) as lock:
    lock.tell("http://127.0.0.1:8080")
    print("held", flush=True)
    time.sleep(60)
"""


def _other_process(state: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(state)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_start_says_which_one_runs_and_where(tmp_path: Path) -> None:
    with _other_process(tmp_path) as other:
        try:
            with pytest.raises(AlreadyRunning) as refused, run_lock.hold(tmp_path):
                pass
            assert f"process {other.pid}" in str(refused.value)
            assert "http://127.0.0.1:8080" in str(refused.value)
        finally:
            other.kill()


def test_a_killed_holder_leaves_the_lock_free_and_its_name(tmp_path: Path) -> None:
    with _other_process(tmp_path) as other:
        other.kill()
    assert run_lock.holder(tmp_path) is None
    with run_lock.hold(tmp_path) as lock:
        assert lock.crashed is not None
        assert lock.crashed.pid == other.pid


def test_a_holder_that_let_go_is_not_taken_for_a_crash(tmp_path: Path) -> None:
    with run_lock.hold(tmp_path):
        pass
    with run_lock.hold(tmp_path) as lock:
        assert lock.crashed is None


def test_the_holder_is_told_while_it_holds_and_not_after(tmp_path: Path) -> None:
    assert run_lock.holder(tmp_path) is None
    with run_lock.hold(tmp_path) as lock:
        lock.tell("http://127.0.0.1:1")
        assert run_lock.holder(tmp_path) == run_lock.Holder(os.getpid(), "http://127.0.0.1:1")
    assert run_lock.holder(tmp_path) is None


def test_the_holder_is_asked_to_stop_and_waited_for(tmp_path: Path) -> None:
    with _other_process(tmp_path):
        assert run_lock.stop_holder(tmp_path)
        assert run_lock.holder(tmp_path) is None
    assert not run_lock.stop_holder(tmp_path)
