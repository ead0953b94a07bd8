"""Devices in the directory: known once they were told, revoked for good, and a strange key opens nothing."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.access import directory
from shared.access.devices import DeviceRevoked, DeviceUnknown, read_device_key, write_device_key
from shared.access.directory import Directory
from shared.clock import now
from shared.contracts.directory import DeviceV1
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import HOME

KEY = Ed25519PrivateKey.generate().public_key()
DEVICE_ID = new_id()


def device_entry(version: int = 1, *, public_key: str = write_device_key(KEY), revoked: bool = False) -> DeviceV1:
    revoked_at = now() if revoked else None
    enrolled_at = now() - timedelta(days=1)
    return DeviceV1(
        device_id=DEVICE_ID,
        office=HOME,
        public_key=public_key,
        enrolled_at=enrolled_at,
        revoked_at=revoked_at,
        version=version,
    )


async def picture_of(database: Database, *entries: DeviceV1) -> Directory:
    async with database.transaction() as tx:
        await directory.keep(tx, entries)
    picture = Directory()
    await picture.refresh(database)
    return picture


async def test_a_device_is_known_by_office_and_key(tracking_db: Database) -> None:
    device = (await picture_of(tracking_db, device_entry())).device(DEVICE_ID)

    assert (device.office, device.public_key.public_bytes_raw()) == (HOME, KEY.public_bytes_raw())
    device.must_count()


async def test_a_revoked_device_stays_known_and_counts_no_more(tracking_db: Database) -> None:
    device = (await picture_of(tracking_db, device_entry(2, revoked=True), device_entry(1))).device(DEVICE_ID)

    with pytest.raises(DeviceRevoked):
        device.must_count()


async def test_a_device_that_nobody_told_of_is_unknown(tracking_db: Database) -> None:
    with pytest.raises(DeviceUnknown):
        (await picture_of(tracking_db)).device(DEVICE_ID)


async def test_a_device_with_a_strange_key_is_left_out(tracking_db: Database) -> None:
    picture = await picture_of(tracking_db, device_entry(public_key="AAAA"))

    with pytest.raises(DeviceUnknown):
        picture.device(DEVICE_ID)


@pytest.mark.parametrize("written", ["", "AAAA", "?" * 43, write_device_key(KEY) + "=", write_device_key(KEY)[:-1]])
def test_a_key_is_32_bytes_in_one_form_alone(written: str) -> None:
    with pytest.raises(ValueError, match="key is not"):
        read_device_key(written)
