"""The directory in a service's own database, and its picture in memory that requests are checked against."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.access.roles import Actor, Role
from shared.access.tokens import Checker, TokenRefused, read_public
from shared.contracts.directory import ActorV1, DirectoryEvent, OfficeV1, SigningKeyV1
from shared.db.connection import Database, Tx
from shared.messaging.outbox import Outbox

log = structlog.get_logger()

ROLES = frozenset(Role)
EVENTS: tuple[type[DirectoryEvent], ...] = (OfficeV1, SigningKeyV1, ActorV1)


async def keep(tx: Tx, entries: Sequence[DirectoryEvent]) -> None:
    """Take entries over; an entry older than the one held is dropped."""
    newest = {entry.key: entry for entry in sorted(entries, key=lambda entry: entry.version)}
    await tx.execute(
        """
        insert into directory (kind, id, version, body)
        select kind, id, version, body from unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[])
            as entry (kind, id, version, body) order by kind, id
        on conflict (kind, id) do update set version = excluded.version, body = excluded.body
            where directory.version < excluded.version
        """,
        [entry.kind for entry in newest.values()],
        [entry.entry_id for entry in newest.values()],
        [entry.version for entry in newest.values()],
        [entry.model_dump(mode="json") for entry in newest.values()],
    )


async def publish(tx: Tx, outbox: Outbox, entry: DirectoryEvent) -> DirectoryEvent:
    """Keep an entry under its next version and tell the others; locks the entry. For the directory's owner alone."""
    version = await tx.fetchval(
        "select version from directory where kind = $1 and id = $2 for update", entry.kind, entry.entry_id
    )
    numbered = entry.model_copy(update={"version": (version or 0) + 1})
    await keep(tx, [numbered])
    await outbox.append(tx, [numbered])
    return numbered


async def all_of(tx: Tx, event_type: type[DirectoryEvent]) -> list[DirectoryEvent]:
    """Return every entry of one kind, in the order of ids."""
    records = await tx.fetch("select body from directory where kind = $1 order by id", event_type.kind)
    return [event_type.model_validate(record["body"]) for record in records]


async def hold_still(tx: Tx) -> None:
    """Keep others from changing the directory until the transaction ends."""
    await tx.execute("lock table directory in share row exclusive mode")


async def fingerprint(tx: Tx) -> tuple[int, int]:
    """Return a figure that changes with every change, for versions only grow."""
    record = await tx.fetchrow("select count(*) as entries, coalesce(sum(version), 0)::bigint as total from directory")
    assert record is not None
    return record["entries"], record["total"]


class Directory:
    """Offices, keys and actors as of the last refresh."""

    def __init__(self) -> None:
        self.offices: Mapping[str, OfficeV1] = MappingProxyType({})
        self._actors: Mapping[str, ActorV1] = {}
        self._tokens = Checker({})
        self._seen = (-1, -1)
        self._reading = asyncio.Lock()

    async def refresh(self, database: Database) -> bool:
        """Read the directory again if it changed; returns False, as a loop's step that never hurries."""
        # One at a time: a slow refresh must not put an older picture in the place of a newer one.
        async with self._reading, database.connection() as tx:
            seen = await fingerprint(tx)
            if seen != self._seen:
                offices, actors, keys = [await all_of(tx, kind) for kind in (OfficeV1, ActorV1, SigningKeyV1)]
                self.offices = MappingProxyType({o.office: o for o in offices if isinstance(o, OfficeV1)})
                self._actors = {a.actor: a for a in actors if isinstance(a, ActorV1)}
                self._tokens = Checker(_readable(keys))
                self._seen = seen
        return False

    def signed_in_at(self, token: str) -> datetime:
        """Return when the passphrase was given that a token goes back to.

        Raises: TokenRefused.
        """
        return datetime.fromtimestamp(self._tokens.proof_of(token).signed_in_at_s, UTC)

    def actor_of(self, token: str) -> Actor:
        """Return the actor whom a token speaks of, with the rights of now.

        Raises: TokenRefused, also for a person who is disabled or not known here (yet).
        """
        entry = self._actors.get(self._tokens.proof_of(token).actor_id)
        if entry is None or entry.disabled or entry.role not in ROLES:
            raise TokenRefused("This person may not act here, or is not known here yet.")
        return Actor(entry.actor, Role(entry.role), entry.office)


def _readable(entries: Sequence[DirectoryEvent]) -> dict[str, Ed25519PublicKey]:
    """Read the signing keys; a strange one is left out, lest it keep a disabled person in the picture."""
    keys = {}
    for entry in entries:
        if isinstance(entry, SigningKeyV1):
            try:
                keys[entry.key_id] = read_public(entry.public_key_pem)
            except (ValueError, UnsupportedAlgorithm):
                log.warning("signing key not readable", key_id=entry.key_id)
    return keys
