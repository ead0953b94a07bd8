"""What a counter does about customs over HTTP, signed in as whoever a test needs."""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.access.roles import Role
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, RECIPIENT_PHONE, abroad, keyed
from tests.parcel.counter import Counter

INBOUND = "CP123456785KR"
PHOTO = b"\xff\xd8\xff\xe0 a photograph of an invoice"


def line_body(**values: Any) -> dict[str, Any]:
    """Return things of one kind, picked in the catalogue; None leaves a field out."""
    filled = {"goods": "krama-silk", "quantity": 2, "net_weight_g": 300, "value_minor": 2_400, "origin_country": "KH"}
    return {name: value for name, value in (filled | values).items() if value is not None}


def declaration_body(*lines: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return a sale of goods in dollars."""
    return {"category": "sale_of_goods", "currency": "USD", "lines": list(lines) or [line_body()]} | values


def hand_body(**values: Any) -> dict[str, Any]:
    """Return an item from Korea that is to wait at another office."""
    addressee = {"name": RECIPIENT, "phone": RECIPIENT_PHONE, "language": "km"}
    body = {"item_number": INBOUND, "collecting_office": AWAY, "sender_name": "Kim Minji", "addressee": addressee}
    return body | values


def content_body(**values: Any) -> dict[str, Any]:
    """Return what a clerk reads of the same item off its customs form."""
    lines = [{"description": "ginseng tea", "quantity": 2, "net_weight_g": 700, "value_minor": 20_000}]
    return {"category": "gift", "currency": "KRW", "lines": lines} | values


def itmatt_body(**values: Any) -> dict[str, Any]:
    """Return advance data of the same item as its post tells it."""
    return {
        "item_number": INBOUND,
        "category": "gift",
        "sender": {"name": "Kim Minji", "country": "KR", "address": ["Seoul"]},
        "addressee": {"name": RECIPIENT, "country": "KH", "phone": RECIPIENT_PHONE, "address": ["Takeo"]},
        "total_value_minor": 20_000,
        "currency": "KRW",
        "total_weight_g": 900,
        "articles": [{"description": "ginseng tea", "quantity": 2, "net_weight_g": 700, "value_minor": 20_000}],
    } | values


@dataclass(frozen=True)
class Desk:
    """One client; each request names the role and the office it is made as."""

    counter: Counter

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: Role = Role.CLERK,
        by: str = HOME,
        key: str | None = None,
        photo: bytes | None = None,
    ) -> httpx.Response:
        """Make one request; creating ones get a key of their own unless one is given."""
        headers = self.counter.signed_in(role, by) | (keyed(key) if method == "POST" else {})
        if photo is not None:
            headers["Content-Type"] = "image/jpeg"
        return await self.counter.client.request(method, path, json=body, content=photo, headers=headers)

    async def parcel_to_korea(self, **values: Any) -> str:
        """Register a parcel with all that advance data needs; returns its number."""
        answer = await self.counter.register(abroad(**values))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["item_number"])

    async def declare(self, item_number: str, body: dict[str, Any] | None = None, **by: Any) -> httpx.Response:
        """Declare what a parcel holds."""
        return await self.ask("PUT", f"/parcels/{item_number}/customs-declaration", body or declaration_body(), **by)

    async def take_in(self, body: dict[str, Any] | None = None, **by: Any) -> httpx.Response:
        """Take in an item by hand."""
        return await self.ask("POST", "/inbound-items", body or hand_body(), **by)

    async def take_in_ahead(self, itmatt: dict[str, Any] | None = None, **by: Any) -> httpx.Response:
        """Take in advance data."""
        return await self.ask("POST", "/inbound-items/advance-data", {"itmatt": itmatt or itmatt_body()}, **by)

    async def taken_in(self, **values: Any) -> dict[str, Any]:
        """Take in an item by hand; returns it."""
        answer = await self.take_in(hand_body(**values))
        assert answer.status_code == 201, answer.text
        taken: dict[str, Any] = answer.json()
        return taken

    async def put(self, what: str, body: Any = None, **by: Any) -> httpx.Response:
        """Change something about the item from abroad."""
        return await self.ask("PUT", f"/inbound-items/{INBOUND}/{what}", body, **by)

    async def attach(self, photo: bytes = PHOTO, **by: Any) -> httpx.Response:
        """Attach a photograph to the item from abroad."""
        return await self.ask("POST", f"/inbound-items/{INBOUND}/papers", photo=photo, **by)

    async def seen(self, **by: Any) -> dict[str, Any]:
        """Read the item from abroad."""
        answer = await self.ask("GET", f"/inbound-items/{INBOUND}", **by)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown
