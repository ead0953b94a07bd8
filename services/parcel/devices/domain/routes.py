"""How far each office is from a counter's own, and which offices lead abroad, as the tariff of the day divides them."""

from collections.abc import Mapping
from datetime import date

from services.parcel.pricing.domain.tariff import tariff_on
from shared.contracts.directory import OfficeV1
from shared.errors import Invalid


def routes_from(origin: str, offices: Mapping[str, OfficeV1], day: date) -> dict[str, object]:
    """Return the zone of each office that takes in parcels, and the offices of exchange.

    Raises: NoTariffInForce.
    """
    zones = tariff_on(day).domestic_zones
    taking = {code: office for code, office in sorted(offices.items()) if office.takes_in(day)}
    found: dict[str, str] = {}
    for code, office in taking.items():
        try:
            found[code] = zones.zone_of(offices[origin].district_code, office.district_code)
        except Invalid:
            # Of another post, or not placed yet: nothing is sent to wait there.
            continue
    abroad = [code for code, office in taking.items() if office.office_kind == "office_of_exchange"]
    return {"zones": found, "abroad": abroad}
