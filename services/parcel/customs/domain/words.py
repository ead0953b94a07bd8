"""Descriptions of goods as words that can be compared, whatever their case, number or accents."""

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+")
_PLURAL_OF_HISS = re.compile(r"(ss|x|ch|sh)es$")
_NO_PLURAL = ("ss", "us", "is")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text: lower case, no accents, singular, no digits."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(sign for sign in decomposed if not "\u0300" <= sign <= "\u036f")
    return tuple(_singular(word) for word in _WORD.findall(plain))


def holds_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Tell whether the words of a phrase stand side by side among others."""
    length = len(phrase)
    return any(tuple(words[i : i + length]) == tuple(phrase) for i in range(len(words) - length + 1))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if _PLURAL_OF_HISS.search(word):
        return word[:-2]
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith(_NO_PLURAL) else word
