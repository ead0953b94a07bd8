"""Item numbers for tests that need many."""

from shared.s10 import ItemNumber


def numbers(count: int) -> list[str]:
    """Return so many valid item numbers, the same at each call."""
    return [str(ItemNumber("PC", serial, "KH")) for serial in range(count)]
