"""Limits of the process: its file descriptors, the connections that they allow, and one malloc arena."""

from __future__ import annotations

import ctypes
import sys

from bulletin.service.resources.limit_http_connections import ConnectionLimits

_M_ARENA_MAX = -8
"""Parameter number in glibc's malloc.h."""
_MOST = 65_536
"""Highest limit: some child programs try every number up to it, and containers grant a thousand million."""
_LEAST = 10_240
"""Highest limit of macOS (OPEN_MAX)."""
_RESERVED = 164
"""Descriptors of the public server itself: sockets, pipes, libraries, and connections accepted together."""


def raise_descriptor_limit() -> int:
    """Raise the soft limit (RLIMIT_NOFILE) to the hard one, 65,536 at most; return it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _MOST
    infinite = resource.RLIM_INFINITY
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == infinite:
        return _MOST
    for limit in (_MOST if hard == infinite else min(hard, _MOST), _LEAST):
        if limit > soft:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            except (ValueError, OSError):
                continue
            return limit
    return soft


def limits_within(descriptors: int) -> ConnectionLimits:
    """Connection limits for a number of descriptors: one for each connection, and one for its file. Pure."""
    default = ConnectionLimits()
    most = max(16, min(default.connections, (descriptors - _RESERVED) // 2))
    return ConnectionLimits(connections=most, per_client=min(default.per_client, max(8, most // 4)))


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
