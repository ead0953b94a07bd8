"""A device becomes one of an office, and somebody signs in on it: both need a line."""

from collections.abc import Mapping

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onebox.counter.asking import Line
from onebox.counter.store import Store
from shared.access.devices import read_device_key

SIGNING_KEYS = "signing-keys"


async def enrol(line: Line, code: str) -> None:
    """Send the public half of the device's key with the code of its enrolment; keep the keys of parcel."""
    body = {"code": code, "public_key": line.device.public_key}
    answer = await line.ask("parcel", "POST", "/key", orjson.dumps(body))
    keys = {one["key_id"]: one["public_key"] for one in answer.told["signing_keys"]}
    line.device.store.keep(SIGNING_KEYS, orjson.dumps(keys))


async def sign_in(line: Line, name: str, passphrase: str) -> str:
    """Sign somebody in; returns the token of their session, and keeps the pass that unlocks the device later."""
    body = orjson.dumps({"name": name, "passphrase": passphrase})
    answer = await line.ask("parcel", "POST", "/sessions", body)
    line.device.sign_in(answer.told["device_pass"])
    return str(answer.told["token"])


def signing_keys(store: Store) -> Mapping[str, Ed25519PublicKey]:
    """Return the keys that parcel signs with, as they were told at the enrolment."""
    kept = orjson.loads(store.find(SIGNING_KEYS) or b"{}")
    return {key_id: read_device_key(written) for key_id, written in kept.items()}
