"""File descriptors: the soft limit, and the number of connections that it allows."""

from __future__ import annotations

from bulletin.service.resources.connection_limits import ConnectionLimits

_MOST = 65_536
"""Some child programs try every number up to the limit, and containers grant a thousand million."""
_LEAST = 10_240
"""What macOS grants at most (OPEN_MAX)."""
_RESERVED = 164
"""For the public server itself: its sockets, pipes, libraries, and connections accepted at once."""


def raise_descriptor_limit() -> int:
    """Raise the soft limit (RLIMIT_NOFILE) to the hard one, 65,536 at most; return it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST
    most = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    for limit in (most, _LEAST):
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
