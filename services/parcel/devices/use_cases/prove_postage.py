"""A price that a counter gave without a line is reckoned again by the bundle that the counter worked by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.parcel.devices.domain.bundle import BundleNotFound, GivenBundle, Part
from services.parcel.devices.domain.price_ground import RESTS_ON, PriceGround, ground_on
from services.parcel.devices.store import bundles
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from shared.clock import LOCAL
from shared.db.connection import Tx


@dataclass(slots=True)
class Opened:
    """A bundle that was read, and what prices rested on by it, by day."""

    given: GivenBundle
    parts: Mapping[Part, str]
    grounds: dict[date, PriceGround] = field(default_factory=dict)


async def prove_postage(
    tx: Tx,
    bundle_id: UUID,
    command: RegisterParcel,
    traders: Collection[str],
    recorded_at: datetime,
    opened: dict[UUID, Opened] | None = None,
) -> Postage:
    """Return what a registration cost by a bundle of its office, whatever tariff, rate and offices are now.

    Whoever proves many keeps the bundles that were read in `opened`: one is half a megabyte.

    Raises: BundleNotFound, BundleTooOld, NoTariffInForce, NoLimitsInForce, Invalid.
    """
    known = {} if opened is None else opened
    if bundle_id not in known:
        known[bundle_id] = await _open(tx, bundle_id)
    bundle, day = known[bundle_id], recorded_at.astimezone(LOCAL).date()
    bundle.given.must_hold_at(command.office, recorded_at)
    if day not in bundle.grounds:
        bundle.grounds[day] = ground_on(day, bundle.given.manifest, bundle.parts)
    ground = bundle.grounds[day]
    return command.postage(ground.offices, traders, ground.rate, day, ground.tariff)


async def _open(tx: Tx, bundle_id: UUID) -> Opened:
    given = await bundles.find(tx, bundle_id)
    if given is None:
        raise BundleNotFound
    parts = {}
    for name in RESTS_ON:
        body = await bundles.part(tx, bytes.fromhex(given.manifest.parts[name].sha256))
        if body is None:
            raise BundleNotFound
        parts[name] = body
    return Opened(given, parts)
