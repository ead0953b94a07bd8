"""Phone numbers as people write them, and as E.164."""

import re
from functools import lru_cache
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat

from services.parcel.addresses.domain.countries import DOMESTIC

_METADATA: Any = PhoneMetadata.metadata_for_region(DOMESTIC)
_DOMESTIC_MOBILE = re.compile(f"0({_METADATA.mobile.national_number_pattern})", re.ASCII)
MOST_REMEMBERED = 2_048
"""Phones read lately; a trader's own stands on each of the day's parcels."""


class NotAPhoneNumber(ValueError):
    """The text is no phone number that exists in its country."""


@lru_cache(MOST_REMEMBERED)
def e164(text: str, country: str) -> str:
    """Read a phone number as people write it, Khmer digits and spaces included.

    Raises: NotAPhoneNumber.
    """
    # Nearly every phone here is one of these, and the library needs twenty times as long to say the same.
    if country == DOMESTIC and (mobile := _DOMESTIC_MOBILE.fullmatch(text.replace(" ", ""))):
        return f"+855{mobile[1]}"
    return as_the_library_reads(text, country)


def as_the_library_reads(text: str, country: str) -> str:
    """Read a phone number of any kind and country; the first rule above is held against it.

    Raises: NotAPhoneNumber.
    """
    # Cambodia's own exit codes are 001, 007 and 008, so the library reads 00855 as a call abroad.
    digits = text if text.isascii() else phonenumbers.normalize_digits_only(text, keep_non_digits=True)
    written = re.sub(r"^\s*00\s*(?=855)", "+", digits)
    try:
        number = phonenumbers.parse(written, country)
    except NumberParseException:
        raise NotAPhoneNumber from None
    if not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
