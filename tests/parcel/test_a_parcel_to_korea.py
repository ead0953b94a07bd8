"""A parcel to Korea through every step of the counter, over HTTP: priced, declared, told ahead, and its papers."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from services.parcel.documents.drawing.rasterising import png_pages
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1, ParcelContactsV1, ParcelRegisteredV1
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import HOME, person
from tests.parcel.counter import Counter
from tests.parcel.customs.desk import Desk, declaration_body, line_body
from tests.parcel.documents.papers import pages, scanned, text_of

SENDER = person(
    name="Sok Chandara",
    phone="012 345 678",
    address=["Trapeang Krasang, Pea Ream", "Bati, Takeo"],
    postal_code="210208",
)
RECIPIENT = person(
    name="Kim Minji",
    phone="010-2345-6789",
    language="en",
    address=["101-1203 Hangang-daero 405", "Yongsan-gu, Seoul"],
    postal_code="04320",
)
CONTENT = declaration_body(
    line_body(quantity=2, net_weight_g=320, value_minor=4_000),
    line_body(goods=None, description="Palm sugar, 350 g bag", hs_code="170290", net_weight_g=700, value_minor=900),
    importer_reference="P123456789012",
    invoice_number="INV-77",
)


async def named_office(counter: Counter) -> None:
    body = {
        "name_km": "មជ្ឈមណ្ឌលបច្ចេកវិទ្យាសហគមន៍ អង្គរបូរី",
        "name_en": "Community Tech Center Angkor Borei",
        "office_kind": "ctc",
        "district_code": "2101",
    }
    answer = await counter.client.put(f"/offices/{HOME}", json=body, headers=counter.signed_in(Role.ADMINISTRATOR))
    assert answer.is_success, answer.text


async def rate_of_today(counter: Counter, app: FastAPI, parcel_db: Database) -> None:
    path = f"/exchange-rates/{now().astimezone(LOCAL).date()}"
    headers = counter.signed_in(Role.ADMINISTRATOR)
    assert (await counter.client.put(path, json={"riel_per_usd": 4_015}, headers=headers)).is_success
    await app.state.known_rates.refresh(parcel_db)


async def papers_of(counter: Counter, number: str, folder: Path) -> dict[str, bytes]:
    """Print each paper once and leave a picture of each page for who wants to look."""
    papers = {}
    for paper in ("label", "customs-form", "receipt"):
        answer = await counter.get(f"/parcels/{number}/{paper}")
        assert answer.status_code == 200, answer.text
        papers[paper] = answer.content
        for page, picture in enumerate(png_pages(answer.content), 1):
            (folder / f"{paper}-{page}.png").write_bytes(picture)
    return papers


@pytest.mark.parametrize("service", ["parcel", "ems"])
async def test_a_parcel_to_korea_is_posted_declared_and_printed(
    counter: Counter, app: FastAPI, parcel_db: Database, key_ring: KeyRing, tmp_path: Path, service: str
) -> None:
    desk = Desk(counter)
    await named_office(counter)
    await rate_of_today(counter, app, parcel_db)

    number = await desk.parcel_to_korea(service=service, sender=SENDER, recipient=RECIPIENT)
    assert (await desk.ask("GET", f"/parcels/{number}/advance-data")).status_code == 404
    declared = (await desk.declare(number, CONTENT)).json()
    ahead: dict[str, Any] = (await desk.ask("GET", f"/parcels/{number}/advance-data")).json()
    papers = await papers_of(counter, number, tmp_path)
    price = (await counter.get(f"/parcels/{number}")).json()["postage"]["price"]

    assert declared["advance_data_complete_at"] is not None
    assert (ahead["item_number"], ahead["addressee"]["country"], ahead["total_value_minor"]) == (number, "KR", 4_900)
    assert scanned(pages(papers["label"])[0])[0] == ("Code128", number)
    assert scanned(pages(papers["customs-form"])[0]) == [("Code128", number)] * 2
    assert scanned(pages(papers["receipt"])[0])[0] == ("Code128", number)
    label, form, receipt = (text_of(papers[paper]) for paper in ("label", "customs-form", "receipt"))
    assert "SOUTH KOREA" in label
    assert not re.search(r"[\u1780-\u17ff]", str(ahead)), "customs abroad reads no Khmer"
    assert "Sok Chandara" in form
    for said in ("CN 23", "DISPATCH NOTE", "6214.10", "1702.90", "49.00 USD", "P123456789012", "INV-77"):
        assert said in form
    assert f"{price['usd']['amount_cents'] / 100:,.2f} USD" in form
    assert f"{price['total_riel']:,}" in receipt

    events = await told.events(parcel_db, key_ring, number)
    assert [type(event) for event in events] == [ParcelRegisteredV1, ParcelContactsV1, ParcelAdvanceDataCompletedV1]
    prints = (await counter.get(f"/parcels/{number}/prints", Role.SUPERVISOR)).json()
    assert [(one["kind"], one["print_no"]) for one in prints] == [("receipt", 1), ("customs_form", 1), ("label", 1)]
