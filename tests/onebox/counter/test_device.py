"""A device without a line: locked unless somebody signed in within fourteen days, and signing what they do."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from onebox.counter.device import Device, Locked
from onebox.counter.store import Store
from shared.access import devices, passes
from shared.access.passes import Pass
from shared.access.roles import Role
from shared.access.tokens import SigningKey, new_signing_key_pem
from shared.clock import now
from shared.ids import new_id
from shared.syncing.record import read_all

SIGNING_KEY = SigningKey.read(new_signing_key_pem())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "counter.sqlite", secrets.token_bytes(32))
    yield store
    store.close()


@pytest.fixture
def device(store: Store) -> Device:
    return Device.new(store, new_id(), "TK01")


def sign_in(device: Device, issued_at: datetime) -> Pass:
    granted = Pass(
        pass_id=new_id(),
        staff="sok",
        role=Role.CLERK,
        office=device.office,
        device_id=device.device_id,
        issued_at=issued_at,
    )
    device.sign_in(passes.issue(SIGNING_KEY, granted))
    return granted


def test_a_new_device_is_locked(device: Device) -> None:
    with pytest.raises(Locked):
        device.note("tracking", "scan", {})


def test_it_can_be_unlocked_for_fourteen_days(device: Device) -> None:
    granted = sign_in(device, now() - timedelta(days=13, hours=23))
    assert device.unlock() == granted

    sign_in(device, now() - timedelta(days=14, minutes=1))
    with pytest.raises(Locked):
        device.unlock()


def test_a_record_is_signed_by_who_is_there_with_time_and_drift(device: Device) -> None:
    granted = sign_in(device, now())
    asked_at = now()
    device.compare_clock(asked_at - timedelta(seconds=40), asked_at, asked_at + timedelta(seconds=2))

    made = device.note("tracking", "scan", {"item_number": "RR473124829GB"}, bundle_id="b1")

    ((sequence, written),) = device.store.waiting("tracking", 10)
    key = devices.read_device_key(device.public_key)
    (read,) = read_all(devices.Device(device.device_id, "TK01", key, now()), [written])
    assert (sequence, read.record) == (1, made)
    assert (made.staff, made.pass_id, made.drift_ms, made.bundle_id) == ("sok", granted.pass_id, 41_000, "b1")


def test_after_a_restart_it_is_the_same_device(device: Device, store: Store) -> None:
    sign_in(device, now())
    device.note("tracking", "scan", {})

    again = Device.started_again(store)

    assert (again.device_id, again.office, again.public_key) == (device.device_id, device.office, device.public_key)
    assert again.note("tracking", "scan", {}).sequence == 2
