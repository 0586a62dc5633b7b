"""SSRF guard: whether an address may be asked. Pure, it opens no socket."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from bulletin.errors import FetchError

TO_ALLOW = "if it is a feed of your own network, write private = true beside it"
"""The remedy for a feed whose address is not public."""
_LONGEST = 4096
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_UNQUOTED = "%/:=&?~#+!$,;'@()*[]\\"
"""Characters that browsers do not quote in a Location."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CLOSED = [
    ipaddress.ip_network(network)
    # IANA's special-purpose registries, for Pythons whose `is_global` is older:
    # protocol assignments, 6to4 relays, IPv4-compatible, local NAT64, SRv6, site-local.
    for network in "192.0.0.0/24 192.88.99.0/24 ::/96 64:ff9b:1::/48 5f00::/16 fec0::/10".split()
]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedTarget:
    """A well-formed address; which host it leads to is not known yet."""

    url: str
    scheme: str
    host: str
    """Lower case, ASCII (IDNA), or an IP address without brackets."""
    port: int


def check_url(url: str, *, private: GuardedTarget | None = None) -> GuardedTarget:
    """
    Refuse all but plain http(s) addresses, and ports of other services.

    Those are the ports below 1024 but 80 and 443; the `private` feed of the station's own network may have any.
    Raises FetchError.
    """
    target = read_url(url)
    if target.port < 1024 and target.port not in _DEFAULT_PORTS.values() and not is_own(target, private):
        raise FetchError(url, f"port {target.port} is not allowed; use 80, 443 or one from 1024")
    return target


def read_url(url: str) -> GuardedTarget:
    """Parse an address. Raises FetchError for other schemes, user-info, control characters."""
    if len(url) > _LONGEST or _FORBIDDEN.search(url):
        raise FetchError(
            url[:200], "is not a valid address; shorten it, or delete spaces, backslashes, control characters"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError as error:  # a UnicodeError is one too
        raise FetchError(url, f"is not a valid address ({error}); correct it") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise FetchError(url, f'only http and https are fetched, not "{parts.scheme}"')
    if not host:
        raise FetchError(url, 'is incomplete, without a host name; write "https://example.org/feed"')
    if parts.username is not None or parts.password is not None:
        raise FetchError(url, "holds a user name or password; remove them from the address")
    return GuardedTarget(url=url, scheme=parts.scheme, host=host, port=port or _DEFAULT_PORTS[parts.scheme])


def follow_redirect(url: str, location: str, *, private: GuardedTarget | None) -> str:
    """
    The absolute address of a redirect from `url`; redirects of a private feed must stay on its host.

    Spaces and umlauts in a Location are quoted, as browsers do. Raises FetchError.
    """
    try:
        target = check_url(quote(urljoin(url, location), safe=_UNQUOTED), private=private)
    except ValueError as error:
        raise FetchError(url, "redirects to an invalid address; correct the URL") from error
    except FetchError as error:
        raise FetchError(url, f"redirects to a refused address ({error.reason}); correct the URL") from error
    if private and not is_own(target, private):
        raise FetchError(url, f'redirects off its own host to "{target.host}:{target.port}"; correct the URL')
    return target.url


def check_addresses(
    addresses: Sequence[str],
    target: GuardedTarget,
    *,
    private: GuardedTarget | None,
    to_allow: str = TO_ALLOW,
) -> None:
    """
    Refuse a host with an address that is not public: one is enough, or a name could mix it in.

    The host of the private feed may have any. Raises FetchError, which ends with `to_allow`.
    """
    if is_own(target, private):
        return
    for address in addresses:
        if not is_public(address):
            reason = f"leads to {address}, not on the open internet, so it is not fetched; {to_allow}"
            raise FetchError(target.url, reason)


def is_own(target: GuardedTarget, private: GuardedTarget | None) -> bool:
    """
    Whether `target` is the host of the private feed.

    The port counts, too: a feed at 127.0.0.1:8000 must not reach other services there. Only the step between http
    and https at the usual ports is allowed.
    """
    if private is None or target.host != private.host:
        return False
    usual_ports = set(_DEFAULT_PORTS.values())
    return target.port == private.port or {target.port, private.port} <= usual_ports


def publisher_of(target: GuardedTarget) -> str:
    """Name of the server that gets one request at a time: host, and a port that is not the usual one."""
    return target.host if target.port in _DEFAULT_PORTS.values() else f"{target.host}:{target.port}"


def is_public(address: str) -> bool:
    """Whether an IP address, and every IPv4 address in it, belongs to the open internet."""
    try:
        outer = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_open(address) for address in (outer, *_wrapped(outer)))


def _is_open(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _CLOSED if network.version == address.version)
    )


def _wrapped(address: Address) -> tuple[Address, ...]:
    """IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    wrapped: list[Address] = [a for a in (address.ipv4_mapped, address.sixtofour) if a is not None]
    if address.teredo:
        wrapped.append(address.teredo[1])
    if address in _NAT64:
        wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(wrapped)


def _ascii_host(host: str) -> str:
    host = host.lower().rstrip(".")
    return host if host.isascii() else host.encode("idna").decode("ascii")
