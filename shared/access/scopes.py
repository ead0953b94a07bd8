"""What a shop's key may be made for, and how it begins."""

from enum import StrEnum

LIVE_PREFIX = "ctcpost_live_"
PRACTICE_PREFIX = "ctcpost_test_"
PREFIXES = (LIVE_PREFIX, PRACTICE_PREFIX)


class Scope(StrEnum):
    """One thing that a key may do."""

    PARCELS_READ = "parcels:read"
    PARCELS_WRITE = "parcels:write"
    QUOTES_READ = "quotes:read"
    ADDRESSES = "addresses"
    TRACKING_READ = "tracking:read"
