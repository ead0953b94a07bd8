"""Letters that papers can show: those of the one font that papers are set in.

A name is kept as it was written. On paper a Latin letter goes without the accents that the font lacks, as in the line
of a passport that machines read; a letter that the font lacks altogether is refused where a name comes in.
"""

import unicodedata
from functools import cache

import fontpkg  # type: ignore[import-untyped]  # has no stubs
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no stubs

from shared.errors import FieldProblem

FONT = "Noto Sans Khmer"
NOT_SHOWN = "?"
"""Stands on paper for a letter that was registered before letters were looked at."""
MOST_NAMED = 3
_JOINERS = "\u200c\u200d"


def as_printed(text: str) -> str:
    """Return a text as papers show it: composed, without invisible marks, with single spaces."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(sign for sign in composed if sign in _JOINERS or unicodedata.category(sign) != "Cf")
    plain = " ".join(visible.split())
    if _signs().issuperset(plain):
        return plain
    return "".join(_shown(sign) or ("" if _is_mark(sign) else NOT_SHOWN) for sign in plain)


def unprintable_letters(text: str) -> list[str]:
    """Return the letters of a text that no paper can show, each once, in the order of Unicode."""
    if _signs().issuperset(text):
        return []
    composed = unicodedata.normalize("NFC", text)
    visible = {sign for sign in composed if unicodedata.category(sign) != "Cf" and not sign.isspace()}
    return sorted(sign for sign in visible if not _shown(sign) and not _is_mark(sign))


def print_problem(text: str, field: str) -> FieldProblem | None:
    """Return what is wrong with a text that no paper can show."""
    letters = unprintable_letters(text)
    if not letters:
        return None
    # A few of them, and not in their order: together they may be somebody's name.
    named = ", ".join(letters[:MOST_NAMED])
    message = f"Write in Khmer or Latin letters, as in a passport, what has a sign that papers cannot show: {named}"
    return FieldProblem(field, "glyph-missing", message)


def _shown(sign: str) -> str:
    """Return a sign in signs of the font, without its accents that the font lacks; nothing for one it lacks itself."""
    if sign in _signs():
        return sign
    parts = unicodedata.normalize("NFKD", sign)
    if any(part not in _signs() for part in parts if not _is_mark(part)):
        return ""
    return unicodedata.normalize("NFC", "".join(part for part in parts if part in _signs()))


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M"


@cache
def _signs() -> frozenset[str]:
    """Return every sign that the font has; it is read once, when somebody needs it."""
    with TTFont(fontpkg.path(FONT), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
