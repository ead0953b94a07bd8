"""Times as people read them in Phnom Penh."""

from datetime import UTC, datetime

from services.tracking.domain.local_time import written

LATE = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)


def test_khmer_readers_see_khmer_digits_and_months() -> None:
    assert written(LATE, "km") == "១ មករា ២០២៧ ម៉ោង ០០:០៥"


def test_english_readers_see_local_time() -> None:
    assert written(LATE, "en") == "1 January 2027, 00:05"
