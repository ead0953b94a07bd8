"""Places of Cambodia over HTTP: chosen level by level, or looked up by name.

The handlers are plain functions, which run beside the event loop: the first to come reads the gazetteer.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from services.parcel.addresses.domain.gazetteer import Level, Place, gazetteer
from services.parcel.addresses.domain.place_search import find_places
from services.parcel.addresses.entrypoints.address_fields import PlaceCode
from services.parcel.forms import AnybodySignedIn, Text, View

router = APIRouter(prefix="/places", tags=["addresses"])


class PlaceView(View):
    """A province, district, commune or village; its code is no postal code."""

    code: str
    level: Level
    name_km: str
    name_en: str
    parent_code: str | None


class PlacePathView(PlaceView):
    """A place and what it lies in."""

    path: list[PlaceView]
    """The place itself first, its province last."""


@router.get("")
def show_places(_actor: AnybodySignedIn, within: PlaceCode | None = None) -> list[PlaceView]:
    """List what a place is divided into; the provinces if none is named."""
    return [PlaceView.model_validate(place) for place in gazetteer().within(within)]


@router.get("/search")
def search_places(
    q: Text, _actor: AnybodySignedIn, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> list[PlacePathView]:
    """Find places by name, in Khmer or in Latin letters however spelt, the best first."""
    return [_with_path(place) for place in find_places(q, limit)]


@router.get("/{code}")
def show_place(code: PlaceCode, _actor: AnybodySignedIn) -> PlacePathView:
    """Show a place and what it lies in."""
    return _with_path(gazetteer().find(code))


def _with_path(place: Place) -> PlacePathView:
    path = [PlaceView.model_validate(one) for one in gazetteer().path(place.code)]
    return PlacePathView(**path[0].model_dump(), path=path)
