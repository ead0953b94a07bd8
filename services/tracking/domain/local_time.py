"""Instants as people in Cambodia read them, in Khmer with Khmer digits and in English."""

import calendar
from datetime import datetime
from typing import Literal

from shared.clock import LOCAL

Language = Literal["km", "en"]

KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
KHMER_MONTHS = (
    *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
    *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
)
ENGLISH_MONTHS = calendar.month_name[1:]


def written(moment: datetime, language: Language) -> str:
    """Return day and time of day in Phnom Penh."""
    local = moment.astimezone(LOCAL)
    if language == "km":
        text = f"{local.day} {KHMER_MONTHS[local.month - 1]} {local.year} ម៉ោង {local:%H:%M}"
        return text.translate(KHMER_DIGITS)
    return f"{local.day} {ENGLISH_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"
