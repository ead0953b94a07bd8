"""What people type, how the name is kept, and whether it is found: for the tests, and for the page of the search."""

from typing import Literal, NamedTuple

Found = Literal["exact", "alike", ""]


class Pair(NamedTuple):
    """A name as it is asked for and as it is kept."""

    asked: str
    kept: str
    found: Found
    """By its letters, by its sound, or not at all."""


PAIRS: dict[str, tuple[Pair, ...]] = {
    "Order of signs, hidden characters": (
        Pair("ភ\u17c6\u17d2នពេញ", "ភ្នំ\u200bពេញ", "exact"),
        Pair("ភ្នំពេញ", "រាជធានីភ្នំពេញ", "exact"),
        Pair("សុខតារា", "សុខ តារា", "exact"),
        Pair("តារា", "សុខ តារា", "exact"),
    ),
    "COENG DA and COENG TA": (
        Pair("អណ្ដែត", "កោះអណ្តែត", "exact"),
        Pair("Otdar Meanchey", "ឧត្ដរមានជ័យ", "alike"),
    ),
    "Latin letters for a Khmer place": (
        Pair("Takeo", "តាកែវ", "alike"),
        Pair("Ta Keo", "តាកែវ", "alike"),
        Pair("Battambang", "បាត់ដំបង", "alike"),
        Pair("Phnom Penh", "រាជធានីភ្នំពេញ", "alike"),
        Pair("Angkor Borei", "អង្គរបូរី", "alike"),
        Pair("Roka Ti 2", "រកាទី២", "alike"),
        Pair("Roka Ti Pir", "រកាទី២", "alike"),
    ),
    "Latin letters for a Khmer name": (
        Pair("Sok Dara", "សុខ តារា", "alike"),
        Pair("Sok Daara", "សុខ ដារ៉ា", "alike"),
        Pair("Dara Sok", "សុខតារា", "alike"),
        Pair("Thida", "ចាន់ ធីតា", "alike"),
        Pair("Chan Tida", "ចាន់ ធីតា", "alike"),
        Pair("Sovann", "សុវណ្ណ", "alike"),
        Pair("Heng Sreymom", "ហេង ស្រីមុំ", "alike"),
        Pair("Bunheng", "ប៊ុនហេង", "alike"),
        Pair("Bun Heng", "ប៊ុនហេង", "alike"),
        Pair("Panha", "បញ្ញា", "alike"),
        Pair("Sopheap", "គឹម សុភាព", "alike"),
        Pair("Pich Chenda", "ពេជ្រ ចិន្តា", "alike"),
        Pair("Oeur", "អឿ", "alike"),
    ),
    "Khmer letters for a Latin name": (
        Pair("តាកែវ", "Takeo", "alike"),
        Pair("បាត់ដំបង", "Bat Dambang", "alike"),
        Pair("សុខតារា", "Sok Dara", "alike"),
        Pair("សុខ តារា", "Sok Dara", "alike"),
        Pair("ហេង", "Bunheng", "alike"),
    ),
    "One script, written carelessly": (
        Pair("Sok Dar", "Sok Dara", "alike"),
        Pair("sok", "SOK  Dara", "exact"),
        Pair("L'ak", "Tuek Lak", "exact"),
        Pair("김민지", "김민지", "exact"),
    ),
    "Somebody else": (
        Pair("Dara", "Sok", ""),
        Pair("Sokha", "តារា", ""),
        Pair("សុខ ធីតា", "សុខ តារា", ""),
        Pair("សុខ ណារី", "សុខ តារា", ""),
    ),
}
"""By what is different about the two."""
OWNER, PHONE = "Sok Dara", "+85512345678"
BY_PHONE: tuple[tuple[str, Found], ...] = (
    ("5678", "exact"),
    ("៥៦៧៨", "exact"),
    ("012 345 678", "exact"),
    ("+855 12 345 678", "exact"),
    ("Dara 5678", "exact"),
    ("Dara 012 345 678", "exact"),
    ("Tara 5678", "alike"),
    ("តារា ៥៦៧៨", "alike"),
    ("5679", ""),
    ("Dara 5679", ""),
    ("Thida 5678", ""),
)
"""What is asked for of the owner of the phone."""
