"""What devices were given is forgotten when no record can name it any more."""

from services.parcel.devices.domain.bundle import KEPT_FOR
from services.parcel.devices.store import bundles, passes
from shared.db.connection import Tx


async def forget_old_bundles(tx: Tx) -> None:
    """Delete old bundles and passes."""
    await bundles.forget_older(tx, KEPT_FOR)
    await passes.forget_older(tx, KEPT_FOR)
