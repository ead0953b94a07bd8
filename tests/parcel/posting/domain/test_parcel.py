"""What a parcel's state still allows, and what its events say."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.parcel.addresses.domain.countries import must_be_country
from services.parcel.posting.domain.parcel import ENDED, AlreadyDispatched, JourneyEnded, Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import Postage
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import Question, price_on
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.states import CustomerState
from shared.errors import Invalid
from tests.parcel.bodies import HOME, SENDER, THIRD

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
PERSON = Person(SENDER, "+85512345678", "en", ("Village 3",))
PARCEL = Parcel(
    item_number="RR473124829GB",
    office=HOME,
    service="parcel",
    destination_country="KH",
    collecting_office=THIRD,
    weight_g=100,
    length_mm=None,
    width_mm=None,
    height_mm=None,
    sender=PERSON,
    recipient=PERSON,
    order_reference="A-1",
    link_secret="secret of the link",
    registered_by="clerk",
    registered_at=NOON,
)
UNDISPATCHED = {CustomerState.ACCEPTED, CustomerState.ANNOUNCED}


def test_the_public_event_names_no_person_and_only_the_digest_of_the_secret() -> None:
    told = PARCEL.registered().model_dump_json()

    for personal in (SENDER, "+85512345678", "Village 3", "secret of the link", "A-1"):
        assert personal not in told


@pytest.mark.parametrize(
    ("options", "told"), [((), False), ((Option.ADVICE_OF_RECEIPT,), False), ((Option.DOOR_DELIVERY,), True)]
)
def test_the_public_event_says_whether_it_is_brought_to_the_door(options: tuple[Option, ...], told: bool) -> None:
    question = Question("parcel", "2101", "2103", 100, options=frozenset(options))
    postage = Postage(Payer.SENDER, price_on(question, None, date(2026, 8, 1)))

    assert replace(PARCEL, postage=postage).registered().door_delivery is told


def test_a_parcel_without_a_price_is_brought_to_no_door() -> None:
    assert PARCEL.registered().door_delivery is False


@pytest.mark.parametrize("state", CustomerState)
def test_a_parcel_is_under_way_until_its_journey_ended(state: CustomerState) -> None:
    parcel = replace(PARCEL, state=state)
    if state in ENDED:
        with pytest.raises(JourneyEnded):
            parcel.must_be_under_way()
    else:
        parcel.must_be_under_way()


@pytest.mark.parametrize("state", CustomerState)
def test_only_a_parcel_that_stands_where_it_was_posted_is_undispatched(state: CustomerState) -> None:
    parcel = replace(PARCEL, state=state)
    if state in UNDISPATCHED:
        parcel.must_be_undispatched()
    else:
        with pytest.raises(AlreadyDispatched):
            parcel.must_be_undispatched()


def test_a_cancelled_parcel_is_not_under_way_whatever_its_state() -> None:
    with pytest.raises(JourneyEnded):
        replace(PARCEL, cancelled_at=NOON, state=CustomerState.IN_TRANSIT).must_be_under_way()


@pytest.mark.parametrize("code", ["KH", "KR", "US", "TL"])
def test_countries_there_are_pass(code: str) -> None:
    must_be_country(code)


@pytest.mark.parametrize("code", ["XX", "", "KHM", "UK"])
def test_countries_there_are_not_are_refused(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        must_be_country(code)
    assert [(p.field, p.code) for p in refused.value.problems] == [("destination_country", "unknown-country")]
