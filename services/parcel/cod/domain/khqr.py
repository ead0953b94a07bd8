"""KHQR: a code that a recipient pays by with a bank's app, made without a line.

Source: EMV QR Code Specification for Payment Systems (merchant-presented mode) 1.1; the tags of Bakong KHQR as its
public generators write them. Not confirmed with the bank: which account the post uses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.parcel.pricing.domain.money import Amount
from shared.errors import Conflict

NUMERIC = {"KHR": "116", "USD": "840"}
VALID_FOR = timedelta(days=30)
CRC_POLYNOMIAL, CRC_BEGINNING = 0x1021, 0xFFFF


class NoKhqrAccount(Conflict):
    """No account of the post is set that codes could be paid to."""

    slug = "no-khqr-account"


class NothingDue(Conflict):
    """Nothing is to be collected for this parcel, or it is paid."""

    slug = "nothing-due"


@dataclass(frozen=True, slots=True)
class PostAccount:
    """Where codes are paid to: an account at Bakong, and how the app shows the post."""

    account: str
    merchant: str
    city: str


def khqr(post: PostAccount, item_number: str, amount: Amount, now: datetime) -> str:
    """Return the text of a code for one amount, with the item number as its bill number."""
    written = (
        _field("00", "01")
        + _field("01", "12")
        + _field("29", _field("00", post.account))
        + _field("52", "5999")
        + _field("53", NUMERIC[amount.currency])
        + _field("54", _amount(amount))
        + _field("58", "KH")
        + _field("59", post.merchant[:25])
        + _field("60", post.city[:15])
        + _field("62", _field("01", item_number))
        + _field("99", _field("00", _ms(now)) + _field("01", _ms(now + VALID_FOR)))
        + "6304"
    )
    return f"{written}{crc16(written.encode()):04X}"


def crc16(data: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE of some bytes."""
    crc = CRC_BEGINNING
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ CRC_POLYNOMIAL if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def read_fields(text: str) -> dict[str, str]:
    """Return the fields of a code or of a part of one, by tag.

    Raises: ValueError, where lengths do not fit.
    """
    fields, place = {}, 0
    while place < len(text):
        tag, length = text[place : place + 2], int(text[place + 2 : place + 4])
        value = text[place + 4 : place + 4 + length]
        if len(value) != length:
            raise ValueError(f"field {tag} is cut off")
        fields[tag], place = value, place + 4 + length
    return fields


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def _amount(amount: Amount) -> str:
    if amount.currency == "KHR":
        return str(amount.amount_minor)
    return f"{amount.amount_minor // 100}.{amount.amount_minor % 100:02}"


def _ms(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
