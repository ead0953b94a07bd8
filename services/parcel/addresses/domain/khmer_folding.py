"""One spelling for texts that look the same: order of signs, split vowels, hidden characters, digits, case.

Source: The Unicode Standard, section 16.4 (order within a Khmer syllable). NFC does not repair that order.
"""

import re
import unicodedata

COENG = "\u17d2"
KHMER_LETTERS = "\u1780-\u17b3"
_BREAKS_AND_JOINERS = [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
_INHERENT_VOWELS = [0x17B4, 0x17B5]
_ACCENTS = [*range(0x300, 0x370), 0x17DD]
_ONE_FORM: dict[int, str | None] = {
    **dict.fromkeys([*_BREAKS_AND_JOINERS, *_INHERENT_VOWELS, *_ACCENTS]),
    **{0x17E0 + digit: str(digit) for digit in range(10)},
    0x111: "d",
    0x17A3: "\u17a2",
    0x17A4: "\u17a2\u17b6",
    0x17B2: "\u17b1",
    0x17D3: "\u17c6",
}
"""None for what nobody sees; letters that Unicode discourages become those it prefers."""
_SHIFTERS = "\u17c9\u17ca"
_SHORT_U = "\u17bb"
_BEFORE_THE_LETTER = "\u17c1\u17c2\u17c3"
_VOWELS = [chr(code) for code in range(0x17B6, 0x17C6)]
_SIGNS = [*_VOWELS, *map(chr, range(0x17C6, 0x17D2))]
_PLACES = {
    **dict.fromkeys(_SIGNS, 6),
    **dict.fromkeys(_VOWELS, 5),
    **dict.fromkeys(_BEFORE_THE_LETTER, 4),
    _SHORT_U: 3,
    **dict.fromkeys(_SHIFTERS, 2),
    COENG + "\u179a": 1,
}
"""Where a part stands after its letter; subscripts other than RO come first."""
_PARTS = re.compile(f"(?:{COENG}[{KHMER_LETTERS}]|[{''.join(_SIGNS)}]){{2,}}")
_PART = re.compile(f"{COENG}?.")
_SHIFTER_UNDER_VOWEL = re.compile(f"[{_SHIFTERS}]+{_SHORT_U}?(?=[\u17b7-\u17ba\u17be\u17d0])")


def folded(text: str) -> str:
    """Return the one spelling of a text that stands for all that look like it.

    Lower case, without accents, hidden characters and superfluous spaces, digits 0-9.
    """
    plain = text.casefold()
    if not plain.isascii():
        shown = unicodedata.normalize("NFKD", text).casefold().translate(_ONE_FORM)
        # The subscripts of DA and TA are one drawing.
        whole = unicodedata.normalize("NFKD", shown).replace(f"{COENG}\u178a", f"{COENG}\u178f")
        plain = _PARTS.sub(lambda parts: _in_order(parts[0]), whole)
    return " ".join(plain.split())


def _in_order(parts: str) -> str:
    """Put subscripts first, then shifters, vowels and signs; each of them once, and none in two halves."""
    row = "".join(sorted(dict.fromkeys(_PART.findall(parts)), key=_place))
    whole = row.replace("\u17c1\u17b8", "\u17be").replace("\u17c1\u17b6", "\u17c4")
    # Under a vowel that stands above the letter a shifter is drawn as the vowel U, and so it is often typed.
    whole = _SHIFTER_UNDER_VOWEL.sub(_SHORT_U, whole)
    return whole if whole == parts else _in_order(whole)


def _place(part: str) -> tuple[int, str]:
    place = _PLACES.get(part, 0)
    return place, part if place else ""
