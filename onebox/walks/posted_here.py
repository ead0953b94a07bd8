"""Two parcels that are posted at Bati: one inside Takeo, one to Seoul."""

from onebox.walks.ending import show_ending
from onebox.walks.walk import Answer, Step, Walk
from shared.ids import new_id

CLERK = "clerk-tk02a"
INSIDE_TAKEO: list[Step] = [
    ("EDD", "TKHUB", {}),
    ("EDE", "TKHUB", {}),
    ("EMG", "TK09A", {}),
    ("EDH", "TK09A", {}),
    ("EMI", "TK09A", {}),
]
TO_SEOUL: list[Step] = [
    ("EMB", "PPOE", {}),
    ("EXA", "PPOE", {}),
    ("EXC", "PPOE", {}),
    ("EMC", "PPOE", {}),
    ("EMD", "KRSEL", {}),
    ("EDB", "KRSEL", {}),
    ("EDC", "KRSEL", {}),
    ("EMF", "KRSEL", {}),
    ("EMI", "KRSEL", {}),
]
CONTENT = {
    "category": "gift",
    "currency": "USD",
    "lines": [{"goods": "krama-silk", "quantity": 4, "net_weight_g": 2_000, "value_minor": 9_600}],
}


async def walk_inside_takeo(walk: Walk) -> None:
    """Walk a parcel with cash to collect from Bati to Tram Kak.

    Raises: DemoStopped.
    """
    walk.say("\n━━ A parcel inside Takeo: from Bati to Tram Kak ━━")
    number = await _registered(walk, _parcel_inside_takeo())
    await walk.scan(number, INSIDE_TAKEO)
    await show_ending(walk, number, "delivered")


async def walk_to_seoul(walk: Walk) -> None:
    """Walk a parcel to Seoul, its content declared; its sender has linked Telegram.

    Raises: DemoStopped.
    """
    walk.say("\n━━ A parcel abroad: from Bati to Seoul; its sender has linked Telegram ━━")
    await walk.http.post("/notifications/inbox/phones/011222333/telegram")
    number = await _registered(walk, _parcel_to_seoul())
    headers = await walk.sign_in(CLERK)
    await walk.ask("PUT", f"/parcel/parcels/{number}/customs-declaration", json=CONTENT, headers=headers)
    walk.say("Declared a silk krama; its advance data are complete.")
    await walk.scan(number, TO_SEOUL)
    await show_ending(walk, number, "delivered")


async def _registered(walk: Walk, parcel: Answer) -> str:
    headers = {**await walk.sign_in(CLERK), "Idempotency-Key": str(new_id())}
    registered = await walk.ask("POST", "/parcel/parcels", json=parcel, headers=headers)
    number = str(registered["item_number"])
    walk.say(f"Registered {registered['item_number_grouped']}, {registered['weight_g']} g, {_price(registered)}.")
    await walk.until(f"/tracking/journeys/{number}", lambda journey: journey["state"] == "accepted")
    return number


def _price(registered: Answer) -> str:
    postage = registered["postage"]
    assert isinstance(postage, dict)
    collected = f", {postage['cod']['amount_minor']} riel to collect" if postage["cod"] else ""
    return f"postage {postage['price']['total_riel']} riel paid by {postage['payer']}{collected}"


def _parcel_inside_takeo() -> Answer:
    return {
        "service": "parcel",
        "destination_country": "KH",
        "collecting_office": "TK09A",
        "weight_g": 1_450,
        "length_mm": 320,
        "width_mm": 240,
        "height_mm": 120,
        "cod": {"amount_minor": 52_000, "currency": "KHR"},
        "payer": "cod",
        "sender": {"name": "Sok Dara", "phone": "012 345 678", "language": "en"},
        "recipient": {"name": "ចាន់ សុភា", "phone": "០៩៧ ១២៣ ៤៥៦៧", "language": "km"},
    }


def _parcel_to_seoul() -> Answer:
    return {
        "service": "ems",
        "destination_country": "KR",
        "weight_g": 2_300,
        "length_mm": 400,
        "width_mm": 300,
        "height_mm": 150,
        "sender": {
            "name": "Kim Sokha",
            "phone": "011 222 333",
            "language": "km",
            "address": ["Trapeang Krasang, Pea Ream", "Bati, Takeo"],
        },
        "recipient": {
            "name": "Kim Minji",
            "phone": "+82 10 1234 5678",
            "language": "en",
            "address": ["12 Sejong-daero", "Seoul"],
            "postal_code": "04524",
        },
    }
