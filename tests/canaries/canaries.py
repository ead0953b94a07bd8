"""Names, phones and streets that nobody has: where one of them is found later, a person would have been."""

import re
from collections.abc import Iterable, Iterator
from itertools import count

WORD, KHMER_WORD = "Canary", "កាណារី"
"""Every canary that is text holds one of the two."""
PREFIX = "1277"
"""Begins every canary phone, behind the country or the zero; four digits of its own follow."""

_numbers = count(1000)
_PHONE = re.compile(rf"(?<![0-9a-f-])(?:855|0)?{PREFIX}[0-9]{{4}}(?![0-9a-f-])")


def word(field: str) -> str:
    """Return a text that is not there yet, in both scripts."""
    return f"{WORD} {KHMER_WORD} {field.replace('_', ' ')} {next(_numbers)}"


def phone() -> str:
    """Return a phone that is not there yet."""
    return f"0{PREFIX}{next(_numbers)}"


def found_in(where: str, texts: Iterable[str]) -> Iterator[str]:
    """Name each text that holds a canary."""
    for text in texts:
        if any(needle in text.lower() for needle in (WORD.lower(), KHMER_WORD)) or _PHONE.search(_digits(text)):
            yield f"{where}: {text[:300]}"


def _digits(text: str) -> str:
    # The offset of a time goes first: behind its microseconds it would look like the end of a phone.
    return text.replace("+00:00", "Z").replace("+", "").replace(" ", "")
