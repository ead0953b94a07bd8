"""Which tests go to one worker, in their order; xdist's own mark for this has no effect on the node ids of pytest 9."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = frozenset(
    {
        "tests/architecture/test_house_rules.py",
        "tests/bench/test_registration_cost.py",
        "tests/canaries/test_canaries_stay.py",
        "tests/contracts/test_snapshots.py",
        "tests/parcel/addresses/domain/test_place_search.py",
    }
)
"""Files in which tests stand on those before them, or share what takes long to make."""


class FilesTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Deals tests out one by one, but those of some files in one piece."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what the tests of one piece share."""
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid
