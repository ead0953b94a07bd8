"""The public page: a search form, and a parcel's way by its number, in Khmer or English, without script."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.routing import Match
from starlette.types import Scope

from services.tracking.domain.local_time import Language, written
from services.tracking.domain.public import JourneyNotFound
from services.tracking.domain.wording import NUMBER_SHAPE, REFUSED_NUMBER_TEXTS, Text
from services.tracking.use_cases.find_journey import find_journey
from shared.s10 import InvalidItemNumber, ItemNumber
from shared.web.access import anyone
from shared.web.service import Service, service_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = (TEMPLATES / "page.css").read_text()
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
LONGEST_NUMBER = 40

_pages = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Running = Annotated[Service, Depends(service_of)]
Asked = Annotated[str, Query(max_length=200)]


@router.get("/")
async def show_search(request: Request, number: Asked = "", lang: Asked = "km") -> Response:
    """Show the search form, or lead on to the parcel that was asked for."""
    language = _language(lang)
    if not number.strip():
        return _page(request, "search.html", language)
    try:
        item_number = ItemNumber.parse(number)
    except InvalidItemNumber as refused:
        return _refusal(request, language, number, refused, status=422)
    return _redirect(request, item_number, language)


@router.get("/items/{number}")
async def show_item(request: Request, number: str, service: Running, lang: Asked = "km") -> Response:
    """Show where a parcel is and how it came there."""
    language = _language(lang)
    try:
        item_number = ItemNumber.parse(number)
        async with service.database.connection() as tx:
            journey = await find_journey(tx, item_number, service.directory.offices)
    except InvalidItemNumber as refused:
        return _refusal(request, language, number, refused, status=404)
    except JourneyNotFound:
        return _page(request, "search.html", language, status=404, asked=item_number.grouped, unknown=True)
    return _page(request, "journey.html", language, grouped=item_number.grouped, journey=journey)


class _NumberRoute(APIRoute):
    """A route that is there for item numbers alone, so that every other path is answered as without it."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        try:
            ItemNumber.parse(found["path_params"]["number"] if match is not Match.NONE else "")
        except InvalidItemNumber:
            return Match.NONE, {}
        return match, found


async def lead_to_item(request: Request, number: str, lang: Asked = "km") -> Response:
    """Lead on from the short address of an item, which is its number alone."""
    return _redirect(request, ItemNumber.parse(number), _language(lang))


router.add_api_route("/{number}", lead_to_item, methods=["GET"], route_class_override=_NumberRoute)


def _redirect(request: Request, item_number: ItemNumber, language: Language) -> Response:
    return RedirectResponse(f"{_root(request)}/items/{item_number}?lang={language}", status_code=303)


def _refusal(
    request: Request, language: Language, number: str, refused: InvalidItemNumber, *, status: int
) -> HTMLResponse:
    text = REFUSED_NUMBER_TEXTS.get(refused.code, NUMBER_SHAPE)
    return _page(request, "search.html", language, status=status, asked=number[:LONGEST_NUMBER], refusal=text)


def _page(
    request: Request,
    template: str,
    language: Language,
    *,
    status: int = 200,
    asked: str = "",
    **values: object,
) -> HTMLResponse:
    filled = {
        "refusal": None,
        "unknown": False,
        **values,
        "asked": asked,
        "language": language,
        "say": _say(language),
        "switched": _switched(request, language),
        "written": lambda moment: written(moment, language),
        "home": f"{_root(request)}/",
        "style": Markup(STYLE),  # noqa: S704  # our own file, not input
    }
    headers = {**HEADERS, "Content-Language": language}
    return HTMLResponse(_pages.get_template(template).render(filled), status, headers)


def _switched(request: Request, language: Language) -> str:
    other = "km" if language == "en" else "en"
    return f"?{request.url.include_query_params(lang=other).query}"


def _say(language: Language) -> Callable[..., str]:
    def say(text: Text | str, english: str = "") -> str:
        if isinstance(text, Text):
            return text.km if language == "km" else text.en
        return text if language == "km" else english

    return say


def _language(asked: str) -> Language:
    return "en" if asked == "en" else "km"


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")
