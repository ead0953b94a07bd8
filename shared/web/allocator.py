"""Has the C library give memory back once a backlog is worked off."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
OWN_PAGES_FROM_BYTES = 512 * 1024
GIVE_BACK_FROM_BYTES = 8 * 1024 * 1024
"""glibc raises both by the largest buffer that was ever freed, unless they are set. Its own first values, an eighth
of a megabyte, cost a registration a tenth of its time."""


def give_memory_back() -> None:
    """Fix from which size on memory goes back to the system; does nothing where the C library is not glibc.

    Source: mallopt(3), "dynamic mmap threshold".
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_TRIM_THRESHOLD, GIVE_BACK_FROM_BYTES)
        mallopt(M_MMAP_THRESHOLD, OWN_PAGES_FROM_BYTES)
