import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder of our own: pytest closes its common one to other users whenever a run starts, PostgreSQL's included."""
    with tempfile.TemporaryDirectory(prefix="ctcpost-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
