"""Exchange rates over HTTP: set by those who may, read by all staff."""

from datetime import timedelta

import httpx
import pytest

from shared.access.roles import STAFF, Role
from shared.clock import LOCAL, now
from tests.access.signed_in import actor_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.counter import Counter, problems, refusal

TODAY = now().astimezone(LOCAL).date()
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


async def put(
    counter: Counter, riel_per_usd: int = 4_015, day: object = TOMORROW, role: Role = Role.ADMINISTRATOR
) -> httpx.Response:
    body = {"riel_per_usd": riel_per_usd}
    return await counter.client.put(f"/exchange-rates/{day}", json=body, headers=counter.signed_in(role))


async def test_a_rate_is_set_and_read_for_the_days_after_it(counter: Counter) -> None:
    answer = await put(counter)
    later = await counter.get(f"/exchange-rates/{TOMORROW + timedelta(days=9)}")

    assert (answer.status_code, answer.json()) == (200, later.json())
    assert (later.json()["day"], later.json()["riel_per_usd"]) == (str(TOMORROW), 4_015)
    assert later.json()["set_by"] == actor_id(Role.ADMINISTRATOR, HOME)


async def test_before_the_first_rate_there_is_none(counter: Counter) -> None:
    await put(counter)

    assert refusal(await counter.get(f"/exchange-rates/{YESTERDAY}")) == (404, "exchange-rate-not-found")


async def test_the_rate_of_a_day_that_is_over_stays(counter: Counter) -> None:
    assert refusal(await put(counter, day=YESTERDAY)) == (409, "day-is-over")


@pytest.mark.parametrize(("riel_per_usd", "status"), [(999, 422), (1_000, 200), (10_000, 200), (10_001, 422)])
async def test_a_slip_of_the_finger_is_refused(counter: Counter, riel_per_usd: int, status: int) -> None:
    assert (await put(counter, riel_per_usd)).status_code == status


async def test_a_day_that_is_none_is_refused(counter: Counter) -> None:
    answer = await put(counter, day="2026-02-30")

    assert refusal(answer) == (422, "invalid-request")
    assert [field for field, _ in problems(answer)] == ["day"]


async def test_a_rate_set_again_is_a_new_version_and_the_one_before_stays_on_record(counter: Counter) -> None:
    for by, riel_per_usd in ((HOME, 4_015), (AWAY, 4_150)):
        headers = counter.signed_in(Role.ADMINISTRATOR, by)
        body = {"riel_per_usd": riel_per_usd}
        assert (await counter.client.put(f"/exchange-rates/{TOMORROW}", json=body, headers=headers)).is_success

    last, first = (await counter.get(f"/exchange-rates/{TOMORROW}/versions")).json()

    assert last == (await counter.get(f"/exchange-rates/{TOMORROW}")).json()
    told = [(one["version"], one["riel_per_usd"], one["set_by"]) for one in (last, first)]
    assert told == [
        (2, 4_150, actor_id(Role.ADMINISTRATOR, AWAY)),
        (1, 4_015, actor_id(Role.ADMINISTRATOR, HOME)),
    ]
    assert first["set_at"] < last["set_at"]
    nothing = await counter.get(f"/exchange-rates/{TODAY}/versions")
    assert refusal(nothing) == (404, "exchange-rate-not-found")


async def test_those_of_one_office_read_and_do_not_set(counter: Counter) -> None:
    await put(counter)
    for role in STAFF:
        assert (await counter.get(f"/exchange-rates/{TOMORROW}", role)).status_code == 200
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert refusal(await put(counter, role=role)) == (403, "role-refused")
    assert refusal(await counter.get(f"/exchange-rates/{TOMORROW}", Role.TRADER)) == (403, "role-refused")
