"""Shops over HTTP: opened by a clerk, closed by a manager, with those who act for them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.config import JsonDict

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.forms import Body, CounterStaff, IdempotencyKey, OfficeCode, Phone, Serving, Text, View
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.pages import LARGEST_PAGE, LINKED, Limit, Paged, Word
from services.parcel.people.domain.trader import Identity, IdentityKind, Member, MemberRole, Payout, PayoutKind, Trader
from services.parcel.people.use_cases.close_shop import close_shop
from services.parcel.people.use_cases.find_members import find_members
from services.parcel.people.use_cases.find_shop import find_shop
from services.parcel.people.use_cases.find_shops import find_shops
from services.parcel.people.use_cases.let_member_join import let_member_join
from services.parcel.people.use_cases.open_shop import open_shop
from services.parcel.people.use_cases.remove_member import remove_member
from shared import clock
from shared.access.roles import COUNTER, STAFF, Actor, Role
from shared.errors import FieldProblem, Invalid
from shared.ids import new_id
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/traders", tags=["traders"])

StaffOrTrader = Annotated[Actor, Depends(actor_with(*STAFF, Role.TRADER))]
CounterOrTrader = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.TRADER))]
Manager = Annotated[Actor, Depends(actor_with(Role.OFFICE_MANAGER, Role.ADMINISTRATOR))]
BY_NAME = TypeAdapter(tuple[Word, UUID])


EXAMPLE: JsonDict = {
    "shop_name": "ហាងក្រមា",
    "identity_kind": "national_id",
    "identity_number": "010203040",
    "payout_kind": "khqr",
    "payout_account": "krama_house@bank",
    "owner": {"name": "Sok Dara", "phone": "012 333 444"},
}


class MemberBody(Body):
    """One who is to act for a shop."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Chan Sophea", "phone": "012 555 666"}]})

    name: Text
    phone: Phone
    language: Literal["km", "en"] = "km"

    def member(self, trader_id: UUID, phone: str, role: MemberRole, added_by: str, now: datetime) -> Member:
        """Return the member, whose phone is read as E.164."""
        return Member(new_id(), trader_id, self.name, phone, self.language, role, now, added_by=added_by)


class NewMemberBody(MemberBody):
    """One who joins those who act for a shop."""

    role: MemberRole = "member"
    """An owner sets who acts for the shop, and makes its keys."""


