"""Items from abroad: whose number they may have, who sees them, and who is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.parcel.customs.domain.inbound import (
    Addressee,
    Charges,
    Fee,
    InboundItem,
    PapersState,
    Source,
    foreign_number,
)
from shared.access.roles import Actor, Role
from shared.errors import Invalid
from tests.parcel.bodies import AWAY, HOME, THIRD

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
ITEM = InboundItem(
    item_number="CP123456785KR",
    sender_name="Kim Minji",
    addressee=Addressee("ចាន់ ធីតា", "+855971234567"),
    source=Source.HAND,
    taking_office=HOME,
    collecting_office=AWAY,
    link_secret="secret of the link",
    received_at=NOON,
    taken_by="clerk",
)


@pytest.mark.parametrize("text", ["RR473124829GB", "rr 473 124 829 gb", "EN536199851JP"])
def test_a_number_of_another_post_is_read_however_it_is_written(text: str) -> None:
    assert foreign_number(text) == text.replace(" ", "").upper()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RR000164273KH", "cambodian-number"),
        ("RR473124828GB", "check-digit"),
        ("EB000717594HK", "check-digit"),
        ("JA473124829KR", "reserved-indicator"),
        ("473124829", "item-number-shape"),
    ],
)
def test_a_number_that_is_ours_or_wrong_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        foreign_number(text)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("item_number", code)]


@pytest.mark.parametrize(
    ("role", "office", "seen"),
    [
        (Role.CLERK, HOME, True),
        (Role.CLERK, AWAY, True),
        (Role.CLERK, THIRD, False),
        (Role.ADMINISTRATOR, None, True),
        (Role.DISTRICT, None, False),
    ],
)
def test_an_item_is_seen_where_it_was_taken_in_and_where_it_waits(role: Role, office: str | None, seen: bool) -> None:
    assert ITEM.is_seen_by(Actor("somebody", role, office)) is seen


def test_the_office_that_holds_an_item_sees_it() -> None:
    assert replace(ITEM, holding_office=THIRD).is_seen_by(Actor("somebody", Role.CLERK, THIRD))


def test_the_addressee_is_told_where_a_phone_is_known_and_the_sender_abroad_has_none() -> None:
    contacts = ITEM.contacts()

    assert contacts is not None
    assert (contacts.recipient.name, contacts.recipient.phone) == ("ចាន់ ធីតា", "+855971234567")
    assert (contacts.sender.name, contacts.sender.phone) == ("Kim Minji", "")
    assert replace(ITEM, addressee=Addressee("ចាន់ ធីតា")).contacts() is None


def test_whose_phone_was_taken_away_is_told_so_by_an_empty_one() -> None:
    without = replace(ITEM, addressee=Addressee("ចាន់ ធីតា"), version=2)
    silenced = without.contacts_after(ITEM)

    assert silenced is not None
    assert (silenced.version, silenced.recipient.phone) == (2, "")
    assert without.contacts_after(without) is None
    known_again = ITEM.contacts_after(without)
    assert known_again is not None
    assert known_again.recipient.phone == "+855971234567"


@pytest.mark.parametrize(
    ("papers", "told"), [(None, None), (PapersState.ASKED_FOR, "Invoice"), (PapersState.PHOTOGRAPHED, None)]
)
def test_contacts_tell_which_papers_are_asked_for_until_they_are_brought(
    papers: PapersState | None, told: str | None
) -> None:
    contacts = replace(ITEM, papers=papers, papers_wanted="Invoice" if papers else None).contacts()

    assert contacts is not None
    assert contacts.papers_wanted == told


def test_charges_are_duty_and_fees_together() -> None:
    assert Charges(12_000, (Fee("handling", 4_000), Fee("storage", 500)), "KHR").total_minor == 16_500
    assert ITEM.origin_country == "KR"
    assert ITEM.item_number_grouped == "CP 123 456 785 KR"
