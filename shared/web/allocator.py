"""Has the C library give memory back once a backlog is worked off."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
GIVE_BACK_FROM_BYTES = 128 * 1024
"""glibc's own first values, which it raises to the largest buffer that was ever freed unless they are set."""


def give_memory_back() -> None:
    """Fix from which size on memory goes back to the system; does nothing where the C library is not glibc.

    Source: mallopt(3), "dynamic mmap threshold".
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_TRIM_THRESHOLD, GIVE_BACK_FROM_BYTES)
        mallopt(M_MMAP_THRESHOLD, GIVE_BACK_FROM_BYTES)
