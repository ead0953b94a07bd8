"""What a parcel costs comes back from JSON as it was, and says what was paid at the counter."""

from dataclasses import replace

import orjson
import pytest

from services.parcel.posting.domain.postage import Postage, read_postage
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.tariff import Option
from tests.parcel.priced import POSTAGE
from tests.parcel.pricing.asked import price

OPTIONS = frozenset({Option.ADVICE_OF_RECEIPT, Option.DOOR_DELIVERY})


@pytest.mark.parametrize("postage", [POSTAGE, Postage(Payer.COD, price(options=OPTIONS)), None])
def test_postage_is_read_as_it_was_written(postage: Postage | None) -> None:
    assert read_postage(orjson.loads(orjson.dumps(postage))) == postage


@pytest.mark.parametrize(("payer", "paid_riel"), [(Payer.SENDER, 10_000), (Payer.RECIPIENT, 0), (Payer.COD, 0)])
def test_only_the_sender_pays_at_the_counter_of_posting(payer: Payer, paid_riel: int) -> None:
    assert POSTAGE.price.total_riel == 10_000
    assert replace(POSTAGE, payer=payer).paid_riel == paid_riel


def test_customs_abroad_is_told_dollars_where_a_rate_was_known() -> None:
    assert POSTAGE.price.usd is not None
    assert POSTAGE.charged == Amount(POSTAGE.price.usd.amount_cents, "USD")
    assert replace(POSTAGE, price=replace(POSTAGE.price, usd=None)).charged == Amount(10_000, "KHR")
