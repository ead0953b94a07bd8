"""The pictures of papers in the docs are what the code draws now."""

import io
import re

import pytest
from PIL import Image, ImageChops

from tests.parcel.documents.pictures import FOLDER, PICTURES, picture

MOST_DIFFERENT = 0.002
"""Of all dots: another release of the library that draws dots may set a few otherwise."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_is_drawn_now(name: str) -> None:
    kept = Image.open(FOLDER / f"{name}.png").convert("L")
    drawn = Image.open(io.BytesIO(picture(name))).convert("L")

    assert kept.size == drawn.size, "run python -m tests.parcel.documents.pictures"
    different = sum(ImageChops.difference(kept, drawn).histogram()[128:])
    assert different <= MOST_DIFFERENT * drawn.width * drawn.height, "run python -m tests.parcel.documents.pictures"


def test_the_page_shows_every_picture_and_no_other() -> None:
    page = (FOLDER.parent / "papers.md").read_text()

    assert set(re.findall(r"\(papers/([a-z0-9-]+)\.png\)", page)) == set(PICTURES)
    assert {path.stem for path in FOLDER.iterdir()} == set(PICTURES)
    assert all(path.stat().st_size < 100_000 for path in FOLDER.iterdir()), "small enough to read on a slow line"
