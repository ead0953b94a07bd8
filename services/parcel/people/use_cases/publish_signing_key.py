"""The key that staff tokens are signed with becomes known to every service."""

from contextlib import suppress

from shared.access import directory
from shared.access.tokens import SigningKey
from shared.contracts.directory import SigningKeyV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def publish_signing_key(tx: Tx, outbox: Outbox, key: SigningKey) -> None:
    """Publish the public half, unless the directory has it."""
    known = await directory.all_of(tx, SigningKeyV1)
    if key.key_id not in {entry.entry_id for entry in known}:
        entry = SigningKeyV1(key_id=key.key_id, public_key_pem=key.public_pem, version=1)
        # Another process of this service, started at the same moment, told it.
        with suppress(directory.SetMeanwhile):
            await directory.publish(tx, outbox, entry)
