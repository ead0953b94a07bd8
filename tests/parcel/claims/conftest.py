"""The cash of the office that pays claims."""

import pytest

from tests.parcel.cash.till import Till
from tests.parcel.counter import Counter


@pytest.fixture
def till(counter: Counter) -> Till:
    return Till(counter)
