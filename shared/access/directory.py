"""The directory in a service's own database, and its picture in memory that requests are checked against."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared import clock
from shared.access.devices import Device, DeviceUnknown, read_device_key
from shared.access.roles import Actor, Role
from shared.access.scopes import PREFIXES
from shared.access.tokens import Checker, TokenRefused, read_public
from shared.contracts.directory import (
    ActorV1,
    ApiKeyV1,
    DeviceV1,
    DirectoryEvent,
    OfficeV1,
    SigningKeyV1,
    TraderV1,
)
from shared.db.connection import Database, Tx
from shared.errors import Conflict
from shared.messaging.outbox import Outbox

log = structlog.get_logger()

ROLES = frozenset(Role)
Entry = TypeVar("Entry", bound=DirectoryEvent)
EVENTS: tuple[type[DirectoryEvent], ...] = (OfficeV1, SigningKeyV1, ActorV1, TraderV1, ApiKeyV1, DeviceV1)


class SetMeanwhile(Conflict):
    """Somebody else set this at the same moment; look at it, then send yours again."""

    slug = "set-meanwhile"


async def keep(tx: Tx, entries: Sequence[DirectoryEvent]) -> None:
    """Take entries over; an entry older than the one held is dropped."""
    await _take_over(tx, entries)


async def publish(tx: Tx, outbox: Outbox, entry: Entry) -> Entry:
    """Keep an entry under its next version and tell the others; locks the entry. For the directory's owner alone.

    Raises: SetMeanwhile; the transaction must then be rolled back.
    """
    version = await tx.fetchval(
        "select version from directory where kind = $1 and id = $2 for update", entry.kind, entry.entry_id
    )
    numbered = entry.model_copy(update={"version": (version or 0) + 1})
    # A first version has no row to lock: of two at once the later one waited for the earlier, and finds it there.
    if not await _take_over(tx, [numbered]):
        raise SetMeanwhile
    await outbox.append(tx, [numbered])
    return numbered


async def all_of(tx: Tx, event_type: type[Entry]) -> list[Entry]:
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
    """Offices, keys, actors and devices as of the last refresh."""

    def __init__(self) -> None:
        self.offices: Mapping[str, OfficeV1] = MappingProxyType({})
        self.signing_keys: Mapping[str, Ed25519PublicKey] = MappingProxyType({})
        """What parcel signs with, by key id: tokens, passes and bundles."""
        self._devices: Mapping[UUID, Device] = {}
        self._trading: frozenset[str] = frozenset()
        self._actors: Mapping[str, ActorV1] = {}
        self._keys: Mapping[str, ApiKeyV1] = {}
        self._tokens = Checker({})
        self._seen = (-1, -1)
        self._reading = asyncio.Lock()

    async def refresh(self, database: Database) -> bool:
        """Read the directory again if it changed; returns False, as a loop's step that never hurries."""
        # One at a time: a slow refresh must not put an older picture in the place of a newer one.
        async with self._reading, database.connection() as tx:
            seen = await fingerprint(tx)
            if seen != self._seen:
                self.offices = MappingProxyType({o.office: o for o in await all_of(tx, OfficeV1)})
                self._trading = frozenset(t.trader for t in await all_of(tx, TraderV1) if not t.disabled)
                self._actors = {a.actor: a for a in await all_of(tx, ActorV1)}
                self._keys = {k.secret_sha256: k for k in await all_of(tx, ApiKeyV1)}
                self.signing_keys = MappingProxyType(_readable(await all_of(tx, SigningKeyV1)))
                self._tokens = Checker(self.signing_keys)
                self._devices = _enrolled(await all_of(tx, DeviceV1))
                self._seen = seen
        return False

    def actor_of(self, token: str) -> Actor:
        """Return the actor whom a token or a shop's key speaks of, with the rights of now.

        Raises: TokenRefused, also for one who is disabled or not known here (yet).
        """
        if token.startswith(PREFIXES):
            return self._program(token)
        proof = self._tokens.proof_of(token)
        if proof.device_id is not None and not self._counts(proof.device_id):
            raise TokenRefused("The device of this sign-in was revoked, or is not known here yet.")
        return self.actor(proof.actor_id, proof.device_id)

    def actor(self, actor_id: str, device_id: UUID | None = None) -> Actor:
        """Return the actor of an id, with the rights of now; on a device if they signed in there.

        Raises: TokenRefused, also for one who is disabled or not known here (yet).
        """
        entry = self._actors.get(actor_id)
        if entry is None or entry.disabled or entry.role not in ROLES or not self._may_trade(entry.trader):
            raise TokenRefused("This person may not act here, or is not known here yet.")
        return Actor(entry.actor, Role(entry.role), entry.office, entry.trader, device_id=device_id)

    def device(self, device_id: UUID) -> Device:
        """Return a device as it is known here, also one that was revoked.

        Raises: DeviceUnknown.
        """
        try:
            return self._devices[device_id]
        except KeyError:
            raise DeviceUnknown from None

    def _counts(self, device_id: UUID) -> bool:
        device = self._devices.get(device_id)
        return device is not None and device.revoked_at is None

    def _program(self, secret: str) -> Actor:
        key = self._keys.get(hashlib.sha256(secret.encode()).hexdigest())
        if key is None or key.revoked or not self._may_trade(key.trader) or _is_over(key):
            raise TokenRefused("This key is not in order, or not known here yet.")
        return Actor(key.key_id, Role.TRADER, None, key.trader, frozenset(key.scopes), key.practice)

    def is_disabled(self, actor_id: str) -> bool:
        """Tell whether an actor is known to be disabled."""
        entry = self._actors.get(actor_id)
        return entry is not None and entry.disabled

    def trading(self) -> Collection[str]:
        """Return the ids of the shops that are not closed."""
        return self._trading

    def _may_trade(self, trader: str | None) -> bool:
        """Tell whether one who acts for a shop, or for none, is not kept from it by the shop."""
        return trader is None or trader in self._trading


def _is_over(key: ApiKeyV1) -> bool:
    return key.expires_at is not None and key.expires_at <= clock.now()


def _readable(entries: Sequence[SigningKeyV1]) -> dict[str, Ed25519PublicKey]:
    """Read the signing keys; a strange one is left out, lest it keep a disabled person in the picture."""
    keys = {}
    for entry in entries:
        try:
            keys[entry.key_id] = read_public(entry.public_key_pem)
        except (ValueError, UnsupportedAlgorithm):
            log.warning("signing key not readable", key_id=entry.key_id)
    return keys


def _enrolled(entries: Sequence[DeviceV1]) -> dict[UUID, Device]:
    """Read the devices; one with a strange key is left out and so may do nothing."""
    devices = {}
    for entry in entries:
        try:
            key = read_device_key(entry.public_key)
        except ValueError:
            log.warning("device key not readable", device_id=entry.entry_id)
        else:
            devices[entry.device_id] = Device(entry.device_id, entry.office, key, entry.enrolled_at, entry.revoked_at)
    return devices


async def _take_over(tx: Tx, entries: Sequence[DirectoryEvent]) -> int:
    """Take over what is newer than what is held; returns how many entries were."""
    newest = {entry.key: entry for entry in sorted(entries, key=lambda entry: entry.version)}
    status = await tx.execute(
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
    return int(str(status).rpartition(" ")[2])
