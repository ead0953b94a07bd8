"""Faces are made once on a machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no stubs

from services.parcel.documents.drawing.fonts import Weight, font_file


@pytest.fixture(autouse=True)
def as_a_new_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    font_file.cache_clear()
    yield
    font_file.cache_clear()


def test_a_face_is_static_and_the_next_process_takes_the_same_file() -> None:
    made = font_file(Weight.BOLD)
    with TTFont(made) as font:
        assert "fvar" not in font
        assert font["OS/2"].usWeightClass == 700
    at = made.stat().st_mtime_ns
    font_file.cache_clear()
    assert (font_file(Weight.BOLD), made.stat().st_mtime_ns) == (made, at)
    assert list(made.parent.iterdir()) == [made]


def test_a_user_who_can_keep_nothing_gets_faces_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert font_file(Weight.BOLD).exists()
