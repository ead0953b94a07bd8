"""Offices and staff over HTTP."""

import asyncio
from datetime import date, timedelta

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.people.domain.office import must_be_placed
from services.parcel.people.domain.staff import LastAdministrator, Staff
from services.parcel.people.store import staff
from services.parcel.people.use_cases.add_staff import NameTaken, add_staff
from services.parcel.people.use_cases.disable_staff import disable_staff
from services.parcel.people.use_cases.has_administrator import has_administrator
from services.parcel.setup.use_cases.load_samples import sample_places
from shared.access.roles import EVERYWHERE, STAFF, Actor, Role
from shared.clock import LOCAL, now
from shared.contracts.directory import ActorV1, OfficeV1
from shared.db.connection import Database
from shared.ids import new_id
from shared.sealing import KeyRing
from tests.access.signed_in import good, office_entry
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.counter import Counter, problems, refusal
from tests.support.waiting import until


def office_body(**values: object) -> dict[str, object]:
    return {"name_km": "បាទី", "name_en": "Bati", "office_kind": "ctc", "district_code": "2102"} | values


async def put(counter: Counter, **values: object) -> httpx.Response:
    headers = counter.signed_in(Role.ADMINISTRATOR)
    return await counter.client.put("/offices/KD01A", json=office_body(**values), headers=headers)


async def hired(app: FastAPI, office: str | None = HOME, role: Role = Role.CLERK, name: str = "sok") -> Staff:
    person = Staff(new_id(), name, "no hash", role, office)
    async with app.state.service.database.transaction() as tx:
        await add_staff(tx, app.state.service.outbox, person)
    await app.state.service.directory.refresh(app.state.service.database)
    return person


async def disable(counter: Counter, person: Staff, role: Role = Role.OFFICE_MANAGER, office: str = HOME) -> int:
    headers = counter.signed_in(role, office)
    return (await counter.client.put(f"/staff/{person.staff_id}/disabled", headers=headers)).status_code


PUBLIC = {
    *("office", "name_km", "name_en", "office_kind", "district_code", "place_code"),
    *("opening_hours", "latitude", "longitude", "closed", "closes_on", "sample", "hand_over_rule"),
}
"""What stands at the door of an office, or may."""


async def test_every_role_reads_the_list_of_offices_and_no_more_of_them_than_is_public(counter: Counter) -> None:
    for role in Role:
        offices = (await counter.get("/offices", role)).json()
        assert [office["office"] for office in offices] == [HOME, AWAY, THIRD]
        assert {field for office in offices for field in office} == PUBLIC


async def test_a_disabled_person_is_refused_at_the_next_request(app: FastAPI, counter: Counter) -> None:
    person = await hired(app)
    headers = good(counter.key, str(person.staff_id))
    assert (await counter.client.get("/offices", headers=headers)).status_code == 200

    assert await disable(counter, person) == 204

    assert (await counter.client.get("/offices", headers=headers)).status_code == 401


async def test_disabling_is_told_once_for_each_time_and_grows_the_version(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    person = await hired(app)
    await disable(counter, person)
    await disable(counter, person)

    entries = await told.events(parcel_db, key_ring, f"actor:{person.staff_id}")
    assert all(isinstance(entry, ActorV1) for entry in entries)
    assert [(e.version, e.disabled) for e in entries if isinstance(e, ActorV1)] == [(1, False), (2, True), (3, True)]


@pytest.mark.parametrize("office", [AWAY, None])
async def test_a_manager_disables_nobody_of_another_office_or_of_none(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing, office: str | None
) -> None:
    person = await hired(app, office, Role.CLERK if office else Role.AUDITOR)

    assert await disable(counter, person) == 404

    async with parcel_db.connection() as connection:
        kept = await staff.by_name(connection, person.name)
    assert kept is not None
    assert kept.disabled_at is None
    assert len(await told.events(parcel_db, key_ring)) == 1
    headers = good(counter.key, str(person.staff_id))
    assert (await counter.client.get("/offices", headers=headers)).status_code == 200


@pytest.mark.parametrize("role", sorted(set(STAFF) - {Role.ADMINISTRATOR}))
async def test_an_administrator_disables_anybody(app: FastAPI, counter: Counter, role: Role) -> None:
    person = await hired(app, None if role in EVERYWHERE else AWAY, role)
    assert await disable(counter, person, Role.ADMINISTRATOR) == 204


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CLERK, 204), (Role.SUPERVISOR, 204), (Role.OFFICE_MANAGER, 403), (Role.DISTRICT, 403)],
)
async def test_a_manager_disables_those_of_the_counter_and_nobody_of_their_own_rank_or_above(
    app: FastAPI, counter: Counter, parcel_db: Database, role: Role, status: int
) -> None:
    person = await hired(app, HOME, role)

    answer = await counter.client.put(
        f"/staff/{person.staff_id}/disabled", headers=counter.signed_in(Role.OFFICE_MANAGER)
    )

    assert answer.status_code == status
    assert status == 204 or refusal(answer) == (403, "role-not-yours")
    async with parcel_db.connection() as connection:
        kept = await staff.by_name(connection, person.name)
    assert kept is not None
    assert (kept.disabled_at is not None) is (status == 204)


