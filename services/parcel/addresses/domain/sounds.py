"""The consonants that a Khmer name and its Latin spelling share, whoever spelt it.

Vowels are left out, for no two people write them alike; so is what is written and not heard.
K T P C N Q M R L S H V Y stand for g/k/kh, d/t/th, b/p/ph/f, ch/j, n/nh, ng, m, r, l, s, h, v/w, y.
"""

import re
from functools import lru_cache

from services.parcel.addresses.domain.khmer_folding import COENG, KHMER_LETTERS

_HEARD_AS = {
    "K": "កខគឃ",
    "Q": "ង",
    "C": "ចឆជឈ",
    "N": "ញណន",
    "T": "ដឋឌឍតថទធ",
    "P": "បផពភ",
    "M": "ម",
    "Y": "យ",
    "R": "រឫឬ",
    "L": "លឡឭឮ",
    "V": "វ",
    "S": "សឝឞ",
    "H": "ហ",
}
_SOUND_OF = {letter: sound for sound, letters in _HEARD_AS.items() for letter in letters}
_NOT_HEARD_AT_AN_END = "RVYH"
_CLUSTER = re.compile(f"([{KHMER_LETTERS}])((?:{COENG}[{KHMER_LETTERS}])*)([^{KHMER_LETTERS}{COENG}]*)")
_TOANDAKHIAT = "\u17cd"
_NIKAHIT = "\u17c6"
_SHORT_U = "\u17bb"
_BANTOC = "\u17cb"
_NO_VOWEL = re.compile("[\u17c9-\u17cd\u17cf]*")
_CLOSING = re.compile("[\u17c6\u17c7\u17cb]")

_LATIN_SOUND = re.compile(
    "|".join(
        f"(?P<{sound}>{spelt})"
        for sound, spelt in {
            "Q": r"ng|n(?=[kg])",
            "NH": r"nh(?=[aeiou])",
            "N": r"n(?:h|y(?=[aeiou]))?",
            "C": r"tch|ch+|j|ts",
            "K": r"[kgcq]+h?",
            "S": r"x|z|s+h?",
            "T": r"[td]+h?",
            "P": r"[pb]+h?|f+",
            "M": r"m",
            "L": r"l",
            "R": r"r(?=[aeiouy])",
            "V": r"[vw](?=[aeiouy])",
            "Y": r"(?<![b-df-hj-np-tv-xz])y(?=[aeiou])",
            "H": r"(?<![b-df-hj-np-tv-xz])h(?=[aeiouy])",
        }.items()
    )
)
MOST_CLUSTERS = 1_024
"""Written syllables remembered; the language has fewer, people who press keys at random have more."""
_TWICE = re.compile(r"(.)\1+")


def khmer_sounds(run: str) -> str:
    """Return the consonants heard in a folded Khmer text without spaces."""
    clusters = _CLUSTER.findall(run)
    heard, is_closed = "", False
    for at, (letter, subscripts, signs) in enumerate(clusters):
        if _TOANDAKHIAT in signs:
            continue
        following = clusters[at + 1][0] if at + 1 < len(clusters) else ""
        is_bare = at > 0 and not subscripts and _NO_VOWEL.fullmatch(signs) is not None
        is_final = is_bare and (_BANTOC in signs or _is_open(clusters[at - 1][2]))
        sounds = _sounds_of_cluster(letter, subscripts)
        if not (sounds in _NOT_HEARD_AT_AN_END and (is_final or (is_bare and not following))):
            heard += sounds.removeprefix(heard[-1:]) if is_closed else sounds
        is_closed = is_final
        # Before NGO the sign only shortens: TRANG is written T-R-A-M-NG.
        if _NIKAHIT in signs and following != "ង":
            heard, is_closed = f"{heard}M", True
    return heard


def latin_sounds(word: str) -> str:
    """Return the consonants heard in a folded Latin word; a letter that is doubled is heard once."""
    heard, end = "", 0
    for sound in _LATIN_SOUND.finditer(word):
        name = str(sound.lastgroup)
        heard += name.removeprefix(heard[-1:]) if sound.start() == end else name
        end = sound.end()
    return heard


def once(sounds: str) -> str:
    """Return sounds of which none follows itself."""
    return _TWICE.sub(r"\1", sounds)


@lru_cache(MOST_CLUSTERS)
def _sounds_of_cluster(letter: str, subscripts: str) -> str:
    below = "".join(_SOUND_OF.get(subscript, "") for subscript in subscripts.replace(COENG, ""))
    if letter == "ហ" and below:
        return below.replace("V", "P")
    return once(_SOUND_OF.get(letter, "") + below.replace("H", "").replace("Y", ""))


def _is_open(signs: str) -> bool:
    """Tell whether a syllable of these signs waits for a letter that ends it."""
    return not _NO_VOWEL.fullmatch(signs) and not _CLOSING.search(signs) and signs != _SHORT_U
