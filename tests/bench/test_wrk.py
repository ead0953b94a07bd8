from pathlib import Path

import pytest

from bench import wrk


async def test_a_missing_client_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="install the package wrk"):
        await wrk.register("http://127.0.0.1:1", tmp_path / "tokens", 1, connections=1)
