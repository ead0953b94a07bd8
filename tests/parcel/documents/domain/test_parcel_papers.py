"""Papers filled in from what is kept of a parcel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.parcel.customs.domain.declaration import Category, ContentLine, Declaration, Declared
from services.parcel.customs.domain.posted_item import PeopleForgotten
from services.parcel.documents.domain import amounts
from services.parcel.documents.domain.amounts import dollars, riel
from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.parcel_papers import (
    customs_form_of,
    customs_paper_of,
    label_of,
    receipt_of,
)
from services.parcel.documents.domain.parties import Office
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.posting.domain.parcel import JourneyEnded, NoPriceKept, Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import Postage
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.states import CustomerState
from tests.access.signed_in import office_entry
from tests.parcel.bodies import HOME, THIRD
from tests.parcel.documents.papers import PRICE

AT = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
IMPRINT = Imprint("https://post.example", "023 42 80 80", {office: office_entry(office) for office in (HOME, THIRD)})
PARCEL = Parcel(
    item_number="PD100000051KH",
    office=HOME,
    service="parcel",
    destination_country="KH",
    collecting_office=THIRD,
    weight_g=1_250,
    length_mm=None,
    width_mm=None,
    height_mm=None,
    sender=Person("Sok Dara", "+85512345678", "en", ("Village 3",), "210101"),
    recipient=Person("ចាន់ ធីតា", "+855971234567", "km"),
    order_reference="W-1024",
    link_secret="s3cret",
    registered_by="clerk",
    registered_at=AT,
    postage=Postage(Payer.COD, PRICE, Amount(4_000, "USD"), Amount(52_000, "KHR")),
)
ABROAD = replace(PARCEL, item_number="CP100000017KH", destination_country="KR", collecting_office=None)
DECLARED = Declared(
    "CP100000017KH",
    Declaration(Category.GIFT, "KRW", (ContentLine("Silk scarf", 1, 300, 30_000),)),
    version=1,
    advance_data_complete_at=None,
    declared_by="clerk",
    declared_at=AT,
    updated_at=AT,
)
PAPERS: dict[str, Callable[[Parcel], object]] = {
    "label": lambda parcel: label_of(parcel, IMPRINT),
    "receipt": lambda parcel: receipt_of(parcel, IMPRINT, 1),
    "customs form": lambda parcel: customs_paper_of(parcel, DECLARED, IMPRINT),
}

VILLAGE = replace(PARCEL.recipient, address=("ផ្ទះ ១២",), postal_code="210901", place="21090101")
IN_LOS_ANGELES = replace(
    PARCEL.recipient, address=("12 Main Street",), postal_code="90001", city="Los Angeles", region="CA"
)


def test_at_home_a_place_stands_on_the_label_in_khmer() -> None:
    label = label_of(replace(PARCEL, recipient=VILLAGE), IMPRINT)

    assert label.recipient.address_lines == ("ផ្ទះ ១២", "ភូមិស្រុកចេក, អង្គតាសោម", "ត្រាំកក់, ខេត្តតាកែវ 210901")


def test_abroad_a_place_stands_on_every_paper_as_it_is_read_there() -> None:
    parcel = replace(ABROAD, destination_country="US", sender=VILLAGE, recipient=IN_LOS_ANGELES)

    for paper in (label_of(parcel, IMPRINT), customs_paper_of(parcel, DECLARED, IMPRINT)):
        assert paper.sender.address_lines == ("ផ្ទះ ១២", "Srok Chek, Ang Ta Saom", "Tram Kak, Takeo 210901")
        assert paper.recipient.address_lines == ("12 Main Street", "Los Angeles CA 90001")


def test_a_label_holds_what_the_parcel_holds() -> None:
    label = label_of(PARCEL, IMPRINT)

    assert str(label.item_number) == "PD100000051KH"
    assert label.tracking_link == "https://post.example/tracking/items/PD100000051KH"
    assert (label.cash_on_delivery, label.insured_value) == (riel(52_000), dollars(4_000))
    assert (label.office_of_posting.code, label.collecting_office) == (HOME, Office(THIRD, THIRD, THIRD))
    assert (label.sender.phone_for("KH"), label.sender.address_lines) == ("012 345 678", ("Village 3", "210101"))
    assert (label.recipient.name, label.order_reference) == ("ចាន់ ធីតា", "W-1024")
    assert label.options == (Option.DOOR_DELIVERY,)


@pytest.mark.parametrize(
    ("payer", "expected"),
    [(Payer.SENDER, None), (Payer.RECIPIENT, riel(PRICE.total_riel)), (Payer.COD, None)],
)
def test_a_label_tells_the_counter_what_postage_the_recipient_owes(
    payer: Payer, expected: amounts.Amount | None
) -> None:
    assert PARCEL.postage is not None
    label = label_of(replace(PARCEL, postage=replace(PARCEL.postage, payer=payer)), IMPRINT)

    assert (label.postage_to_collect, label.cash_on_delivery) == (expected, riel(52_000))


def test_a_label_abroad_names_the_country_in_place_of_an_office() -> None:
    label = label_of(replace(ABROAD, postage=None), IMPRINT)

    assert (label.goes_abroad, label.collecting_office) == (True, None)
    assert (label.cash_on_delivery, label.insured_value) == (None, None)


def test_a_receipt_holds_the_price_as_it_was_reckoned() -> None:
    receipt = receipt_of(PARCEL, IMPRINT, 3)

    assert (receipt.price, receipt.payer, receipt.print_no) == (PRICE, Payer.COD, 3)
    assert (receipt.paid_at, receipt.ask_phone) == (AT, "023 42 80 80")
    assert (receipt.cash_on_delivery, receipt.insured_value) == (riel(52_000), dollars(4_000))
    assert receipt.destination == f"{THIRD} {THIRD}"
    assert receipt_of(ABROAD, IMPRINT, 1).destination == "South Korea"


@pytest.mark.parametrize(
    ("price", "charges"), [(PRICE, dollars(240)), (replace(PRICE, usd=None), riel(9_600)), (None, None)]
)
def test_customs_reads_the_postage_in_dollars_where_a_rate_was_known(price: object, charges: object) -> None:
    postage = replace(ABROAD.postage, price=price) if price else None  # type: ignore[type-var]  # it has one
    paper = customs_paper_of(replace(ABROAD, postage=postage), DECLARED, IMPRINT)

    assert paper.postal_charges == charges


def test_the_dispatch_note_bears_what_the_sender_wants() -> None:
    redirected = replace(ABROAD, if_undeliverable=IfUndeliverable.REDIRECT, redirect_to="Lee Jiho, Busan")

    paper = customs_paper_of(redirected, DECLARED, IMPRINT)

    assert (paper.if_undeliverable, paper.redirect_to) == (IfUndeliverable.REDIRECT, "Lee Jiho, Busan")
    assert customs_paper_of(ABROAD, DECLARED, IMPRINT).if_undeliverable is IfUndeliverable.RETURN


def test_values_are_written_with_the_digits_of_their_currency() -> None:
    assert customs_paper_of(ABROAD, DECLARED, IMPRINT).total_value.spelled == "30,000 KRW"


def test_a_small_packet_of_small_value_carries_the_small_form() -> None:
    assert customs_form_of(ABROAD, DECLARED) == "CN23"
    assert customs_form_of(replace(ABROAD, service="small_packet"), DECLARED) == "CN22"


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_is_printed_of_people_who_were_forgotten(paper: str) -> None:
    nobody = Person("", "", "km")
    with pytest.raises(PeopleForgotten):
        PAPERS[paper](replace(ABROAD, sender=nobody, recipient=nobody, link_secret=""))


@pytest.mark.parametrize("change", [{"cancelled_at": AT}, {"state": CustomerState.DELIVERED}])
def test_what_travels_with_a_parcel_is_printed_while_it_travels(change: dict[str, object]) -> None:
    ended = replace(ABROAD, **change)  # type: ignore[arg-type]  # fields of one record
    for paper in ("label", "customs form"):
        with pytest.raises(JourneyEnded):
            PAPERS[paper](ended)
    assert PAPERS["receipt"](ended)


def test_a_parcel_without_a_price_has_no_receipt() -> None:
    with pytest.raises(NoPriceKept):
        receipt_of(replace(PARCEL, postage=None), IMPRINT, 1)


def test_every_paper_of_a_parcel_abroad_knows_what_becomes_of_it_if_undeliverable() -> None:
    parcel = replace(ABROAD, if_undeliverable=IfUndeliverable.REDIRECT, redirect_to="Lee Jiho, Busan, KOREA")

    for paper in (
        label_of(parcel, IMPRINT),
        receipt_of(parcel, IMPRINT, 1),
        customs_paper_of(parcel, DECLARED, IMPRINT),
    ):
        assert (paper.if_undeliverable, paper.redirect_to) == (IfUndeliverable.REDIRECT, "Lee Jiho, Busan, KOREA")


def test_at_home_no_receipt_says_what_becomes_of_a_parcel_if_undeliverable() -> None:
    assert receipt_of(PARCEL, IMPRINT, 1).if_undeliverable is None
    assert not label_of(PARCEL, IMPRINT).bears_instruction
