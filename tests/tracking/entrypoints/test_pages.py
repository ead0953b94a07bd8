"""The public page: Khmer first, no script, no person, every state shown as itself."""

import base64
import hashlib
import re
from datetime import datetime
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest
from fastapi import FastAPI

from services.tracking.domain.event_codes import EventCode
from services.tracking.use_cases.append_scans import append_scans
from shared.clock import now
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.tracking.scans import NUMBER, OTHER_NUMBER, posting, scan

GROUPED = "RR 473 124 829 GB"


class Tags(HTMLParser):
    """Collects the tags of a page, and fails on what is not closed."""

    VOID = frozenset({"meta", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.fixture
async def arrived(tracking_db: Database) -> datetime:
    moment = now()
    way = [
        scan(EventCode.EMA, at=moment, posting=posting(), office="TK01", actor="actor-canary", device="device-canary"),
        scan(EventCode.EDH, at=moment, minutes=1, office="TK02"),
    ]
    async with tracking_db.transaction() as tx:
        await append_scans(tx, Outbox("tracking"), way, moment)
    return moment


@pytest.mark.usefixtures("arrived")
async def test_a_page_shows_state_places_and_way_in_khmer(api: httpx.AsyncClient) -> None:
    page = await api.get(f"/items/{NUMBER}")

    assert page.status_code == 200
    assert '<html lang="km">' in page.text
    for text in (GROUPED, "មកដល់ការិយាល័យ ហើយរង់ចាំអ្នកមកយក", "បានទទួលពីអ្នកផ្ញើ", "បាទី", "ទ្រាំង", "កញ្ចប់បញ្ញើ"):
        assert text in page.text


@pytest.mark.parametrize("door_delivery", [True, False])
async def test_a_page_says_that_a_parcel_is_brought_to_the_door(
    api: httpx.AsyncClient, tracking_db: Database, door_delivery: bool
) -> None:
    posted = scan(EventCode.EMA, posting=posting(door_delivery=door_delivery))
    async with tracking_db.transaction() as tx:
        await append_scans(tx, Outbox("tracking"), [posted], now())

    pages = [(await api.get(f"/items/{NUMBER}?lang={language}")).text for language in ("km", "en")]

    assert ["ដឹកដល់ផ្ទះ" in pages[0], "Door delivery" in pages[1]] == [door_delivery, door_delivery]


@pytest.mark.usefixtures("arrived")
async def test_a_page_is_read_in_english_by_a_switch(api: httpx.AsyncClient) -> None:
    page = await api.get(f"/items/{NUMBER}?lang=en")

    assert '<html lang="en">' in page.text
    for text in ("Ready for collection", "Accepted from the sender", "Bati", "Treang"):
        assert text in page.text
    assert 'href="?lang=km"' in page.text


@pytest.mark.usefixtures("arrived")
@pytest.mark.parametrize("path", ["/", f"/items/{NUMBER}", "/items/PC000000005KH"])
async def test_a_page_is_one_small_file_without_script(api: httpx.AsyncClient, path: str) -> None:
    page = await api.get(path)

    tags = Tags(page.text).seen
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert {"header", "main", "footer", "label", "h1"} <= set(tags)
    assert 'content="width=device-width, initial-scale=1"' in page.text
    assert len(page.content) < 30_000


async def test_the_policy_allows_our_style_and_nothing_else(api: httpx.AsyncClient) -> None:
    page = await api.get("/")

    (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


@pytest.mark.usefixtures("arrived")
async def test_a_page_names_nobody(api: httpx.AsyncClient) -> None:
    page = await api.get(f"/items/{NUMBER}")

    assert "canary" not in page.text


@pytest.mark.parametrize("typed", ["rr473124829gb", " RR 473 124 829 GB ", "rr-473-124-829-gb"])
async def test_a_search_leads_to_the_item_however_it_is_typed(api: httpx.AsyncClient, typed: str) -> None:
    answer = await api.get("/", params={"number": typed, "lang": "en"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/items/{NUMBER}?lang=en")


async def test_a_search_behind_the_front_door_stays_behind_it(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app, root_path="/tracking")
    async with httpx.AsyncClient(transport=transport, base_url="http://post.example/tracking") as api:
        answer = await api.get("/", params={"number": NUMBER})
        form = await api.get("/")

    assert answer.headers["location"] == f"/tracking/items/{NUMBER}?lang=km"
    assert 'action="/tracking/"' in form.text


async def test_a_mistyped_number_is_told_what_to_do(api: httpx.AsyncClient) -> None:
    answer = await api.get("/", params={"number": "RR473124828GB"})

    assert answer.status_code == 422
    assert "លេខនេះមិនត្រឹមត្រូវ" in answer.text
    assert 'value="RR473124828GB"' in answer.text


@pytest.mark.parametrize("path", ["/?number={}", "/items/{}"])
@pytest.mark.parametrize(
    ("number", "khmer", "english"),
    [
        ("RR473124828GB", "លេខត្រួតពិនិត្យមិនត្រូវគ្នា", "the check digit does not fit"),
        ("RR4731", "លេខ ៩ ខ្ទង់", "two letters, nine digits and two letters"),
        ("SR473124829GB", "អក្សរដំបូង", "No item number begins with these letters"),
    ],
)
async def test_a_refused_number_is_told_what_is_wrong_with_it(
    api: httpx.AsyncClient, path: str, number: str, khmer: str, english: str
) -> None:
    page = await api.get(path.format(number))
    (switch,) = re.findall(r'href="([^"]*)" hreflang="en"', page.text)
    switched = await api.get(page.url.join(unescape(switch)))

    assert khmer in page.text
    assert english in switched.text
    assert f'value="{number}"' in switched.text


async def test_a_number_not_found_is_kept_when_the_language_is_switched(api: httpx.AsyncClient) -> None:
    page = await api.get(f"/items/{NUMBER}")
    (switch,) = re.findall(r'href="([^"]*)" hreflang="en"', page.text)

    switched = await api.get(page.url.join(unescape(switch)))

    assert "Nothing is known of this number yet" in switched.text
    assert f'value="{GROUPED}"' in switched.text


@pytest.mark.parametrize("typed", [NUMBER, "rr473124829gb", "RR%20473-124-829%20gb"])
async def test_a_number_alone_is_a_short_address_of_its_item(app: FastAPI, typed: str) -> None:
    transport = httpx.ASGITransport(app, root_path="/tracking")
    async with httpx.AsyncClient(transport=transport, base_url="http://post.example/tracking") as api:
        answer = await api.get(f"/{typed}?lang=en")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/tracking/items/{NUMBER}?lang=en")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/openapi.json", 200),
        ("/health/live", 200),
        ("/metrics", 200),
        ("/scans", 405),
        ("/scans/batch", 405),
        ("/items", 404),
        ("/items/", 404),
        ("/journeys/", 404),
        ("/RR473124828GB", 404),
        ("/favicon.ico", 404),
    ],
)
async def test_the_short_address_stands_before_nothing_else(api: httpx.AsyncClient, path: str, status: int) -> None:
    assert (await api.get(path)).status_code == status


async def test_numbers_never_seen_and_never_given_out_show_the_same_page(api: httpx.AsyncClient) -> None:
    known_shape = {OTHER_NUMBER: "EE 471 108 151 FR", "PC000000005KH": "PC 000 000 005 KH"}
    pages = [(await api.get(f"/items/{number}"), grouped) for number, grouped in known_shape.items()]

    assert [page.status_code for page, _ in pages] == [404, 404]
    first, second = (page.text.replace(grouped, "") for page, grouped in pages)
    assert first == second


@pytest.mark.parametrize("path", ["/items/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/?number=%3Cscript%3Ealert(1)"])
async def test_what_was_typed_is_never_markup(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path)

    assert "<script" not in answer.text


async def test_an_unknown_language_falls_back_to_khmer(api: httpx.AsyncClient) -> None:
    answer = await api.get("/", params={"lang": "xx"})

    assert answer.headers["content-language"] == "km"
