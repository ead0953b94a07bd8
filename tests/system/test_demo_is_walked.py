"""The README's demo, as a newcomer runs it: a post office started for it, three parcels from end to end."""

import subprocess
import sys
from pathlib import Path

from onebox import ports
from tests.support.addresses import ROOT

WALKED_WITHIN_S = 120
FROM_SEOUL = (
    "Told ahead by the Korean post: ",
    "  scanned EMD at PPOE",
    "  scanned EME at PPOE",
    "Customs asked for papers; TK09A photographed them and sent them to PPOE.",
    "Charged 16000 riel of duty and fees (parcel.charges-set.v1: due).",
    "  scanned EDC at PPOE",
    "  scanned EDH at TK09A",
    "  refused EMI at TK09A: Duty and fees of this item are not paid; it cannot be handed over.",
    "Paid at the counter (parcel.charges-set.v1: paid).",
    "  scanned EMI at TK09A",
    "Left the country of origin · Seoul office of exchange",
    "Held by import customs · Phnom Penh office of exchange",
    "Handed over · CTC Tram Kak 1",
    "telegram to the recipient (Chan Thida, +855977654321)",
)
"""What is to be read of the last walk, in this order."""


def test_the_demo_walks_each_parcel_to_its_end(tmp_path: Path) -> None:
    port = ports.choose(tmp_path / "ports.json", ["door"])["door"]
    command = [sys.executable, "-m", "onebox", "demo", "--state", str(tmp_path / "state"), "--port", str(port)]

    walked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WALKED_WITHIN_S, check=False)

    assert walked.returncode == 0, walked.stdout[-2_000:] + walked.stderr[-2_000:]
    assert walked.stdout.count("Handed over · ") == 3
    posted_here, _, from_seoul = walked.stdout.partition("━━ A parcel from abroad")
    assert "Handed over · Seoul office of exchange" in posted_here
    assert "sms to the recipient" in posted_here
    assert "telegram to the sender" in posted_here
    for told in FROM_SEOUL:
        assert told in from_seoul, f"{told!r} is missing, or comes too early, in:\n{walked.stdout}"
        from_seoul = from_seoul.partition(told)[2]
