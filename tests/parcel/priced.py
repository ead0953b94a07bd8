"""What a sample parcel costs, as a registration keeps it."""

from services.parcel.posting.domain.postage import Postage
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from tests.parcel.pricing.asked import price, rate

PRICE = price(rate=rate(), declared_value_riel=200_000, cod_amount_riel=200_000)
POSTAGE = Postage(Payer.SENDER, PRICE, Amount(5_000, "USD"), Amount(200_000, "KHR"))
