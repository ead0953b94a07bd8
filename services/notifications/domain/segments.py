"""How a text travels as SMS: its encoding, its length there, the parts that are paid for.

Source: 3GPP TS 23.038 (GSM 7-bit alphabet), 3GPP TS 23.040 (concatenation): 160 or 153 septets, 70 or 67 UCS-2 units.
"""

from dataclasses import dataclass
from enum import StrEnum

import smsutil


class Encoding(StrEnum):
    """The two alphabets that an SMS can have."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


UNIT_BYTES = {Encoding.GSM7: 1, Encoding.UCS2: 2}


@dataclass(frozen=True, slots=True)
class Size:
    """What a text costs as SMS; units are septets or UCS-2 code units."""

    encoding: Encoding
    units: int
    segments: int


def measure(text: str) -> Size:
    """Return how a text would be sent."""
    encoding = Encoding.GSM7 if is_gsm7(text) else Encoding.UCS2
    split = smsutil.split(text)
    return Size(encoding, split.total_bytes // UNIT_BYTES[encoding], len(split.parts))


def is_gsm7(text: str) -> bool:
    """Tell whether every character stands in the GSM alphabet or its extension."""
    return not text or bool(smsutil.codecs.is_valid_gsm(text))
