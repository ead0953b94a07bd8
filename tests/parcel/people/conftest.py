"""A shop with its owner signed in."""

import pytest

from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel.counter import Counter
from tests.parcel.people.shop import Owner, owner_of_a_shop


@pytest.fixture
async def owner(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> Owner:
    return await owner_of_a_shop(counter, parcel_db, key_ring)
