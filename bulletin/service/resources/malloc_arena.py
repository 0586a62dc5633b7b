"""The process's memory: one heap for all threads."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""As in glibc's malloc.h."""


def use_one_malloc_arena() -> bool:
    """
    Have all threads take their memory from one heap; whether the C library can do that (glibc can).

    By itself glibc gives threads up to eight heaps a core, and each heap keeps what was freed in it for its own
    threads. Every bulletin is made by new threads, so a week of them left 10 to 25 MB more behind, of which nothing
    was in use, and 60 MB more than one heap has. To be called before many threads run: once glibc has eight
    heaps it does not look again (malloc/arena.c, arena_get2).
    """
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # musl has one heap, and no such switch
        return False
    return bool(mallopt(_M_ARENA_MAX, 1))
