"""The command that makes the first administrator."""

import re

import pytest
from pydantic import SecretStr

from services.parcel.people.store import staff
from services.parcel.settings import ParcelSettings
from services.parcel.setup.entrypoints.first_administrator import make_from_environment
from shared.access.passphrases import Passphrases
from shared.access.roles import Role
from shared.db.connection import Database
from tests.support import databases
from tests.support.addresses import Addresses


async def test_the_passphrase_is_shown_once_and_works(
    servers: Addresses, settings: ParcelSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with databases.fresh(servers, "parcel") as parcel:
        told = settings.model_copy(update={"database_url": SecretStr(parcel.service_url)})
        await make_from_environment(told)
        shown = re.search(r"Sign in as (\S+) with the passphrase (\S+)", capsys.readouterr().out)
        assert shown
        database = await Database.open(parcel.service_url, pool_size=1, application="tests")
        async with database.connection() as connection:
            person = await staff.by_name(connection, shown[1])
        await database.close()
        with pytest.raises(SystemExit, match="There is an administrator already"):
            await make_from_environment(told)
    assert person
    assert (person.role, person.office) == (Role.ADMINISTRATOR, None)
    passphrases = Passphrases()
    assert await passphrases.fit(person.passphrase_hash, shown[2])
    passphrases.close()
