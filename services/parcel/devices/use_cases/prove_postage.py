"""A price that a counter gave without a line is reckoned again by the bundle that the counter worked by."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.parcel.devices.domain.bundle import BundleNotFound
from services.parcel.devices.domain.price_ground import RESTS_ON, ground_on
from services.parcel.devices.store import bundles
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from shared.clock import LOCAL
from shared.db.connection import Tx


async def prove_postage(
    tx: Tx, bundle_id: UUID, command: RegisterParcel, traders: Collection[str], recorded_at: datetime
) -> Postage:
    """Return what a registration cost by a bundle of its office, whatever tariff, rate and offices are now.

    Raises: BundleNotFound, BundleTooOld, NoTariffInForce, NoLimitsInForce, Invalid.
    """
    given = await bundles.find(tx, bundle_id)
    if given is None:
        raise BundleNotFound
    given.must_hold_at(command.office, recorded_at)
    parts = {}
    for name in RESTS_ON:
        body = await bundles.part(tx, bytes.fromhex(given.manifest.parts[name].sha256))
        if body is None:
            raise BundleNotFound
        parts[name] = body
    day = recorded_at.astimezone(LOCAL).date()
    ground = ground_on(day, given.manifest, parts)
    return command.postage(ground.offices, traders, ground.rate, day, ground.tariff)
