"""What a message of a chat says of a parcel: name, phone, place and the amount to collect; and what it does not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.phones import NotAPhoneNumber, e164
from services.parcel.drafts.domain.chat_places import names_a_place, office_near, place_in
from services.parcel.drafts.domain.written_amounts import amounts_in, plain_digits
from services.parcel.pricing.domain.money import Amount
from shared.contracts.directory import OfficeV1

MOST_LETTERS = 2_000
LONGEST_LINE = 120
CUT = "\n"
"""Stands where something was taken out: what was around it need not belong together."""
_PHONE = re.compile(r"(?<![\d.,])(?:\+?\s?855|00855|0)(?:[\s.\-]?\d){7,10}(?!\d)")
_LABELS = {
    "name": ("ឈ្មោះអ្នកទទួល", "ឈ្មោះ", "អ្នកទទួល", "name", "receiver", "recipient", "to"),
    "phone": ("លេខទូរស័ព្ទ", "ទូរស័ព្ទ", "លេខ", "telephone", "phone", "tel", "number", "contact"),
    "place": ("អាសយដ្ឋាន", "ទីតាំង", "ទីកន្លែង", "address", "location", "place"),
    "cod": ("តម្លៃសរុប", "សរុប", "តម្លៃ", "ថ្លៃ", "លុយ", "total", "price", "cod", "collect", "amount"),
    "order": ("លេខកម្មង់", "កម្មង់", "order", "ref", "invoice"),
}
_LABEL_OF = {word: label for label, words in _LABELS.items() for word in words}
_LABEL = re.compile(
    rf"^\s*({'|'.join(sorted(_LABEL_OF, key=len, reverse=True))})\s*[:៖=]\s*(?P<rest>.*)$", re.IGNORECASE
)
_SEGMENTS = re.compile(r"[\r\n]+|[;|]|។|,(?!\d)|\t")


@dataclass(slots=True)
class Understood:
    """What was read, to be looked at by the one who pasted it; None for what was not found."""

    name: str | None = None
    phone: str | None = None
    place: str | None = None
    """Code of the gazetteer."""
    collecting_office: str | None = None
    address: tuple[str, ...] = ()
    cod: Amount | None = None
    order_reference: str | None = None
    not_understood: tuple[str, ...] = ()
    """Parts of the message in which nothing was found, as they were written."""

    @property
    def missing(self) -> list[str]:
        """Return what a draft needs and the message did not tell."""
        needed = {"name": self.name, "phone": self.phone, "collecting_office": self.collecting_office}
        return [field for field, value in needed.items() if value is None]


def understand(text: str, offices: Mapping[str, OfficeV1]) -> Understood:
    """Read a message; whatever is not certain is left to whoever reads the answer."""
    found = Understood()
    left: list[tuple[str | None, str]] = []
    for segment in _SEGMENTS.split(plain_digits(text[:MOST_LETTERS])):
        label, rest = _labelled(segment)
        rest = _take_phone(found, rest)
        if label == "order" and found.order_reference is None and rest.strip():
            found.order_reference, rest = rest.strip()[:LONGEST_LINE], ""
        rest = _take_amount(found, rest, labelled=label == "cod")
        rest = _take_office(found, rest, offices)
        left += [(label, part) for one in rest.split(CUT) if (part := _cleaned(one))]
    _take_place(found, left, offices)
    _take_name(found, left)
    found.not_understood = tuple(part for _, part in left)
    return found


def _cleaned(part: str) -> str:
    """Return a part as it is read; nothing where it has no letters or only says what stood beside it."""
    plain = " ".join(part.split()).strip(" ,.-:៖()")
    is_empty = not any(sign.isalnum() for sign in plain) or plain.lower() in _LABEL_OF
    return "" if is_empty else plain[:LONGEST_LINE]


def _labelled(segment: str) -> tuple[str | None, str]:
    match = _LABEL.match(segment)
    return (_LABEL_OF[match[1].lower()], match["rest"]) if match else (None, segment)


def _take_phone(found: Understood, segment: str) -> str:
    for match in _PHONE.finditer(segment):
        try:
            phone = e164(re.sub(r"[.\-]", " ", match[0]), DOMESTIC)
        except NotAPhoneNumber:
            continue
        if found.phone is None:
            found.phone = phone
            return f"{segment[: match.start()]}{CUT}{segment[match.end() :]}"
    return segment


def _take_amount(found: Understood, segment: str, *, labelled: bool) -> str:
    """Take the amount of a segment; a number without a currency is one only where the segment says so."""
    for one in amounts_in(segment):
        if (one.named or labelled) and (found.cod is None or labelled):
            found.cod = one.amount
            first, last = one.span
            return f"{segment[:first]}{CUT}{segment[last:]}"
    return segment


def _take_office(found: Understood, segment: str, offices: Mapping[str, OfficeV1]) -> str:
    for word in segment.split():
        if word.upper() in offices and found.collecting_office is None:
            found.collecting_office = word.upper()
            return segment.replace(word, CUT, 1)
    return segment


def _take_place(found: Understood, left: list[tuple[str | None, str]], offices: Mapping[str, OfficeV1]) -> None:
    parts = [one for one in left if one[0] == "place" or (one[0] is None and _is_of_a_place(one[1]))]
    place = place_in(", ".join(part for _, part in parts)) if parts else None
    found.address = tuple(part for _, part in parts)
    for one in parts:
        left.remove(one)
    if place is not None:
        found.place = place.code
        found.collecting_office = found.collecting_office or office_near(place, offices)


def _is_of_a_place(part: str) -> bool:
    return names_a_place(part) or place_in(part) is not None


def _take_name(found: Understood, left: list[tuple[str | None, str]]) -> None:
    """Take what is said to be the name, else the first part that has letters and no figures."""
    named = [one for one in left if one[0] == "name"]
    plain = [one for one in left if one[0] is None and not any(sign.isdigit() for sign in one[1])]
    for one in (named or plain)[:1]:
        found.name = one[1]
        left.remove(one)
