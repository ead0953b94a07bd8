"""The price of one parcel over HTTP: as it was kept, and reckoned again."""

from fastapi import APIRouter

from services.parcel.forms import AnyStaff, Serving, View
from services.parcel.posting.use_cases.recompute_price import recompute_price
from services.parcel.pricing.entrypoints.price_views import PriceView
from shared.s10 import ItemNumber

router = APIRouter(prefix="/parcels", tags=["pricing"])


class PriceAgainView(View):
    """A kept price, and the same from its own tariff, zone and rate."""

    item_number: str
    kept: PriceView
    recomputed: PriceView
    same: bool
    """False if the file of that tariff was changed since."""


@router.get("/{item_number}/price")
async def recompute(item_number: str, actor: AnyStaff, service: Serving) -> PriceAgainView:
    """Reckon the price of a parcel again, from what was kept with it: no office, rate or tariff of today counts."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        return PriceAgainView.model_validate(await recompute_price(connection, actor, number))
