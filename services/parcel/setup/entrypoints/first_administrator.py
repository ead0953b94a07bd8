"""The command that makes the first administrator and shows the passphrase once."""

import secrets
import sys

from services.parcel.people.use_cases.add_staff import NameTaken
from services.parcel.settings import ParcelSettings
from services.parcel.setup.use_cases.make_first_administrator import AdministratorThere, make_first_administrator
from shared.access.passphrases import Passphrases
from shared.db.connection import Database
from shared.messaging.outbox import Outbox

NAME = "administrator"
PASSPHRASE_BYTES = 15


async def make_from_environment(settings: ParcelSettings) -> None:
    """Make the first administrator, or say that there is one."""
    passphrase = secrets.token_urlsafe(PASSPHRASE_BYTES)
    passphrases = Passphrases()
    database = await Database.open(settings.database_url.get_secret_value(), pool_size=1, application="setup")
    try:
        passphrase_hash = await passphrases.hash(passphrase)
        async with database.transaction() as tx:
            await make_first_administrator(tx, Outbox("parcel"), NAME, passphrase_hash)
    except (AdministratorThere, NameTaken) as refusal:
        sys.exit(refusal.title)
    finally:
        await database.close()
        passphrases.close()
    print(f"Sign in as {NAME} with the passphrase {passphrase}\nIt is shown this once; change it at the first sign-in.")
