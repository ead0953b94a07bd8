"""Which offices a person acts for; without an office, only those who look after all of them act at all."""

import pytest

from shared.access.roles import EVERYWHERE, STAFF, Actor, OtherOffice, Role
from tests.parcel.bodies import AWAY, HOME


@pytest.mark.parametrize("role", Role)
def test_a_person_of_an_office_acts_for_it_alone(role: Role) -> None:
    actor = Actor("sok", role, HOME)

    actor.must_act_for(HOME)
    assert not actor.acts_for(AWAY)
    assert not actor.acts_for(None)
    with pytest.raises(OtherOffice):
        actor.must_act_for(AWAY)


@pytest.mark.parametrize("role", Role)
def test_without_an_office_only_a_few_roles_act_and_then_for_all(role: Role) -> None:
    actor = Actor("sok", role, None)

    assert {actor.acts_for(office) for office in (HOME, AWAY, None)} == {role in EVERYWHERE}


def test_the_staff_are_every_role_but_the_traders() -> None:
    assert set(STAFF) == set(Role) - {Role.TRADER}
