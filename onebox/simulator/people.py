"""Made-up people with phones that could be real: no two parcels share one."""

import random
from typing import Any

PEOPLE = ("Sok Dara", "Chan Sophea", "Kim Sokha", "Chea Bopha", "Ly Rith", "ចាន់ សុភា", "គឹម សុខា", "សុខ ដារា", "ជា បុប្ផា")
IN_LATIN = {"ចាន់ សុភា": "Chan Sophea", "គឹម សុខា": "Kim Sokha", "សុខ ដារា": "Sok Dara", "ជា បុប្ផា": "Chea Bopha"}
ABROAD = ("Kim Minji", "Lee Jiho", "Park Seoyeon", "Choi Junseo")
STREET = "House 12, Trapeang Krasang"
PHONES = 10_000_000


def sender(chance: random.Random, place: int) -> dict[str, Any]:
    """Return who sends the parcel of this place in the order of all."""
    return _cambodian(chance, "096", place)


def sender_to_abroad(chance: random.Random, place: int) -> dict[str, Any]:
    """Return who sends it abroad, in letters that are read there."""
    person = sender(chance, place)
    return person | {"name": IN_LATIN.get(person["name"], person["name"]), "address": [STREET, "Takeo"]}


def recipient(chance: random.Random, place: int) -> dict[str, Any]:
    """Return who receives it here."""
    return _cambodian(chance, "097", place)


def corrected_recipient(chance: random.Random, place: int) -> dict[str, Any]:
    """Return who receives it after a correction."""
    return _cambodian(chance, "088", place)


def recipient_abroad(chance: random.Random, place: int) -> dict[str, Any]:
    """Return who receives it in Seoul."""
    return {
        "name": chance.choice(ABROAD),
        "phone": f"+82 10 {2000 + place // 10_000 % 8000:04} {place % 10_000:04}",
        "language": "en",
        "address": [f"{chance.randrange(1, 400)} Sejong-daero", "Seoul"],
        "postal_code": f"0{chance.randrange(1000, 9999)}",
    }


def _cambodian(chance: random.Random, prefix: str, place: int) -> dict[str, Any]:
    name = chance.choice(PEOPLE)
    return {"name": name, "phone": f"{prefix}{place % PHONES:07}", "language": "en" if name.isascii() else "km"}
