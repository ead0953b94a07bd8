"""What a service knows when its first request comes."""

from onebox.postgres.databases import ServiceDatabase
from shared.access import directory
from shared.contracts.directory import OfficeV1
from shared.db.connection import Database
from tests.shared.web.service_under_test import application, started

OFFICE = OfficeV1(
    office="TK01A",
    office_kind="ctc",
    district_code="2101",
    name_km="អង្គរបូរី",
    name_en="CTC Angkor Borei",
    sample=True,
    version=1,
)


async def test_a_service_knows_the_directory_before_its_first_request(lent: ServiceDatabase) -> None:
    database = await Database.open(lent.service_url, pool_size=1, application="tests")
    async with database.transaction() as tx:
        await directory.keep(tx, [OFFICE])
    await database.close()
    app = application(database_url=lent.service_url)
    async with started(app):
        assert list(app.state.service.directory.offices) == ["TK01A"]
