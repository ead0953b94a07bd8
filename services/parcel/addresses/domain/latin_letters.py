"""Letters that a post abroad reads.

Source: UPU Convention regulations: addresses of international items are written in Latin letters and Arabic figures.
"""

import unicodedata

from shared.errors import FieldProblem


def is_latin(text: str) -> bool:
    """Tell whether every letter is Latin, with accents or without, and every figure Arabic."""
    return all(sign.isascii() or _is_latin(sign) for sign in text)


def latin_problem(text: str, field: str) -> FieldProblem | None:
    """Return what is wrong with a name or a line of an address that a post abroad cannot read."""
    if is_latin(text):
        return None
    message = "Write it in Latin letters and figures, as in a passport: a post abroad cannot read others."
    return FieldProblem(field, "not-readable-abroad", message)


def _is_latin(sign: str) -> bool:
    kind = unicodedata.category(sign)
    # Signs between letters, and accents typed apart from their letters, belong to no script.
    return kind[0] in "PSZ" or unicodedata.name(sign, "").startswith(("LATIN ", "COMBINING ", "MODIFIER LETTER "))
