"""File descriptors: as many as the system grants, for archive, feeds and files before anybody's connections."""

from __future__ import annotations

from bulletin.service.resources.connection_limits import ConnectionLimits

_MOST = 65_536
"""Some programs that we start look at every number up to the limit; containers grant a thousand million."""
_LEAST = 10_240
"""What macOS grants at most (OPEN_MAX)."""
_RESERVED = 164
"""Of the public server, for itself: its sockets, pipes, libraries, and connections that are accepted in one go."""


def raise_descriptor_limit() -> int:
    """Raise the soft limit (RLIMIT_NOFILE) to the hard one, 65,536 at most; what it is then."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST
    most = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    for wanted in (most, _LEAST):
        if wanted > soft:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            except (ValueError, OSError):
                continue
            return wanted
    return soft


def limits_within(descriptors: int) -> ConnectionLimits:
    """As many connections as there are descriptors for: one for each, and one for the file that it is sent. Pure."""
    usual = ConnectionLimits()
    most = max(16, min(usual.connections, (descriptors - _RESERVED) // 2))
    return ConnectionLimits(connections=most, per_client=min(usual.per_client, max(8, most // 4)))
