"""What was printed: on record for those who supervise."""

from datetime import datetime, timedelta

import pytest

from shared.access.roles import Role
from shared.clock import now
from tests.access.signed_in import SHOPS, actor_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.counter import Counter, refusal


async def test_each_print_tells_what_who_where_and_when(counter: Counter) -> None:
    number = await counter.registered(collecting_office=AWAY, trader=str(SHOPS[HOME]))
    await counter.get(f"/parcels/{number}/label")
    await counter.get(f"/parcels/{number}/label", Role.TRADER)
    await counter.get(f"/parcels/{number}/label", by=AWAY)

    prints = (await counter.get(f"/parcels/{number}/prints", Role.SUPERVISOR)).json()

    assert [(one["kind"], one["print_no"], one["printed_by"], one["office"]) for one in prints] == [
        ("label", 3, actor_id(Role.CLERK, AWAY), AWAY),
        ("label", 2, actor_id(Role.TRADER, HOME), None),
        ("label", 1, actor_id(Role.CLERK, HOME), HOME),
    ]
    ages = [now() - datetime.fromisoformat(one["printed_at"]) for one in prints]
    assert timedelta(0) <= min(ages)
    assert max(ages) < timedelta(minutes=1)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
async def test_those_who_supervise_look(counter: Counter, role: Role) -> None:
    number = await counter.registered()

    assert (await counter.get(f"/parcels/{number}/prints", role)).json() == []


async def test_a_clerk_and_another_office_do_not(counter: Counter) -> None:
    number = await counter.registered()

    assert refusal(await counter.get(f"/parcels/{number}/prints")) == (403, "role-refused")
    answer = await counter.get(f"/parcels/{number}/prints", Role.SUPERVISOR, by=AWAY)
    assert refusal(answer) == (404, "parcel-not-found")
