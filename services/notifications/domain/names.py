"""Names of people and places as they may stand in a message: one line, nothing that reads as a link, not too long."""

import re
import unicodedata

from services.notifications.domain.segments import is_gsm7

COENG = "\u17d2"
JOINERS = "\u200c\u200d"
_ALLOWED_MARKS = "'-.,&()" + JOINERS
_SPACES = re.compile(r"\s+")
_DOT_INSIDE = re.compile(r"\.(?=\S)")


def plain(name: str) -> str:
    """Return a name of letters, digits and a few marks; `evil.example` comes out as two words."""
    kept = "".join(_kept(character) for character in unicodedata.normalize("NFC", name))
    return _SPACES.sub(" ", _DOT_INSIDE.sub(". ", kept)).strip()


def gsm_form(name: str) -> str:
    """Return a name without accents for the GSM alphabet; empty if a letter of it has no place there."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare if is_gsm7(bare) else ""


def shortened(name: str, most_units: int, ellipsis: str) -> str:
    """Cut a name to so many UTF-16 units, never inside a Khmer syllable or an accented letter."""
    if _units(name) <= most_units:
        return name
    end = len(name)
    while end and (_units(name[:end]) > most_units - len(ellipsis) or not _may_cut(name, end)):
        end -= 1
    return name[:end].rstrip(" ") + ellipsis


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LM" or category == "Nd" or character in _ALLOWED_MARKS:
        return character
    return "" if category in ("Cf", "Cs", "Co", "Cn") else " "


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _may_cut(text: str, at: int) -> bool:
    following = text[at : at + 1]
    joins = following and (unicodedata.category(following)[0] == "M" or following in JOINERS)
    return not joins and not text[:at].rstrip(" ").endswith((COENG, *JOINERS))
