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
    CLAIMS = "claims"
    TRACKING_READ = "tracking:read"
    """Opens nothing: where a parcel is, anybody may ask."""


OF_LIVE_KEYS = frozenset({Scope.PARCELS_READ, Scope.QUOTES_READ, Scope.ADDRESSES, Scope.CLAIMS})
OF_PRACTICE_KEYS = frozenset({Scope.PARCELS_READ, Scope.PARCELS_WRITE, Scope.QUOTES_READ})
"""What a key of each kind is made for: the scopes that open it a route, which a test reads off the routes."""
