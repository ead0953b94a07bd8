"""The bundle of an office: all that its counters work by without a line, in parts that are each named by their digest.

What is signed is the manifest, which names the parts; so a part that did not change is neither sent nor kept again,
and a price can be proven by the very tariff, rates and offices that the counter had.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.access.passes import VALID_FOR
from shared.errors import Conflict, NotFound

KIND = "bundle+jwt"
FORMAT = 1
MOST_ROWS = 2_000
"""Of each list of an office; the manifest says of a longer one that it is not whole."""
GOOD_FOR = VALID_FOR
"""Nobody works longer by what was given: a device is unlocked no longer without a line."""
KEPT_FOR = timedelta(days=400)
"""A record that names a bundle may come as late as its device stays away."""


class BundleNotFound(NotFound):
    """No such bundle was given to this office."""

    slug = "bundle-not-found"


class BundleTooOld(Conflict):
    """The bundle was given too long before for anybody to work by it."""

    slug = "bundle-too-old"


class Part(StrEnum):
    """What a bundle holds."""

    TARIFFS = "tariffs"
    RATES = "rates"
    LIMITS = "limits"
    SERVICES = "services"
    OFFICES = "offices"
    GOODS = "goods"
    RULES = "rules"
    ROUTES = "routes"
    CUSTOMERS = "customers"
    EXPECTED = "expected"
    SHELF = "shelf"


KEPT = frozenset({Part.TARIFFS, Part.RATES, Part.LIMITS, Part.SERVICES, Part.OFFICES, Part.GOODS, Part.RULES})
"""Kept as they were given, each content once: by these a record is judged later. None names a person."""


@dataclass(frozen=True, slots=True)
class Content:
    """One part as it is sent: JSON in UTF-8, whose digest stands in the manifest."""

    text: bytes
    is_whole: bool = True

    @classmethod
    def of(cls, value: object, *, is_whole: bool = True) -> "Content":
        """Write a value, the same one always alike."""
        return cls(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), is_whole)

    @property
    def sha256(self) -> str:
        """Return the hex digest."""
        return hashlib.sha256(self.text).hexdigest()


class PartName(BaseModel):
    """One part as the manifest names it."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size_bytes: int
    is_whole: bool
    """False where the office has more than fits."""


class Manifest(BaseModel):
    """What parcel signs: which parts an office was given, and when."""

    model_config = ConfigDict(frozen=True)

    bundle_id: UUID
    format: int
    office: str
    made_at: AwareDatetime
    parts: dict[Part, PartName]

    @property
    def content_sha256(self) -> bytes:
        """Return what tells two bundles of an office apart, whenever they were made."""
        named = "\n".join(f"{name} {self.parts[name].sha256}" for name in sorted(self.parts))
        return hashlib.sha256(f"{self.format}\n{named}".encode()).digest()


def manifest_of(bundle_id: UUID, office: str, contents: Mapping[Part, Content], now: datetime) -> Manifest:
    """Name the parts of a bundle."""
    parts = {
        name: PartName(sha256=one.sha256, size_bytes=len(one.text), is_whole=one.is_whole)
        for name, one in contents.items()
    }
    return Manifest(bundle_id=bundle_id, format=FORMAT, office=office, made_at=now, parts=parts)


@dataclass(frozen=True, slots=True)
class GivenBundle:
    """A bundle that was given, the last time at some instant."""

    manifest: Manifest
    given_at: datetime

    def must_hold_at(self, office: str, instant: datetime) -> None:
        """Check that an office may have worked by the bundle at an instant.

        Raises: BundleNotFound, BundleTooOld.
        """
        if self.manifest.office != office:
            raise BundleNotFound
        if instant - self.given_at > GOOD_FOR:
            raise BundleTooOld
