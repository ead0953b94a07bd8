"""Has the C library give memory back once a backlog is worked off."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
GIVE_BACK_FROM_BYTES = 8 * 1024 * 1024


def give_memory_back(own_pages_from_bytes: int) -> None:
    """Give buffers from this size on pages of their own, which go back to the system with them.

    glibc raises the size to the largest buffer that was ever freed, unless it is set. Does nothing where the C library
    is not glibc. Source: mallopt(3), "dynamic mmap threshold".
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_TRIM_THRESHOLD, GIVE_BACK_FROM_BYTES)
        mallopt(M_MMAP_THRESHOLD, own_pages_from_bytes)
