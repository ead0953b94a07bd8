"""The walks of practice parcels."""

from pathlib import Path

import phonenumbers
import pytest

from services.parcel.addresses.domain.phones import e164
from services.parcel.practice.domain.walks import USUAL, WALKS, state_after, walk_of
from shared.contracts.states import CustomerState


def test_the_walks_pass_through_every_state() -> None:
    assert {state for walk in WALKS.values() for state in walk} == set(CustomerState)


@pytest.mark.parametrize("phone", WALKS)
def test_each_phone_can_be_typed_at_a_counter(phone: str) -> None:
    assert (
        e164(phonenumbers.format_number(phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.NATIONAL), "KH")
        == phone
    )


def test_any_other_phone_walks_as_usual_and_stays_at_the_end() -> None:
    assert walk_of("+85597123456") == USUAL
    assert [state_after(USUAL, steps) for steps in (4, 5, 100)] == [CustomerState.DELIVERED] * 3


def test_the_page_of_the_api_tells_every_walk() -> None:
    page = (Path(__file__).parents[4] / "docs" / "api.md").read_text()
    for phone, states in WALKS.items():
        national = f"0{phone.removeprefix('+855')}"
        written = f"{national[:3]} {national[3:6]} {national[6:]}"
        beside = ", and any other" if phone == USUAL else ""
        assert f"| {written}{beside} | {', '.join(state.value for state in states)} |" in page
