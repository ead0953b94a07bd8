"""Dated data files: each edition holds from a day until another takes its place, and stays readable afterwards."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict


class EditionProblem(ValueError):
    """The data files of a folder cannot be used as they are."""


class Part(BaseModel):
    """What a data file is made of; an unknown word in it is refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Edition(Part):
    """One file: its name, its days, and how far it can be relied on."""

    version: str
    valid_from: date
    valid_until: date | None
    """The last day; None until somebody says."""
    provisional: bool
    """Not confirmed by the post."""
    sample: bool
    """Made up, for trial set-ups."""
    source: str

    def holds_on(self, day: date) -> bool:
        """Tell whether the edition is in force."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


EditionT = TypeVar("EditionT", bound=Edition)


class Editions(Generic[EditionT]):
    """Every edition of one kind; no two of them hold on the same day."""

    def __init__(self, editions: Iterable[EditionT]) -> None:
        ordered = sorted(editions, key=lambda edition: edition.valid_from)
        for earlier, later in pairwise(ordered):
            if earlier.holds_on(later.valid_from):
                raise EditionProblem(f"{earlier.version} and {later.version} hold on the same day.")
        self.by_version: Mapping[str, EditionT] = {edition.version: edition for edition in ordered}
        if len(self.by_version) < len(ordered):
            raise EditionProblem("Two editions have the same version.")

    @classmethod
    def read(cls, folder: Path, kind: type[EditionT]) -> Self:
        """Read `<version>.json`, one file an edition.

        Raises: EditionProblem, ValidationError.
        """
        editions = []
        for path in sorted(folder.glob("*.json")):
            edition = kind.model_validate_json(path.read_bytes())
            if edition.version != path.stem:
                raise EditionProblem(f"{path.name} says that it is {edition.version}.")
            editions.append(edition)
        return cls(editions)

    def in_force(self, day: date, otherwise: type[Exception]) -> EditionT:
        """Return the edition in force on a day.

        Raises: the refusal given, where there is none.
        """
        for edition in self.by_version.values():
            if edition.holds_on(day):
                return edition
        raise otherwise
