"""Tables bundle and bundle_part: what devices were given to work by; what many bundles hold is kept once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from services.parcel.devices.domain.bundle import GivenBundle, Manifest
from shared.db.connection import Tx

FRESH_FOR = timedelta(days=1)
"""So often it is noted at most that a part was given."""


async def keep(tx: Tx, manifest: Manifest, now: datetime) -> GivenBundle:
    """Note that a bundle was given; returns the one of the same content, where the office was given that before."""
    record = await tx.fetchrow(
        """
        insert into bundle (bundle_id, office, content_sha256, manifest, made_at, given_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (office, content_sha256) do update set given_at = greatest(bundle.given_at, excluded.given_at)
        returning manifest, given_at
        """,
        manifest.bundle_id,
        manifest.office,
        manifest.content_sha256,
        manifest.model_dump(mode="json"),
        manifest.made_at,
        now,
    )
    assert record is not None
    return GivenBundle(Manifest.model_validate(record["manifest"]), record["given_at"])


async def keep_parts(tx: Tx, parts: Mapping[bytes, str], now: datetime) -> None:
    """Keep parts by their digests, in one order for all who do so."""
    digests = sorted(parts)
    await tx.execute(
        """
        insert into bundle_part (sha256, body, given_at)
        select sha256, body, $3 from unnest($1::bytea[], $2::text[]) as part (sha256, body)
        on conflict (sha256) do update set given_at = excluded.given_at
            where bundle_part.given_at < excluded.given_at - $4::interval
        """,
        digests,
        [parts[digest] for digest in digests],
        now,
        FRESH_FOR,
    )


async def find(tx: Tx, bundle_id: UUID) -> GivenBundle | None:
    """Return a bundle."""
    record = await tx.fetchrow("select manifest, given_at from bundle where bundle_id = $1", bundle_id)
    return GivenBundle(Manifest.model_validate(record["manifest"]), record["given_at"]) if record else None


async def part(tx: Tx, sha256: bytes) -> str | None:
    """Return a part as it was given."""
    body: str | None = await tx.fetchval("select body from bundle_part where sha256 = $1", sha256)
    return body


async def forget_older(tx: Tx, age: timedelta) -> None:
    """Forget the bundles that were last given longer ago, and parts as old that no younger bundle can hold."""
    await tx.execute("delete from bundle where given_at < now() - $1::interval", age)
    await tx.execute("delete from bundle_part where given_at < now() - $1::interval - $2::interval", age, FRESH_FOR)
