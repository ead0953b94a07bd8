"""The operator's command that lets a sole administrator in again."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from services.parcel.people.domain.session import Session, digest
from services.parcel.people.domain.staff import Staff
from services.parcel.people.store import sessions, staff
from services.parcel.settings import ParcelSettings
from services.parcel.setup.entrypoints.forgotten_passphrase import reset_from_environment
from shared.access.passphrases import Passphrases
from shared.access.roles import Role
from shared.clock import now
from shared.db.connection import Database
from shared.ids import new_id
from tests.support import databases
from tests.support.addresses import Addresses

SOLE = Staff(new_id(), "sok dara", "the hash of a passphrase that was forgotten", Role.ADMINISTRATOR, None)


@dataclass(frozen=True)
class Office:
    """A post office with one administrator, who signed in with a second factor before they lost it."""

    settings: ParcelSettings
    database: Database


@pytest.fixture
async def office(servers: Addresses, settings: ParcelSettings) -> AsyncIterator[Office]:
    async with databases.fresh(servers, "parcel") as parcel:
        database = await Database.open(parcel.service_url, pool_size=1, application="tests")
        async with database.transaction() as tx:
            await staff.add(tx, SOLE)
            await staff.keep_second_factor(tx, SOLE.staff_id, b"sealed")
            session = Session(new_id(), str(SOLE.staff_id), began_at=now(), used_at=now())
            await sessions.add(tx, session, digest("secret of a session"))
        yield Office(settings.model_copy(update={"database_url": SecretStr(parcel.service_url)}), database)
        await database.close()


async def kept(office: Office) -> tuple[str, bytes | None, bool]:
    """Return the hash, the second factor, and whether the session was ended."""
    async with office.database.connection() as connection:
        person = await staff.by_name(connection, SOLE.name)
        assert person
        factor = await staff.lock_second_factor(connection, SOLE.staff_id)
        ended = await connection.fetchval("select ended_at is not null from session")
    return person.passphrase_hash, factor.secret_sealed, ended


async def test_who_lost_both_gets_a_passphrase_that_is_shown_once_and_works(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as lines:
        await reset_from_environment(office.settings, SOLE.name)

    shown = re.search(rf"Sign in as {SOLE.name} with the passphrase (\S+)", capsys.readouterr().out)
    assert shown
    passphrase_hash, second_factor, ended = await kept(office)
    assert (second_factor, ended) == (None, True)
    passphrases = Passphrases()
    assert await passphrases.fit(passphrase_hash, shown[1])
    passphrases.close()
    (line,) = [line for line in lines if line["event"] == "passphrase reset"]
    assert (line["actor"], line["of"], line["role"]) == ("operator", str(SOLE.staff_id), "administrator")
    assert shown[1] not in str(lines)


@pytest.mark.parametrize("name", [SOLE.name, "nobody"])
async def test_who_is_disabled_or_not_there_is_not_reset(
    office: Office, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    async with office.database.transaction() as tx:
        await staff.disable(tx, SOLE.staff_id, now())

    with pytest.raises(SystemExit, match="Nobody of this name may sign in"):
        await reset_from_environment(office.settings, name)

    assert capsys.readouterr().out == ""
    assert await kept(office) == (SOLE.passphrase_hash, b"sealed", False)
