"""The letters that the numbers of each service begin with.

Provisional until Cambodia Post confirms its own. Source: UPU S10-12 for the indicators (P* is free for domestic use).
"""

from collections.abc import Collection

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.parcel import Service

DOMESTIC_INDICATOR = "PD"
INDICATORS: dict[Service, str] = {"parcel": "CP", "ems": "EE", "small_packet": "LX", "registered_letter": "RR"}

REGISTERED_INDICATOR = "RR"
"""Of every registered item of letter post, a small packet too."""


def indicator_for(service: Service, destination_country: str, options: Collection[Option] = ()) -> str:
    """Return the two letters that a new item number begins with."""
    if destination_country == DOMESTIC:
        return DOMESTIC_INDICATOR
    return REGISTERED_INDICATOR if Option.REGISTERED in options else INDICATORS[service]
