"""Which column of a file holds what, guessed from its names in Khmer or English."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from services.parcel.addresses.domain.khmer_folding import folded
from shared.errors import FieldProblem, Invalid


class Column(StrEnum):
    """What a column may hold."""

    ORDER_REFERENCE = "order_reference"
    NAME = "name"
    PHONE = "phone"
    OFFICE = "collecting_office"
    ADDRESS = "address"
    COD = "cod"
    COD_RIEL = "cod_riel"
    COD_USD = "cod_usd"
    WEIGHT_G = "weight_g"
    WEIGHT_KG = "weight_kg"


LONGEST_NAME = 120
NEEDED = (Column.NAME, Column.PHONE)
_NAMES: dict[Column, tuple[str, ...]] = {
    Column.ORDER_REFERENCE: (
        *("order reference", "order no", "order number", "order id", "order", "reference", "ref", "invoice"),
        *("invoice no", "លេខកម្មង់", "កម្មង់", "លេខវិក្កយបត្រ", "លេខយោង"),
    ),
    Column.NAME: (
        *("name", "recipient", "recipient name", "receiver", "receiver name", "customer", "customer name", "buyer"),
        *("consignee", "full name", "ឈ្មោះ", "ឈ្មោះអ្នកទទួល", "អ្នកទទួល", "ឈ្មោះអតិថិជន", "អតិថិជន"),
    ),
    Column.PHONE: (
        *("phone", "phone number", "recipient phone", "receiver phone", "customer phone", "tel", "telephone"),
        *("mobile", "contact", "លេខទូរស័ព្ទ", "ទូរស័ព្ទ", "លេខទូរសព្ទ", "ទូរសព្ទ", "លេខទំនាក់ទំនង"),
    ),
    Column.OFFICE: (
        *("collecting office", "office", "post office", "branch", "destination", "collect at", "pickup office"),
        *("ការិយាល័យ", "ការិយាល័យប្រៃសណីយ៍", "សាខា", "គោលដៅ", "កន្លែងទទួល"),
    ),
    Column.ADDRESS: ("address", "location", "recipient address", "អាសយដ្ឋាន", "អាស័យដ្ឋាន", "ទីតាំង"),
    Column.COD: (
        *("cod", "cod amount", "amount", "price", "total", "to collect", "collect", "cash on delivery"),
        *("តម្លៃ", "ទឹកប្រាក់", "ប្រាក់ត្រូវប្រមូល", "សរុប", "តម្លៃទំនិញ", "ថ្លៃទំនិញ"),
    ),
    Column.COD_RIEL: ("cod riel", "cod khr", "amount riel", "amount khr", "riel", "khr", "cod ៛", "រៀល", "តម្លៃរៀល"),
    Column.COD_USD: ("cod usd", "cod $", "amount usd", "usd", "dollar", "cod dollar", "ដុល្លារ", "តម្លៃដុល្លារ", "$"),
    Column.WEIGHT_G: ("weight g", "weight gram", "weight grams", "grams", "gram", "ទម្ងន់ក្រាម", "ក្រាម"),
    Column.WEIGHT_KG: ("weight", "weight kg", "kg", "kilograms", "ទម្ងន់", "ទម្ងន់គីឡូ", "គីឡូ", "ទំងន់"),
}


def names_of(cells: Sequence[str]) -> list[str]:
    """Return the names of the columns as they are kept and shown: visible signs alone, and not too many."""
    return ["".join(sign for sign in " ".join(cell.split()) if sign.isprintable())[:LONGEST_NAME] for cell in cells]


def _plain(name: str) -> str:
    """Return the name of a column without what people write around it."""
    return " ".join("".join(sign if _counts(sign) else " " for sign in folded(name)).split())


def _counts(sign: str) -> bool:
    return sign.isalnum() or sign in "$៛" or "\u1780" <= sign <= "\u17d3"


_MEANT = {_plain(name): column for column, names in _NAMES.items() for name in names}


def guess(header: Sequence[str]) -> dict[str, int]:
    """Return which column holds what, by its place from 0; of two of one meaning the first."""
    mapping: dict[str, int] = {}
    for place, name in enumerate(header):
        meant = _MEANT.get(_plain(name))
        if meant is not None:
            mapping.setdefault(meant.value, place)
    return mapping


def must_be_mapping(mapping: Mapping[str, int], header: Sequence[str]) -> None:
    """Check that a mapping names columns that there are, each once, and those that are needed.

    Raises: Invalid.
    """
    problems = [
        FieldProblem(f"mapping.{needed}", "missing", "Say which column holds it.")
        for needed in NEEDED
        if needed not in mapping
    ]
    places = list(mapping.values())
    for name, place in mapping.items():
        if not 0 <= place < len(header):
            problems.append(FieldProblem(f"mapping.{name}", "no-such-column", "The file has no column at this place."))
        elif places.count(place) > 1:
            problems.append(FieldProblem(f"mapping.{name}", "named-twice", "A column holds one thing; choose another."))
    if problems:
        raise Invalid(problems)
