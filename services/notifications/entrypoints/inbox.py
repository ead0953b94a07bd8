"""The development inbox: a page that shows phones, and the same as data; mounted with the development channel only."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import AwareDatetime, BaseModel

from services.notifications.domain.facts import Language
from services.notifications.domain.message import ChannelName
from services.notifications.domain.milestones import Audience, Milestone
from services.notifications.domain.segments import Encoding
from services.notifications.use_cases.link_telegram import link_telegram
from services.notifications.use_cases.show_inbox import Bubble, show_inbox
from services.notifications.use_cases.show_phones import show_phones
from shared.clock import LOCAL, now
from shared.errors import FieldProblem, Invalid
from shared.s10 import ItemNumber
from shared.web.access import anyone
from shared.web.service import Service, service_of

router = APIRouter(tags=["development inbox"])

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Cache-Control": "no-store",
}
SHOWN_ON_PAGE = 300
PHONE = "097 123 4567"
OfPhone = Annotated[str, Query(examples=[PHONE])]
OfItem = Annotated[str, Query(examples=["RR473124829GB"])]
_NOT_DIGITS = re.compile(r"\D")


class NotAPhone(Invalid):
    """This is not a phone number."""

    slug = "invalid-phone"


class InboxMessage(BaseModel):
    """One message as a phone shows it; encoding and units are null for what is no SMS."""

    message_id: UUID
    item_number: str
    """Empty where it is about no parcel."""
    milestone: Milestone
    audience: Audience
    name: str | None
    phone: str
    language: Language | None
    channel: ChannelName
    body: str
    encoding: Encoding | None
    units: int | None
    segments: int
    received: int
    """How often the channel was given this message; the phone shows it once."""
    at: AwareDatetime


class Inbox(BaseModel):
    """What phones would have shown, oldest first."""

    messages: list[InboxMessage]


@router.get("/inbox", response_class=HTMLResponse, dependencies=[Depends(anyone)])
async def show_inbox_page(
    service: Annotated[Service, Depends(service_of)], phone: OfPhone = "", item_number: OfItem = ""
) -> HTMLResponse:
    """Show a phone per person."""
    async with service.database.connection() as tx:
        phones = await show_phones(tx, *_asked_for(phone, item_number), SHOWN_ON_PAGE)
    page = TEMPLATES.get_template("inbox.html").render(
        phones=phones,
        phone=phone.strip(),
        item_number=item_number.strip(),
        local=LOCAL,
        limit=SHOWN_ON_PAGE,
    )
    return HTMLResponse(page, headers=PAGE_HEADERS)


@router.get("/inbox.json", dependencies=[Depends(anyone)])
async def show_inbox_data(
    service: Annotated[Service, Depends(service_of)],
    phone: OfPhone = "",
    item_number: OfItem = "",
    limit: Annotated[int, Query(ge=1, le=20_000)] = 500,
) -> Inbox:
    """Return the newest messages, oldest first."""
    async with service.database.connection() as tx:
        bubbles = await show_inbox(tx, *_asked_for(phone, item_number), limit)
    return Inbox(messages=[_message(bubble) for bubble in bubbles])


@router.post(
    "/inbox/phones/{phone}/telegram",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    dependencies=[Depends(anyone)],
)
async def submit_telegram_link(
    phone: Annotated[str, PathParameter(examples=[PHONE])], service: Annotated[Service, Depends(service_of)]
) -> RedirectResponse:
    """Pretend that the owner of this phone started the bot; messages come by Telegram from now on."""
    number = _phone(phone)
    async with service.database.transaction() as tx:
        await link_telegram(tx, number, int(number), now())
    return RedirectResponse(f"../../../inbox?phone={quote(number)}", status.HTTP_303_SEE_OTHER)


def _asked_for(phone: str, item_number: str) -> tuple[str | None, str | None]:
    """Return phone and item number as they are kept, None for what was left out."""
    number = _phone(phone) if phone.strip() else None
    return number, str(ItemNumber.parse(item_number)) if item_number.strip() else None


def _phone(text: str) -> str:
    """Read a number as E.164; a query turns a plus into a space, and people write 012."""
    digits = _NOT_DIGITS.sub("", text).translate({ord("០") + value: str(value) for value in range(10)})
    if not 8 <= len(digits) <= 15:
        raise NotAPhone([FieldProblem("phone", "phone-shape", "Give a phone number such as 012 345 678.")])
    return f"+855{digits[1:]}" if digits.startswith("0") else f"+{digits}"


def _message(bubble: Bubble) -> InboxMessage:
    received = bubble.received
    return InboxMessage(
        message_id=received.message_id,
        item_number=received.item_number,
        milestone=received.milestone,
        audience=received.audience,
        name=received.name,
        phone=received.phone,
        language=received.language,
        channel=received.channel,
        body=received.body,
        encoding=bubble.encoding,
        units=bubble.units,
        segments=received.segments,
        received=received.received,
        at=received.at,
    )
