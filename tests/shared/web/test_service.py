"""What a service knows when its first request comes, and what goes on however many requests wait."""

from onebox.postgres.databases import ServiceDatabase
from shared.access import directory
from shared.contracts.directory import OfficeV1
from shared.db.connection import Database
from tests.shared.web.service_under_test import application, started
from tests.support.waiting import until_true

OFFICE = OfficeV1(
    office="TK01A",
    office_kind="ctc",
    district_code="2101",
    name_km="អង្គរបូរី",
    name_en="CTC Angkor Borei",
    sample=True,
    version=1,
)


async def open_office(lent: ServiceDatabase) -> None:
    database = await Database.open(lent.service_url, pool_size=1, application="tests")
    async with database.transaction() as tx:
        await directory.keep(tx, [OFFICE])
    await database.close()


async def test_a_service_knows_the_directory_before_its_first_request(lent: ServiceDatabase) -> None:
    await open_office(lent)
    app = application(database_url=lent.service_url)
    async with started(app):
        assert list(app.state.service.directory.offices) == ["TK01A"]


async def test_background_work_goes_on_though_requests_hold_every_connection(lent: ServiceDatabase) -> None:
    app = application(database_url=lent.service_url, database_pool_size=1)
    async with started(app), app.state.service.database.connection():
        await open_office(lent)
        await until_true(lambda: list(app.state.service.directory.offices) == ["TK01A"])
