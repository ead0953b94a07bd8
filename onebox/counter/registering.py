"""A device registers a parcel without a line: a price from its bundle, a number from its blocks, signed and kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onebox.counter.asking import Line
from onebox.counter.bundle import Bundle
from onebox.counter.device import Device
from onebox.counter.numbers import Numbers
from services.parcel.devices.domain.bundle import Part
from services.parcel.devices.domain.price_ground import RESTS_ON, ground_on
from services.parcel.posting.domain.postal_services import indicator_for
from services.parcel.posting.entrypoints.bodies import RegisterBody
from shared.clock import LOCAL
from shared.syncing.record import Record

KIND = "registration"
LETTERS = "PD"
"""With which numbers begin that stay in the country; others are leased when they are asked for."""


class NoBundle(Exception):
    """The device was never given a bundle, and so knows no prices."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the counter tells the sender: the number, and what it costs."""

    record: Record
    item_number: str
    total_riel: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The part of a device at which parcels are taken in."""

    device: Device

    def register(self, form: Mapping[str, Any]) -> Registered:
        """Register a parcel, checked and priced as it would be with a line; what is refused takes no number.

        Raises: Invalid, NoBundle, NoNumbersLeft, NoTariffInForce, NoLimitsInForce, Locked.
        """
        self.device.unlock()
        body = RegisterBody.model_validate(form)
        command = body.command(self.device.office)
        bundle, day = Bundle(self.device.store), self._now().astimezone(LOCAL).date()
        manifest = bundle.manifest()
        if manifest is None:
            raise NoBundle
        ground = ground_on(day, manifest, {name: bundle.text(name) for name in RESTS_ON})
        postage = command.postage(ground.offices, self._traders(bundle), ground.rate, day, ground.tariff)
        letters = indicator_for(command.service, command.destination_country, command.options, day)
        number, total_riel = str(Numbers(self.device.store).take(letters)), postage.price.total_riel
        told = {**form, "item_number": number, "total_riel": total_riel}
        record = self.device.note("parcel", KIND, told, str(manifest.bundle_id))
        return Registered(record, number, total_riel)

    async def stock(self, line: Line, letters: str = LETTERS) -> bool:
        """Lease the next block where half of one is used, while there is a line; returns whether there is a new one."""
        return await Numbers(self.device.store).refill(line, letters)

    def _now(self) -> datetime:
        return self.device.clock() - timedelta(milliseconds=self.device.drift_ms)

    def _traders(self, bundle: Bundle) -> Collection[str]:
        return {str(one["trader"]) for one in bundle.part(Part.CUSTOMERS) or ()}
