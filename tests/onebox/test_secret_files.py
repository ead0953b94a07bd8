from pathlib import Path

from onebox.secret_files import kept


def test_a_secret_is_made_once_and_stays(tmp_path: Path) -> None:
    first = kept(tmp_path / "secrets", "one")
    assert len(first) >= 32
    assert kept(tmp_path / "secrets", "one") == first
    assert kept(tmp_path / "secrets", "two") != first


def test_only_its_owner_reads_a_secret(tmp_path: Path) -> None:
    kept(tmp_path / "secrets", "one")
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "one").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["one"]
