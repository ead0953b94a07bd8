"""The code on a paper of the parcel service leads to a page that tracking serves, under the name both doors give it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match

from onebox.front_door import front_door
from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.label import LabelFormat
from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.drawing.labels import draw_labels
from services.parcel.documents.drawing.receipts import draw_receipt
from services.tracking.entrypoints import pages
from tests.contracts.documents import applications
from tests.parcel.documents import papers

CADDY = Path(__file__).parents[2] / "deploy" / "caddy" / "Caddyfile"
PUBLIC_URLS = ("http://127.0.0.1:8080", "https://post.example")


def served_by(app: Starlette, path: str) -> tuple[Any, dict[str, Any]]:
    """Return who answers a GET of a path, through every mount, and what it reads out of the path."""
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    for route in routes_of(app.routes):
        match, child = route.matches(scope)
        if match is Match.FULL:
            scope |= child
            break
    else:
        raise LookupError(path)
    if isinstance(scope["endpoint"], Starlette):
        return served_by(scope["endpoint"], scope["path"].removeprefix(scope["root_path"]))
    return scope["endpoint"], scope["path_params"]


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Give routes one by one, those of included routers too."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from routes_of(included.routes)


def printed_link(kind: str, public_url: str) -> tuple[str, str]:
    """Return the number on a paper and the link that a phone reads out of its code."""
    number = papers.receipt().item_number
    link = Imprint(public_url, None).tracking_link(str(number))
    if kind == "label":
        pdf = draw_labels([papers.domestic_label(tracking_link=link)], LabelFormat.A6)
    else:
        pdf = draw_receipt(papers.receipt(tracking_link=link), Roll(kind))
    (read,) = [text for code, text in papers.scanned(papers.pages(pdf)[0]) if code == "QRCode"]
    return str(number), read


@pytest.mark.parametrize("public_url", PUBLIC_URLS)
@pytest.mark.parametrize("kind", ["label", *Roll])
def test_the_code_on_a_paper_leads_to_the_page_of_its_parcel(kind: str, public_url: str, tmp_path: Path) -> None:
    number, link = printed_link(kind, public_url)
    page, read = served_by(front_door(applications(tmp_path)), urlsplit(link).path)
    assert page is pages.show_item
    assert read["number"] == number


def test_the_other_door_takes_off_the_same_name() -> None:
    assert "import service tracking" in CADDY.read_text()
    assert urlsplit(Imprint(PUBLIC_URLS[0], None).tracking_link("x")).path.startswith("/tracking/")


def test_a_page_that_is_not_there_is_seen_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        served_by(front_door(applications(tmp_path)), "/tracking/t/PD100000051KH/secret")