async def test_a_manager_does_not_find_an_administrator(app: FastAPI, counter: Counter) -> None:
    person = await hired(app, None, Role.ADMINISTRATOR)
    await hired(app, None, Role.ADMINISTRATOR, "chan")

    assert await disable(counter, person) == 404


async def test_the_last_administrator_who_may_act_stays(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    first, last = [await hired(app, None, Role.ADMINISTRATOR, name) for name in ("sok", "chan")]
    assert await disable(counter, first, Role.ADMINISTRATOR) == 204
    told_before = await told.events(parcel_db, key_ring)

    headers = counter.signed_in(Role.ADMINISTRATOR)
    refused = await counter.client.put(f"/staff/{last.staff_id}/disabled", headers=headers)

    assert refusal(refused) == (409, "last-administrator")
    assert await told.events(parcel_db, key_ring) == told_before
    assert await disable(counter, first, Role.ADMINISTRATOR) == 204


async def test_of_two_administrators_who_disable_each_other_at_once_one_stays(
    app: FastAPI, parcel_db: Database
) -> None:
    pair = [await hired(app, None, Role.ADMINISTRATOR, name) for name in ("sok", "chan")]
    both_looked = asyncio.Barrier(2)

    async def disable_one(whom: Staff, by: Staff) -> str:
        actor = Actor(str(by.staff_id), Role.ADMINISTRATOR, None)
        try:
            async with parcel_db.transaction() as tx:
                await staff.by_id(tx, whom.staff_id)
                await both_looked.wait()
                await disable_staff(tx, app.state.service.outbox, actor, whom.staff_id, now())
        except LastAdministrator:
            return "stays"
        return "disabled"

    outcomes = await asyncio.gather(disable_one(pair[0], pair[1]), disable_one(pair[1], pair[0]))

    assert sorted(outcomes) == ["disabled", "stays"]
    async with parcel_db.connection() as connection:
        assert await staff.any_administrator(connection)


async def test_a_disabled_administrator_is_none(app: FastAPI, parcel_db: Database) -> None:
    person = await hired(app, None, Role.ADMINISTRATOR)
    async with parcel_db.transaction() as tx:
        assert await has_administrator(tx)
        await staff.disable(tx, person.staff_id, now())
        assert not await has_administrator(tx)


async def test_a_person_who_is_not_there_cannot_be_disabled(counter: Counter) -> None:
    headers = counter.signed_in(Role.ADMINISTRATOR)

    unknown = await counter.client.put(f"/staff/{new_id()}/disabled", headers=headers)
    no_id = await counter.client.put("/staff/1/disabled", headers=headers)

    assert refusal(unknown) == (404, "person-not-found")
    assert refusal(no_id) == (422, "invalid-request")


async def test_a_name_belongs_to_one_person(app: FastAPI, parcel_db: Database, key_ring: KeyRing) -> None:
    await hired(app)

    with pytest.raises(NameTaken):
        await hired(app, AWAY)

    assert len(await told.events(parcel_db, key_ring)) == 1


async def test_of_two_who_open_an_office_at_once_one_is_told_to_look_again(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    async with parcel_db.transaction() as tx:
        # Whoever comes first waits here with the other, as long as somebody else reads the whole directory.
        await tx.execute("lock table directory in share mode")
        asked = [asyncio.create_task(put(counter, name_en=name)) for name in ("Bati", "Tonle Bati")]

        async def both_wait() -> bool:
            waiting = "select count(*) from pg_locks where not granted and relation = 'directory'::regclass"
            return int(await tx.fetchval(waiting)) == 2

        await until(both_wait)
    answers = sorted(await asyncio.gather(*asked), key=lambda answer: answer.status_code)

    assert answers[0].status_code == 200
    assert refusal(answers[1]) == (409, "set-meanwhile")
    (entry,) = await told.events(parcel_db, key_ring, "office:KD01A")
    assert isinstance(entry, OfficeV1)
    assert (entry.version, entry.name_en) == (1, answers[0].json()["name_en"])


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"district_code": "2199"}, ("district_code", "unknown-place")),
        ({"district_code": "9901"}, ("district_code", "unknown-place")),
        ({"place_code": "210299"}, ("place_code", "unknown-place")),
        ({"place_code": "21019999"}, ("place_code", "unknown-place")),
        ({"place_code": "210101"}, ("place_code", "not-in-district")),
        ({"place_code": "21010101"}, ("place_code", "not-in-district")),
        ({"district_code": "0000"}, ("district_code", "unknown-place")),
    ],
    ids=str,
)
async def test_an_office_stands_where_the_gazetteer_knows_a_place(
    counter: Counter, values: dict[str, object], problem: tuple[str, str]
) -> None:
    assert problems(await put(counter, **values)) == [problem]
    assert "KD01A" not in {office["office"] for office in (await counter.get("/offices")).json()}


