"""A small disk can be filled to the last byte, and has room again afterwards."""

from pathlib import Path

import pytest

from tests.faults.injectors.small_disk import small_disk, why_not

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))


def test_a_full_disk_refuses_and_a_freed_one_takes(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", size_mb=1) as disk:
        (disk.folder / "before").write_bytes(b"x")
        disk.fill()
        with pytest.raises(OSError, match="No space left"), (disk.folder / "after").open("wb", buffering=0) as file:
            file.write(b"x" * 4_096)
        assert disk.is_full()
        disk.free()
        assert not disk.is_full()
        (disk.folder / "after").write_bytes(b"x" * 4_096)
    assert not list((tmp_path / "disk").iterdir())
