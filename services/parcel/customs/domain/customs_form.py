"""Which customs form an item carries.

Source: UPU Convention Regulations: letter-post up to 300 SDR carries a CN 22, all else a CN 23.
"""

from typing import Literal

from services.parcel.customs.domain.currencies import Currency
from shared.contracts.parcel import Service

CustomsForm = Literal["CN22", "CN23"]
LETTER_POST: frozenset[Service] = frozenset({"small_packet", "registered_letter"})
CN22_LIMIT_SDR = 300


def form_for(service: Service, total_value_minor: int, currency: Currency) -> CustomsForm:
    """Return the form for an item of a service and a value."""
    is_small = total_value_minor <= currency.minor_of_sdr(CN22_LIMIT_SDR)
    return "CN22" if service in LETTER_POST and is_small else "CN23"
