"""Shares of the box, of processes and all that they start."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from onebox.simulator.processor import SIMULATOR, Processor, of_post_office, roots_of_post_office

BUSY = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ntime.sleep(60)"


def test_a_child_counts_for_its_root_while_it_runs_and_after() -> None:
    processor = Processor({"services": psutil.Process(os.getpid())})
    processor.begin()
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        running = processor.shares()["services"] * (time.monotonic() - began) * (psutil.cpu_count() or 1)
        child.kill()
    ended = processor.shares()["services"] * (time.monotonic() - began) * (psutil.cpu_count() or 1)

    assert running == pytest.approx(0.6, abs=0.2)
    assert ended >= running - 0.05


def test_a_child_that_is_a_root_itself_counts_once() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE) as child:
        assert child.stdout
        processor = Processor({"services": psutil.Process(os.getpid()), "kafka": psutil.Process(child.pid)})
        processor.begin()
        began = time.monotonic()
        child.stdout.readline()
        at_hand_s = (time.monotonic() - began) * (psutil.cpu_count() or 1)
        shares = processor.shares()
        child.kill()

    assert shares["kafka"] * at_hand_s == pytest.approx(0.5, abs=0.2)
    assert shares["services"] * at_hand_s < 0.2


def test_the_simulator_is_not_part_of_the_post_office() -> None:
    shares = {"services": 0.1, "postgres": 0.05, SIMULATOR: 0.4, "whole box": 0.6}

    assert roots_of_post_office(shares) == {"services": 0.1, "postgres": 0.05}
    assert of_post_office(shares) == pytest.approx(0.15)


def test_without_a_post_office_here_only_the_simulator_is_watched(tmp_path: Path) -> None:
    assert set(Processor.of(tmp_path).roots) == {SIMULATOR}