@pytest.mark.parametrize(
    "values",
    [
        {"place_code": "210201"},
        {"place_code": "21020101"},
        {"district_code": "0000", "office_kind": "office_of_exchange"},
    ],
    ids=str,
)
async def test_a_commune_a_village_or_a_post_abroad_is_taken(counter: Counter, values: dict[str, object]) -> None:
    assert (await put(counter, **values)).status_code == 200


def test_every_sample_office_stands_where_the_gazetteer_knows_a_place() -> None:
    for office in sample_places().offices:
        must_be_placed(OfficeV1(**office.model_dump(), sample=True, version=1))


TODAY = now().astimezone(LOCAL).date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "closed", "closes_on"),
    [
        ({}, False, None),
        ({"closed": True}, True, TODAY),
        ({"closed": True, "closes_on": str(YESTERDAY)}, True, YESTERDAY),
        ({"closes_on": str(TODAY)}, True, TODAY),
        ({"closes_on": str(TOMORROW)}, False, TOMORROW),
    ],
    ids=str,
)
async def test_an_office_closes_on_a_day(
    counter: Counter,
    parcel_db: Database,
    key_ring: KeyRing,
    values: dict[str, object],
    closed: bool,
    closes_on: date | None,
) -> None:
    view = (await put(counter, **values)).json()

    assert (view["closed"], view["closes_on"]) == (closed, str(closes_on) if closes_on else None)
    (entry,) = await told.events(parcel_db, key_ring, "office:KD01A")
    assert isinstance(entry, OfficeV1)
    assert (entry.closed, entry.closes_on, entry.takes_in(TODAY)) == (closed, closes_on, not closed)


async def test_a_closed_office_keeps_its_day_until_it_opens_again(counter: Counter) -> None:
    await put(counter, closed=True, closes_on=str(YESTERDAY))

    assert (await put(counter, closed=True, name_en="Bati 1")).json()["closes_on"] == str(YESTERDAY)
    assert (await put(counter)).json()["closes_on"] is None
    assert (await put(counter, closed=True)).json()["closes_on"] == str(TODAY)


async def test_what_is_closed_does_not_close_on_a_day_to_come(counter: Counter) -> None:
    assert problems(await put(counter, closed=True, closes_on=str(TOMORROW))) == [("closes_on", "not-yet")]


@pytest.mark.parametrize(("closed", "closes_on", "takes_in"), [(True, None, False), (False, None, True)])
def test_an_entry_of_an_earlier_release_says_no_day(closed: bool, closes_on: date | None, takes_in: bool) -> None:
    office = office_entry(HOME).model_copy(update={"closed": closed, "closes_on": closes_on})
    assert office.takes_in(TODAY) is takes_in
