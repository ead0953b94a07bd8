"""Dated files: which one holds on a day, and which folders are refused."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.editions import Edition, EditionProblem, Editions


def edition(version: str, valid_from: date, valid_until: date | None = None, **values: Any) -> Edition:
    return Edition(
        version=version,
        valid_from=valid_from,
        valid_until=valid_until,
        provisional=True,
        sample=True,
        source="made up",
        **values,
    )


FIRST = edition("first", date(2026, 1, 1), date(2026, 6, 30))
LATER = edition("later", date(2026, 8, 1))


class NothingInForce(Exception):
    """Nothing is in force on this day."""


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2026, 1, 1), "first"),
        (date(2026, 6, 30), "first"),
        (date(2026, 8, 1), "later"),
        (date(2066, 8, 1), "later"),
    ],
)
def test_an_edition_holds_from_its_first_to_its_last_day(day: date, version: str) -> None:
    assert Editions([LATER, FIRST]).in_force(day, NothingInForce).version == version


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 1), date(2026, 7, 31)])
def test_a_day_without_an_edition_is_refused_as_its_reader_says(day: date) -> None:
    with pytest.raises(NothingInForce):
        Editions([LATER, FIRST]).in_force(day, NothingInForce)


@pytest.mark.parametrize("first_day", [date(2026, 1, 1), date(2026, 6, 30)])
def test_two_editions_of_one_day_are_refused(first_day: date) -> None:
    with pytest.raises(EditionProblem):
        Editions([FIRST, edition("other", first_day, first_day)])


def test_an_edition_without_an_end_admits_none_after_it() -> None:
    with pytest.raises(EditionProblem):
        Editions([LATER, edition("last", LATER.valid_from + timedelta(days=400))])


def test_two_editions_of_one_name_are_refused() -> None:
    with pytest.raises(EditionProblem):
        Editions([FIRST, edition("first", date(2026, 7, 1))])


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    for one in (FIRST, LATER):
        (tmp_path / f"{one.version}.json").write_text(one.model_dump_json())

    assert Editions.read(tmp_path, Edition).by_version == {"first": FIRST, "later": LATER}


def test_a_file_named_for_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "second.json").write_text(FIRST.model_dump_json())

    with pytest.raises(EditionProblem):
        Editions.read(tmp_path, Edition)


def test_a_misspelt_word_in_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "first.json").write_text(FIRST.model_dump_json().replace("source", "sauce"))

    with pytest.raises(ValidationError):
        Editions.read(tmp_path, Edition)
