"""The README's demo, as a newcomer runs it: a post office started for it, two parcels from end to end."""

import subprocess
import sys
from pathlib import Path

from onebox import ports
from tests.support.addresses import ROOT

WALKED_WITHIN_S = 120


def test_the_demo_walks_both_parcels_to_their_ends(tmp_path: Path) -> None:
    port = ports.choose(tmp_path / "ports.json", ["door"])["door"]
    command = [sys.executable, "-m", "onebox", "demo", "--state", str(tmp_path / "state"), "--port", str(port)]

    walked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WALKED_WITHIN_S, check=False)

    assert walked.returncode == 0, walked.stdout[-2_000:] + walked.stderr[-2_000:]
    assert walked.stdout.count("Handed over · ") == 2
    assert "Handed over · Seoul office of exchange" in walked.stdout
    assert "sms to the recipient" in walked.stdout
    assert "telegram to the sender" in walked.stdout
