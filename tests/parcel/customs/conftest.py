"""A counter that declares content and takes in items from abroad."""

import pytest

from tests.parcel.counter import Counter
from tests.parcel.customs.desk import Desk


@pytest.fixture
def desk(counter: Counter) -> Desk:
    return Desk(counter)
