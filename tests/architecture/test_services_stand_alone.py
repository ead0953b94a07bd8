"""Each service imports with nothing but `shared` beside it, as in its image."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("service", ["parcel", "tracking", "notifications"])
def test_a_service_imports_with_only_shared_beside_it(service: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "shared", tmp_path / "shared")
    shutil.copytree(ROOT / "services" / service, tmp_path / "services" / service)
    shutil.copy(ROOT / "services" / "__init__.py", tmp_path / "services" / "__init__.py")
    code = f"import services.{service}.main as m; assert callable(m.build)"
    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
