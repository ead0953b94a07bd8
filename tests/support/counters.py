"""Counters' devices for tests: enrolled in the directory of a service, with somebody who signed in on them."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from onebox.counter.asking import Answer, Line, Request
from onebox.counter.device import Device
from onebox.counter.store import Store
from shared.access import directory, passes
from shared.access.passes import Pass
from shared.access.roles import Role
from shared.access.tokens import SigningKey, new_signing_key_pem
from shared.clock import now
from shared.contracts.directory import ActorV1, DeviceV1, SigningKeyV1
from shared.ids import new_id
from shared.web.service import Service

Enrol = Callable[..., Awaitable["Counter"]]


@dataclass
class Counter:
    """A device, the service that knows it, and how it speaks to it."""

    service: Service
    api: httpx.AsyncClient
    device: Device
    signing_key: SigningKey
    staff: str
    versions: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def enrol(
        cls, service: Service, api: httpx.AsyncClient, folder: Path, office: str, signing_key: SigningKey | None = None
    ) -> "Counter":
        """Make a device of an office, let the service know it, and sign a clerk in on it."""
        key = signing_key or SigningKey.read(new_signing_key_pem())
        store = Store(folder / f"{secrets.token_hex(8)}.sqlite", secrets.token_bytes(32))
        counter = cls(service, api, Device.new(store, new_id(), office), key, f"clerk-{office}")
        await counter.tell_device()
        await counter.tell_staff()
        counter.sign_in()
        return counter

    async def tell_device(self, revoked_at: datetime | None = None) -> None:
        """Let the directory know the device."""
        entry = DeviceV1(
            device_id=self.device.device_id,
            office=self.device.office,
            public_key=self.device.public_key,
            enrolled_at=now(),
            revoked_at=revoked_at,
            version=self._version("device"),
        )
        signing_key = SigningKeyV1(
            key_id=self.signing_key.key_id, public_key_pem=self.signing_key.public_pem, version=1
        )
        await self._tell(entry, signing_key)

    async def tell_staff(self, *, disabled: bool = False) -> None:
        """Let the directory know who works at the device."""
        version = self._version("staff")
        await self._tell(
            ActorV1(actor=self.staff, role="clerk", office=self.device.office, disabled=disabled, version=version)
        )

    def sign_in(self, ago: timedelta = timedelta(hours=1), **values: Any) -> Pass:
        """Sign somebody in on the device some time ago; any field of the pass may be given."""
        filled: dict[str, Any] = {
            "pass_id": new_id(),
            "staff": self.staff,
            "role": Role.CLERK,
            "office": self.device.office,
            "device_id": self.device.device_id,
            "issued_at": now() - ago,
        }
        granted = Pass(**(filled | values))
        self.device.sign_in(passes.issue(self.signing_key, granted))
        return granted

    @property
    def line(self) -> Line:
        """Return the device's line to the service."""
        return Line(self.device, self.wire)

    async def wire(self, request: Request) -> Answer:
        """Carry a request of the device."""
        answer = await self.api.request(
            request.method, request.path, content=request.body, headers=dict(request.headers)
        )
        return Answer(answer.status_code, answer.headers, answer.json())

    def _version(self, of: str) -> int:
        self.versions[of] = self.versions.get(of, 0) + 1
        return self.versions[of]

    async def _tell(self, *entries: Any) -> None:
        async with self.service.database.transaction() as tx:
            await directory.keep(tx, entries)
        await self.service.directory.refresh(self.service.database)


def at(device: Device, instant: datetime) -> Device:
    """Return the device with a clock that stands still."""
    return replace(device, clock=lambda: instant)
