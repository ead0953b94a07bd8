"""What an address abroad must say, and how its last lines are written, by country."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

_FORMATS = Path(__file__).parents[1] / "formats" / "countries.json"

Part = Literal["lines", "city", "region", "postal_code"]


class PostalCodeForm(BaseModel):
    """How the postal codes of a country are written: capitals, as a whole, and one such as there are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: str
    such_as: str


class AddressFormat(BaseModel):
    """The form of one country; `last_lines` come before the country and are left out where nothing fills them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asks_for: tuple[Part, ...]
    last_lines: tuple[str, ...]
    postal_code: PostalCodeForm | None = None
    """None where the country has no codes, or their form is not known here."""

    def fill(self, **parts: str | None) -> list[str]:
        """Write the last lines."""
        filled = {name: part or "" for name, part in parts.items()}
        lines = (" ".join(line.format_map(filled).split()) for line in self.last_lines)
        return [line for line in lines if line]


class _Formats(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    valid_from: date
    provisional: bool
    source: str
    otherwise: AddressFormat
    countries: Mapping[str, AddressFormat]


def format_of(country: str) -> AddressFormat:
    """Return the form of a country, or the one of those that have none of their own."""
    formats = _formats()
    return formats.countries.get(country, formats.otherwise)


@cache
def _formats() -> _Formats:
    return _Formats.model_validate_json(_FORMATS.read_bytes())
