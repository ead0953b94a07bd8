"""What a text may say of one parcel, each fact in the form that a language and a channel take."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.notifications.domain.message import ChannelName
from services.notifications.domain.names import gsm_form, plain, shortened
from shared.clock import LOCAL

Language = Literal["km", "en"]
LANGUAGES: tuple[Language, ...] = ("km", "en")

FIELDS = frozenset({"item", "sender", "recipient", "office", "day", "door", "charges", "nothing_due", "papers"})
"""The names that a text may use; a fact that is not known, or not so, is empty."""

SMS_NAME_UNITS = 20
SMS_OFFICE_UNITS = 36
SMS_PAPERS_UNITS = 44
SMS_AMOUNT_UNITS: dict[Language, int] = {"km": 12, "en": 18}
"""A longer amount, of a hundred thousand dollars, is left to the counter."""
LONGEST_NAME_UNITS = 120
"""Where a message is not paid for by its length."""

SHORT_FORMS = {
    "មជ្ឈមណ្ឌលបច្ចេកវិទ្យាសហគមន៍": "CTC",
    "Community Technology Center": "CTC",
    "Community Tech Center": "CTC",
}
"""What an SMS says instead, so that the end of the name, which tells two offices of a district apart, is kept."""

KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
MONTHS_KM = ["មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"]
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True)
class OfficeName:
    """An office as people call it, in both languages."""

    km: str
    en: str

    def in_form(self, language: Language, channel: ChannelName) -> str:
        """Return the name in one language, in few letters for an SMS."""
        name = self.km if language == "km" else self.en
        if channel == "sms":
            for long, short in SHORT_FORMS.items():
                name = name.replace(long, short)
        return name


@dataclass(frozen=True, slots=True)
class Due:
    """An amount to pay, in whole riel or whole cents."""

    amount_minor: int
    currency: Literal["KHR", "USD"]

    def written(self, language: Language) -> str:
        """Return the amount as it is read: `១៦,០០០៛`, `16,000 riel`, `$12.50`."""
        if self.currency == "USD":
            text = f"${self.amount_minor // 100:,}.{self.amount_minor % 100:02}"
        else:
            text = f"{self.amount_minor:,}{'៛' if language == 'km' else ' riel'}"
        return text.translate(KHMER_DIGITS) if language == "km" else text


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known when a message is written."""

    item_number: str
    sender: str
    recipient: str
    office: OfficeName | None
    occurred_at: datetime
    door_delivery: bool = False
    due: Due | None = None
    """What the recipient is to pay of duty and fees when it is handed over."""
    nothing_due: bool = False
    """It was said that nothing is to be paid."""
    papers: str = ""
    """Which papers customs asks for, in the words of a counter."""

    def fields(self, language: Language, channel: ChannelName) -> dict[str, str]:
        """Return every field as text, short enough for the channel."""
        office = "" if self.office is None else self.office.in_form(language, channel)
        return {
            "item": self.item_number,
            "sender": _fitted(self.sender, language, channel, SMS_NAME_UNITS),
            "recipient": _fitted(self.recipient, language, channel, SMS_NAME_UNITS),
            "office": _fitted(office, language, channel, SMS_OFFICE_UNITS),
            "day": day(self.occurred_at, language, channel),
            "door": "yes" if self.door_delivery else "",
            "charges": self._charges(language, channel),
            "nothing_due": "yes" if self.nothing_due else "",
            "papers": _fitted(self.papers, language, channel, SMS_PAPERS_UNITS),
        }

    def _charges(self, language: Language, channel: ChannelName) -> str:
        text = self.due.written(language) if self.due else ""
        return "" if channel == "sms" and len(text) > SMS_AMOUNT_UNITS[language] else text


def day(moment: datetime, language: Language, channel: ChannelName) -> str:
    """Return the local day of an instant: `១៥ មករា` or `15 Jan` by SMS, in full elsewhere."""
    local = moment.astimezone(LOCAL)
    if language == "km":
        month = MONTHS_KM[local.month - 1]
        text = f"{local.day} {month}" if channel == "sms" else f"{local.day} ខែ{month} ឆ្នាំ{local.year}"
        return text.translate(KHMER_DIGITS)
    month = MONTHS_EN[local.month - 1]
    return f"{local.day} {month[:3]}" if channel == "sms" else f"{local.day} {month} {local.year}"


def _fitted(name: str, language: Language, channel: ChannelName, sms_units: int) -> str:
    if channel == "telegram":
        return shortened(plain(name), LONGEST_NAME_UNITS, "…")
    if language == "km":
        return shortened(plain(name), sms_units, "…")
    # One letter outside the GSM alphabet would make an English SMS cost two or three parts.
    return shortened(gsm_form(plain(name)), sms_units, "")
