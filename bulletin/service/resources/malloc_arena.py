"""Memory of the process: one malloc arena for all threads."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""As in glibc's malloc.h."""


def use_one_malloc_arena() -> bool:
    """
    Let all threads allocate from one malloc arena; True where the C library can do so (glibc can).

    By default glibc gives threads up to eight arenas a core, and each keeps its freed memory for its own threads.
    Every bulletin is made by new threads, so a week of them left 10 to 25 MB more of unused memory, and 60 MB more
    than one arena. Call it before many threads run: once glibc has eight arenas it does not read the setting again
    (malloc/arena.c, arena_get2).
    """
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # musl has one arena, and no such option
        return False
    return bool(mallopt(_M_ARENA_MAX, 1))
