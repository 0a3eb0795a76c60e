"""What the C library does with memory that was freed."""

from __future__ import annotations

import sys
from contextlib import suppress

_M_MMAP_THRESHOLD = -3
"""The parameter's number in glibc's malloc.h."""

LARGE_BYTES = 1 << 20


def give_large_blocks_back() -> None:
    """Have large blocks taken from the system, one by one, and given back to it as soon as they are freed.

    Left alone, glibc takes blocks of up to 32 MB from its heap once one as large was freed, and keeps up to twice as
    much of what is free there (mallopt(3), M_MMAP_THRESHOLD): arrays that a job needed for a moment are then held to
    the end, 30 MB in a directory of ten million changes. Other C libraries have nothing of the kind.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
