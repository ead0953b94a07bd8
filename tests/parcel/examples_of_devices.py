"""What the examples of devices need before they succeed."""

from uuid import UUID

from services.parcel.devices.domain.enrolment import digest as code_of_device
from shared.access.roles import Role
from tests.contracts.examples import Example
from tests.parcel.devices.counter_device import added, enrolled
from tests.parcel.examples_ground import Ground, Prepare


async def _device_added(ground: Ground, example: Example) -> dict[str, str]:
    shown = await added(ground.counter)
    ground.named["device_id"] = shown["device_id"]
    async with ground.database.connection() as connection:
        await connection.execute(
            "update device set code_sha256 = $2 where device_id = $1",
            shown["device_id"],
            code_of_device(UUID(shown["device_id"]), example.get("code", "")),
        )
    return ground.counter.signed_in(Role.SUPERVISOR)


def _on_device(beneath: str) -> Prepare:
    async def prepare(ground: Ground, example: Example) -> dict[str, str]:
        device = await enrolled(ground.counter)
        ground.named["device_id"] = str(device.device_id)
        path = f"/devices/{device.device_id}{beneath}"
        content = ground.counter.client.build_request("POST", path, json=example).content
        return device.headers("POST", path, content)

    return prepare


DEVICES: dict[tuple[str, str], Prepare] = {
    ("POST", "/devices/{device_id}/key"): _device_added,
    ("POST", "/devices/{device_id}/revocation"): _device_added,
    ("POST", "/devices/{device_id}/sessions"): _on_device("/sessions"),
    ("POST", "/devices/{device_id}/number-blocks"): _on_device("/number-blocks"),
}
"""What must be there before a request about devices can succeed."""
