"""An address -> may it be asked? Pure: no socket is opened here."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from bulletin.errors import FetchError

TO_ALLOW = "if it is a feed of your own network, write private = true beside it"
"""The remedy where a feed leads to an address that is not public."""
_LONGEST = 4096
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_LEFT_ALONE = "%/:=&?~#+!$,;'@()*[]\\"
"""What browsers do not quote in a Location."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        # IANA's special-purpose registries, where older Pythons' `is_global` does not follow them:
        # protocol assignments, 6to4 relays, IPv4-compatible, local NAT64, SRv6, site-local.
        ("192.0.0.0/24", "192.88.99.0/24", "::/96", "64:ff9b:1::/48", "5f00::/16", "fec0::/10"),
    )
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedTarget:
    """An address that is well-formed; where it leads is not known yet."""

    url: str
    scheme: str
    host: str
    """Lower case, ASCII (IDNA) or an IP address without brackets."""
    port: int

    @property
    def place(self) -> tuple[str, int]:
        return self.host, self.port


def check_url(url: str, *, private: GuardedTarget | None = None) -> GuardedTarget:
    """
    Refuse whatever is no plain http(s) address, or leads to another service's port.

    Ports below 1024 are such, but for 80 and 443; the port of the `private` feed of the station's own
    network is its own affair. Raises FetchError.
    """
    target = read_url(url)
    if target.port < 1024 and target.port not in _DEFAULT_PORTS.values() and not is_own(target, private):
        raise FetchError(url, f"port {target.port} belongs to another service")
    return target


def read_url(url: str) -> GuardedTarget:
    """Take an address apart. Raises FetchError for other schemes, user-info, control characters."""
    if len(url) > _LONGEST or _FORBIDDEN.search(url):
        raise FetchError(url[:200], "is no address: too long, or with spaces or control characters in it")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError as error:  # a UnicodeError is one too
        raise FetchError(url, f"is no address ({error})") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise FetchError(url, f'only http and https are asked, not "{parts.scheme}"')
    if not host:
        raise FetchError(url, "names no host")
    if parts.username is not None or parts.password is not None:
        raise FetchError(url, "holds a user name or password; addresses with secrets are not asked")
    return GuardedTarget(url=url, scheme=parts.scheme, host=host, port=port or _DEFAULT_PORTS[parts.scheme])


def follow_redirect(url: str, place: str, *, private: GuardedTarget | None) -> str:
    """
    Where a redirect from `url` to `place` leads, made whole; what asks on behalf of a private feed stays with its host.

    Browsers mend spaces and umlauts in a Location; so do we, but nothing else. Raises FetchError.
    """
    try:
        target = check_url(quote(urljoin(url, place), safe=_LEFT_ALONE), private=private)
    except ValueError as error:
        raise FetchError(url, "redirects to what is no address") from error
    except FetchError as error:
        raise FetchError(url, f"redirects to what may not be asked ({error.reason})") from error
    if private and not is_own(target, private):
        raise FetchError(url, f'redirects from the private host to "{target.host}:{target.port}"')
    return target.url


def check_addresses(
    addresses: Sequence[str],
    target: GuardedTarget,
    *,
    private: GuardedTarget | None,
    to_allow: str = TO_ALLOW,
) -> None:
    """
    Refuse a host that has an address which is not public: one spoils them all, or a name could mix it in.

    The station's own feed may have any. Raises FetchError, which ends with `to_allow`.
    """
    if is_own(target, private):
        return
    for address in addresses:
        if not is_public(address):
            raise FetchError(
                target.url,
                f"leads to {address}, which is not on the open internet; {to_allow}",
            )


def is_own(target: GuardedTarget, private: GuardedTarget | None) -> bool:
    """
    Whether `target` is the host of the private feed itself.

    The port counts too, or a feed at 127.0.0.1:8000 could reach whatever else listens there; only the
    step from http to https at the usual ports is granted.
    """
    if private is None or target.host != private.host:
        return False
    usual = set(_DEFAULT_PORTS.values())
    return target.port == private.port or {target.port, private.port} <= usual


def publisher_of(target: GuardedTarget) -> str:
    """Who must not be asked by two at once; another port is another server, which may be up when one is down."""
    return target.host if target.port in _DEFAULT_PORTS.values() else f"{target.host}:{target.port}"


def is_public(address: str) -> bool:
    """Whether an IP address, and every address wrapped in it, belongs to the open internet."""
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
    found: list[Address] = [a for a in (address.ipv4_mapped, address.sixtofour) if a is not None]
    if address.teredo:
        found.append(address.teredo[1])
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(found)


def _ascii_host(host: str) -> str:
    host = host.lower().rstrip(".")
    return host if host.isascii() else host.encode("idna").decode("ascii")
