"""The operator's command that lets one of the staff in again, and shows the passphrase once."""

import secrets
import sys

import structlog

from services.parcel.people.use_cases.reset_by_operator import reset_by_operator
from services.parcel.settings import ParcelSettings
from services.parcel.setup.entrypoints.first_administrator import PASSPHRASE_BYTES
from shared import clock
from shared.access.passphrases import Passphrases
from shared.db.connection import Database

log = structlog.get_logger()


async def reset_from_environment(settings: ParcelSettings, name: str) -> None:
    """Give the person of a name another passphrase and take their second factor away, or say that there is none."""
    passphrase = secrets.token_urlsafe(PASSPHRASE_BYTES)
    passphrases = Passphrases()
    database = await Database.open(settings.database_url.get_secret_value(), pool_size=1, application="setup")
    try:
        passphrase_hash = await passphrases.hash(passphrase)
        async with database.transaction() as tx:
            person = await reset_by_operator(tx, name, passphrase_hash, clock.now())
    finally:
        await database.close()
        passphrases.close()
    if person is None:
        sys.exit("Nobody of this name may sign in; whoever is disabled is enabled by an administrator.")
    log.info("passphrase reset", of=str(person.staff_id), role=person.role.value, actor="operator")
    print(f"Sign in as {name} with the passphrase {passphrase}\nIt is shown this once; change it at the first sign-in.")
