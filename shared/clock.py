"""The time of day, in one place so that everything else takes it as an argument."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Phnom_Penh")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)
