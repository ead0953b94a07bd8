"""The command that fills a trial set-up."""

import sys
from collections.abc import Sequence

from services.parcel.settings import ParcelSettings
from services.parcel.setup.use_cases.load_samples import SampleLogin, SampleOffice, load_samples
from shared.access.passphrases import Passphrases
from shared.db.connection import Database
from shared.messaging.outbox import Outbox


async def load_samples_from_environment(settings: ParcelSettings) -> None:
    """Load samples under the passphrase that PARCEL_SAMPLE_PASSPHRASE gives."""
    if settings.sample_passphrase is None:
        sys.exit("Set PARCEL_SAMPLE_PASSPHRASE: sample staff sign in with it.")
    added = await load(settings.database_url.get_secret_value(), settings.sample_passphrase.get_secret_value())
    print(f"Sample staff added: {', '.join(login.name for login in added) or 'all were there'}.")


async def load(database_url: str, passphrase: str, more: Sequence[SampleOffice] = ()) -> list[SampleLogin]:
    """Load samples, and more offices of that kind, into a database; returns who was added now."""
    passphrases = Passphrases()
    database = await Database.open(database_url, pool_size=1, application="samples")
    try:
        passphrase_hash = await passphrases.hash(passphrase)
        async with database.transaction() as tx:
            return await load_samples(tx, Outbox("parcel"), passphrase_hash, more)
    finally:
        await database.close()
        passphrases.close()