class ShopBody(Body):
    """A shop to open: what the clerk saw as proof, and how the shop is paid."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    office: OfficeCode | None = None
    """The office where it hands in its parcels; yours if left out."""
    shop_name: Text
    identity_kind: IdentityKind
    identity_number: Text
    payout_kind: PayoutKind = "cash_at_office"
    payout_account: Text | None = None
    owner: MemberBody


class MemberView(View):
    """One who acts for a shop, or did."""

    member_id: UUID
    name: str
    phone: str
    language: str
    role: str
    added_at: datetime
    added_by: str | None
    """Id of the owner who let them act, or of the staff, whom the list of members does not name."""
    disabled_at: datetime | None
    disabled_by: str | None
    """Id of who removed them, likewise."""


class ShopView(BaseModel):
    """A shop; what proved its identity is shown to nobody."""

    trader_id: UUID
    shop_name: str
    office: str
    payout_kind: PayoutKind
    payout_account: str | None
    opened_at: datetime
    disabled_at: datetime | None
    members: list[MemberView] | None = None


@router.post("", status_code=201, response_model=ShopView)
async def open_one(body: ShopBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving) -> Response:
    """Open a shop; its owner signs in with the phone given."""
    office = body.office or actor.office
    if office is None or office not in service.directory.offices:
        raise Invalid([FieldProblem("office", "unknown-office", "Name an office that there is.")])
    actor.must_act_for(office)
    if body.payout_kind != "cash_at_office" and body.payout_account is None:
        raise Invalid([FieldProblem("payout_account", "missing", "Name the account that the shop is paid to.")])
    phone, now = e164_of(body.owner.phone, DOMESTIC, "owner.phone"), clock.now()

    async def make() -> bytes:
        identity, payout = (
            Identity(body.identity_kind, body.identity_number),
            Payout(body.payout_kind, body.payout_account),
        )
        trader = Trader(new_id(), body.shop_name, office, identity, payout, actor.id, now)
        owner = body.owner.member(trader.trader_id, phone, "owner", actor.id, now)
        await open_shop(tx, service.outbox, actor, trader, owner)
        log.info("shop opened", trader=str(trader.trader_id), office=office, actor=actor.id)
        return _view(trader, [owner]).model_dump_json().encode()

    asked = digest(body.model_dump_json(exclude_defaults=True).encode())
    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    await service.directory.refresh(service.database)
    return Response(answer, 201, media_type="application/json")


@router.get("", responses=LINKED)
async def show_all(
    actor: Annotated[Actor, Depends(actor_with(*STAFF))], service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[ShopView]:
    """List the shops of an office, by name."""
    async with service.database.connection() as connection:
        shops = await find_shops(connection, actor, page.after(BY_NAME), limit)
    return page.show(shops, _view, BY_NAME, lambda shop: (shop.shop_name, shop.trader_id), limit)


@router.get("/{trader_id}")
async def show(trader_id: UUID, actor: StaffOrTrader, service: Serving) -> ShopView:
    """Show a shop with its members."""
    async with service.database.connection() as connection:
        return _view(*await find_members(connection, actor, trader_id))


@router.post("/{trader_id}/members", status_code=201, response_model=MemberView)
async def add_one(
    trader_id: UUID, body: NewMemberBody, actor: CounterOrTrader, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Let somebody act for a shop, as its owner or its office; of the staff, owners are let in by supervisors."""
    phone = e164_of(body.phone, DOMESTIC, "phone")

    async def make() -> bytes:
        member = body.member(trader_id, phone, body.role, actor.id, clock.now())
        await let_member_join(tx, service.outbox, actor, member)
        log.info("member added", trader=str(trader_id), member=str(member.member_id), role=member.role, actor=actor.id)
        return MemberView.model_validate(member).model_dump_json().encode()

    asked = digest(f"{trader_id} {body.model_dump_json(exclude_defaults=True)}".encode())
    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    await service.directory.refresh(service.database)
    return Response(answer, 201, media_type="application/json")


@router.put("/{trader_id}/members/{member_id}/disabled", status_code=204)
async def remove_one(trader_id: UUID, member_id: UUID, actor: CounterOrTrader, service: Serving) -> None:
    """Let somebody act for a shop no longer, as its owner or its office; every service refuses them within seconds."""
    async with service.database.transaction() as tx:
        await remove_member(tx, service.outbox, actor, trader_id, member_id, clock.now())
    await service.directory.refresh(service.database)
    log.info("member removed", trader=str(trader_id), member=str(member_id), actor=actor.id)


@router.put("/{trader_id}/disabled", status_code=204)
async def close(trader_id: UUID, actor: Manager, service: Serving) -> None:
    """Close a shop; its members and keys are refused within seconds."""
    async with service.database.transaction() as tx:
        await find_shop(tx, actor, trader_id)
        await close_shop(tx, service.outbox, actor, trader_id, clock.now())
    await service.directory.refresh(service.database)
    log.info("shop closed", trader=str(trader_id), actor=actor.id)


def _view(trader: Trader, members: list[Member] | None = None) -> ShopView:
    return ShopView(
        trader_id=trader.trader_id,
        shop_name=trader.shop_name,
        office=trader.office,
        payout_kind=trader.payout.kind,
        payout_account=trader.payout.account,
        opened_at=trader.opened_at,
        disabled_at=trader.disabled_at,
        members=None if members is None else [MemberView.model_validate(member) for member in members],
    )
