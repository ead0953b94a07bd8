"""Every event class there is, and a sample of each as it went out."""

from pathlib import Path

from shared.contracts import directory, notifications, parcel, tracking
from shared.contracts.envelope import Event

GOLDEN = Path(__file__).parent / "golden"
MODULES = (directory, notifications, parcel, tracking)


def all_events() -> dict[str, type[Event]]:
    """Return every concrete event by its wire name."""
    classes = [value for module in MODULES for value in vars(module).values() if isinstance(value, type)]
    return {c.type: c for c in classes if issubclass(c, Event) and "type" in vars(c)}
