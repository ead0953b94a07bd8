"""Bodies of requests to the parcel service; any field may be given."""

from typing import Any

from shared.ids import new_id

HOME, AWAY, THIRD = "TK01A", "TK02A", "TK03A"
SENDER, RECIPIENT = "Sok Dara", "ចាន់ ធីតា"
SENDER_PHONE, RECIPIENT_PHONE = "012 345 678", "097 123 4567"

IN_SEOUL = {"address": ["12 Sejong-daero"], "city": "Seoul", "postal_code": "04524"}


def person(**values: Any) -> dict[str, Any]:
    """Return a person as the counter types it."""
    return {"name": RECIPIENT, "phone": RECIPIENT_PHONE, "language": "km"} | values


def parcel_body(**values: Any) -> dict[str, Any]:
    """Return a domestic parcel from the home office, to be collected at a third one; None leaves a field out."""
    filled = {
        "office": HOME,
        "collecting_office": THIRD,
        "weight_g": 1_200,
        "fits_limits": True,
        "sender": person(name=SENDER, phone=SENDER_PHONE),
        "recipient": person(),
    } | values
    return {name: value for name, value in filled.items() if value is not None}


def abroad(**values: Any) -> dict[str, Any]:
    """Return a parcel to Korea."""
    to = person(name="Kim Minji", phone="010-2345-6789", language="en", **IN_SEOUL)
    by = person(name=SENDER, phone=SENDER_PHONE, address=["Village 3", "Takeo"])
    return parcel_body(collecting_office=None, destination_country="KR", sender=by, recipient=to) | values


def keyed(key: str | None = None) -> dict[str, str]:
    """Return the header of a request that is new, or the one of a key."""
    return {"Idempotency-Key": key or str(new_id())}
