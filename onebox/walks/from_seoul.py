"""A parcel that comes from Seoul: told ahead, held by customs, charged, and handed over once it is paid."""

import secrets

from onebox.walks.ending import message_comes, show_ending
from onebox.walks.walk import Answer, Step, Walk
from shared.ids import new_id
from shared.s10 import SERIALS, ItemNumber

BORDER, COUNTER = "PPOE", "TK09A"
ADDRESSEE_PHONE = "097 765 4321"
INTO_CUSTOMS: list[Step] = [
    ("EMC", "KRSEL", {}),
    ("EMD", BORDER, {}),
    ("EDB", BORDER, {}),
    ("EME", BORDER, {"retention_reason": "papers-missing"}),
]
TO_THE_COUNTER: list[Step] = [
    ("EDC", BORDER, {}),
    ("EMF", BORDER, {}),
    ("EMG", COUNTER, {}),
    ("EDH", COUNTER, {}),
]
HAND_OVER: Step = ("EMI", COUNTER, {})
WANTED = "The invoice of the shop."
INVOICE = b"%PDF-1.7 a photograph of the invoice"
CHARGES = {"duty_minor": 12_000, "fees": [{"code": "presentation", "amount_minor": 4_000}], "currency": "KHR"}


async def walk_from_seoul(walk: Walk) -> None:
    """Walk a parcel from Seoul to Tram Kak; its addressee has linked Telegram.

    Raises: DemoStopped.
    """
    walk.say("\n━━ A parcel from abroad: from Seoul to Tram Kak; its addressee has linked Telegram ━━")
    await walk.http.post(f"/notifications/inbox/phones/{ADDRESSEE_PHONE}/telegram")
    number = ItemNumber("CP", secrets.randbelow(SERIALS), "KR")
    await _told_ahead(walk, number)
    await walk.scan(str(number), INTO_CUSTOMS)
    item = f"/parcel/inbound-items/{number}"
    await _papers_sent_on(walk, item)
    await _charged(walk, item)
    await walk.scan(str(number), TO_THE_COUNTER)
    await message_comes(walk, str(number), "ready_for_collection")
    walk.say("The addressee was told, and comes.")
    await walk.scan_in_vain(str(number), HAND_OVER, "charges-unpaid")
    paid = await walk.ask("PUT", f"{item}/paid", headers=await walk.sign_in(_clerk(COUNTER)))
    walk.say(f"Paid at the counter (parcel.charges-set.v1: {paid['payment']}).")
    await walk.scan(str(number), [HAND_OVER])
    await show_ending(walk, str(number), "ready_for_collection")


async def _told_ahead(walk: Walk, number: ItemNumber) -> None:
    headers = {**await walk.sign_in(_clerk(BORDER)), "Idempotency-Key": str(new_id())}
    body = {"itmatt": _advance_data(number), "collecting_office": COUNTER}
    taken = await walk.ask("POST", "/parcel/inbound-items/advance-data", json=body, headers=headers)
    addressee = taken["addressee"]
    assert isinstance(addressee, dict)
    walk.say(f"Told ahead by the Korean post: {taken['item_number_grouped']} for {addressee['name']}, ginseng tea.")


async def _papers_sent_on(walk: Walk, item: str) -> None:
    """Let the counter near the addressee photograph what customs asks for."""
    await walk.ask("PUT", f"{item}/papers-asked", json={"wanted": WANTED}, headers=await walk.sign_in(_clerk(BORDER)))
    headers = await walk.sign_in(_clerk(COUNTER))
    photo = {**headers, "Idempotency-Key": str(new_id()), "Content-Type": "application/pdf"}
    await walk.ask("POST", f"{item}/papers", content=INVOICE, headers=photo)
    forwarded = await walk.ask("PUT", f"{item}/papers-forwarded", headers=headers)
    walk.say(f"Customs asked for papers; {COUNTER} photographed them and sent them to {forwarded['holding_office']}.")


async def _charged(walk: Walk, item: str) -> None:
    charged = await walk.ask("PUT", f"{item}/charges", json=CHARGES, headers=await walk.sign_in(_clerk(BORDER)))
    charges = charged["charges"]
    assert isinstance(charges, dict)
    walk.say(f"Charged {charges['total_minor']} riel of duty and fees (parcel.charges-set.v1: {charged['payment']}).")


def _clerk(office: str) -> str:
    return f"clerk-{office.lower()}"


def _advance_data(number: ItemNumber) -> Answer:
    return {
        "item_number": str(number),
        "category": "gift",
        "sender": {"name": "Kim Minji", "country": "KR", "address": ["12 Sejong-daero", "Seoul"]},
        "addressee": {
            "name": "Chan Thida",
            "country": "KH",
            "phone": ADDRESSEE_PHONE,
            "address": ["Ta Aem, Tram Kak", "Takeo"],
        },
        "total_value_minor": 48_000,
        "currency": "KRW",
        "total_weight_g": 900,
        "articles": [
            {
                "description": "Ginseng tea",
                "quantity": 2,
                "net_weight_g": 700,
                "value_minor": 48_000,
                "hs_code": "210690",
                "origin_country": "KR",
            }
        ],
    }
