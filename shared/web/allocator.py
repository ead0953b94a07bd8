"""Has the C library give memory back once a backlog is worked off."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT_FREE = 16
"""Times the size from which a buffer has pages of its own: glibc keeps twice as much, and asks for it again at once."""


def give_memory_back(own_pages_from_bytes: int) -> None:
    """Give buffers from this size on pages of their own, which go back to the system with them.

    glibc raises the size to the largest buffer that was ever freed, unless it is set. Does nothing where the C library
    is not glibc. Source: mallopt(3), "dynamic mmap threshold".
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_TRIM_THRESHOLD, KEPT_FREE * own_pages_from_bytes)
        mallopt(M_MMAP_THRESHOLD, own_pages_from_bytes)
