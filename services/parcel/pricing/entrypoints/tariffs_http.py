"""Tariffs over HTTP: which there are, and what one of them says."""

from datetime import date

from fastapi import APIRouter

from services.parcel.forms import AnyStaff, View
from services.parcel.pricing.domain import tariff
from services.parcel.pricing.domain.tariff import Tariff

router = APIRouter(prefix="/tariffs", tags=["pricing"])


class EditionView(View):
    """A tariff's name, its days, and how far it can be relied on."""

    version: str
    valid_from: date
    valid_until: date | None
    provisional: bool
    sample: bool
    source: str


@router.get("")
async def show_tariffs(_actor: AnyStaff) -> list[EditionView]:
    """List every tariff, the earliest first."""
    return [EditionView.model_validate(edition) for edition in tariff.editions().by_version.values()]


@router.get("/{version}")
async def show_tariff(version: str, _actor: AnyStaff) -> Tariff:
    """Show one tariff, as its file has it."""
    return tariff.tariff_of(version)
