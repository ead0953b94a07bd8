"""The pictures of papers in the docs are what a counter gets now."""

import io
import os
import re

import pytest
from PIL import Image, ImageChops

from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel.documents.papers import scanned
from tests.parcel.documents.pictures import FOLDER, PICTURES, WRITE, picture

MOST_DIFFERENT = 0.002
"""Of all dots: another release of the library that draws dots may set a few otherwise."""
AGAIN = "run python -m tests.parcel.documents.pictures"
CODES = {
    "label-a6": {"PD100000003KH", "https://post.example/tracking/items/PD100000003KH"},
    "label-100x150": {"RR100000003KH", "https://post.example/tracking/items/RR100000003KH"},
    "receipt-80": {"PD100000003KH", "https://post.example/tracking/items/PD100000003KH"},
    "receipt-58-void": {"https://post.example/tracking/items/CP100000003KH"},
    "cn22": {"RR100000003KH"},
    "cn23-cp72": {"CP100000003KH"},
    "sticker": {"PD100000003KH"},
}


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_what_a_counter_gets_now(parcel_db: Database, key_ring: KeyRing, name: str) -> None:
    async with parcel_db.transaction() as tx:
        drawn_now = await picture(tx, key_ring, name)
    if os.environ.get(WRITE):
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.png").write_bytes(drawn_now)
    kept = Image.open(FOLDER / f"{name}.png").convert("L")
    drawn = Image.open(io.BytesIO(drawn_now)).convert("L")

    assert kept.size == drawn.size, AGAIN
    different = sum(ImageChops.difference(kept, drawn).histogram()[128:])
    assert different <= MOST_DIFFERENT * drawn.width * drawn.height, AGAIN


@pytest.mark.parametrize("name", PICTURES)
def test_a_scanner_reads_a_picture_as_the_paper(name: str) -> None:
    assert {text for _, text in scanned(Image.open(FOLDER / f"{name}.png"))} == CODES[name]


def test_the_page_shows_every_picture_and_no_other() -> None:
    page = (FOLDER.parent / "papers.md").read_text()

    assert set(re.findall(r"\(papers/([a-z0-9-]+)\.png\)", page)) == set(PICTURES)
    assert {path.stem for path in FOLDER.iterdir()} == set(PICTURES)
    assert all(path.stat().st_size < 100_000 for path in FOLDER.iterdir()), "small enough to read on a slow line"
