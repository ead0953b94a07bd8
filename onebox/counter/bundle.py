"""The bundle of an office on a device: what parcel signed, checked, and the parts that it names."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from onebox.counter.asking import Line
from onebox.counter.store import Store
from services.parcel.devices.domain.bundle import KIND, Manifest
from shared.access import signed
from shared.access.signed import NotSigned

LONGEST = 65_536
MANIFEST = "bundle"
PART = "bundle-part"
NOT_MODIFIED = 304


class BundleWrong(Exception):
    """The bundle is not signed by parcel, is of another office, or a part is not what the manifest names."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a device works by without a line."""

    store: Store

    @property
    def bundle_id(self) -> str | None:
        """Return the id that records name, None before there is a bundle."""
        manifest = self._manifest()
        return str(manifest["bundle_id"]) if manifest else None

    def manifest(self) -> Manifest | None:
        """Return what parcel signed, None before there is a bundle."""
        manifest = self._manifest()
        return Manifest.model_validate(manifest) if manifest else None

    def part(self, name: str) -> Any:
        """Return what a part holds, None where there is none."""
        text = self.text(name)
        return orjson.loads(text) if text else None

    def text(self, name: str) -> str:
        """Return a part as it was given, nothing where there is none."""
        manifest = self._manifest()
        digest = manifest["parts"].get(name, {}).get("sha256") if manifest else None
        text = self.store.find(f"{PART}/{digest}") if digest else None
        return (text or b"").decode()

    async def refresh(self, line: Line, keys: Mapping[str, Ed25519PublicKey]) -> bool:
        """Get what is new, and keep it once all of it is right; returns False where nothing is.

        Raises: BundleWrong; what the device had stays.
        """
        manifest = self._manifest()
        tag = {"If-None-Match": f'"{manifest["bundle_id"]}"'} if manifest else {}
        held = sorted(one["sha256"] for one in manifest["parts"].values()) if manifest else []
        asked = "&".join(f"held={digest}" for digest in held)
        answer = await line.ask("parcel", "GET", f"/bundle{asked and '?' + asked}", more=tag)
        if answer.status == NOT_MODIFIED:
            return False
        written = str(answer.told["bundle"])
        newer = _proven(written, keys, line.device.office)
        for name, text in answer.told["parts"].items():
            if hashlib.sha256(text.encode()).hexdigest() != newer["parts"][name]["sha256"]:
                raise BundleWrong
            self.store.keep(f"{PART}/{newer['parts'][name]['sha256']}", text.encode())
        if any(self.store.find(f"{PART}/{one['sha256']}") is None for one in newer["parts"].values()):
            raise BundleWrong
        self.store.keep(MANIFEST, written.encode())
        return True

    def _manifest(self) -> dict[str, Any] | None:
        written = self.store.find(MANIFEST)
        return signed.peek(written.decode(), LONGEST).payload if written else None


def _proven(written: str, keys: Mapping[str, Ed25519PublicKey], office: str) -> dict[str, Any]:
    try:
        word = signed.peek(written, LONGEST)
        signed.must_be_signed(written, keys[word.key_id])
    except (NotSigned, KeyError):
        raise BundleWrong from None
    if word.kind != KIND or word.payload["office"] != office:
        raise BundleWrong
    return word.payload
