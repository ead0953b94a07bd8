"""The letters that the numbers of each service begin with.

Provisional until Cambodia Post confirms its own. Source: UPU S10-12 for the indicators (P* is free for domestic use).
"""

from services.parcel.addresses.domain.countries import DOMESTIC
from shared.contracts.parcel import Service

DOMESTIC_INDICATOR = "PD"
INDICATORS: dict[Service, str] = {"parcel": "CP", "ems": "EE", "small_packet": "LX", "registered_letter": "RR"}


def indicator_for(service: Service, destination_country: str) -> str:
    """Return the two letters that a new item number begins with."""
    return DOMESTIC_INDICATOR if destination_country == DOMESTIC else INDICATORS[service]
