"""Identity of a feed entry: which names make it the same entry when it comes back. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from bulletin.articles.parsed_feed import FeedEntry
from bulletin.runtime.redact_secrets import hide

_TRACKING = re.compile(
    r"utm_\w*|at_\w*|ns_\w*|fbclid|gclid|mc_[ce]id|cmpid|cmp|ref|rss|source|src|ito|ocid|smid|partner|feature",
    re.IGNORECASE,
)
_GLOBAL_GUID = re.compile(r"(?:tag|urn|uuid):", re.IGNORECASE)


def absolute_link(link: str, *, base: str) -> str:
    """The link as an absolute http(s) address; empty where it is none."""
    try:
        full = urljoin(base, link.strip()) if link.strip() else ""
        parts = urlsplit(full)
        port = parts.port
    except ValueError:
        return ""
    fits = parts.scheme in ("http", "https") and parts.hostname and port != 0 and len(full) <= 4096
    return quote(full, safe="%/:=&?~#+!$,;'@()*[]") if fits else ""


def canonical(link: str) -> str:
    """
    Normalized address: scheme, "www.", letter case of the host, tracking parameters, order of parameters, fragment
    and a last slash make no difference.
    """
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    kept = sorted(pair for pair in parse_qsl(parts.query[:2000]) if not _TRACKING.fullmatch(pair[0]))
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


class Reused(NamedTuple):
    """Guids and links that a feed gives to several entries, so that they identify none."""

    guids: frozenset[str]
    links: frozenset[str]


def find_reused(entries: Sequence[FeedEntry]) -> Reused:
    """
    Guids of entries with different titles and links; links of entries with different titles, unless these share
    their guid (traffic feeds and live blogs have one page for all entries).
    """
    guids: dict[str, set[tuple[str, str]]] = {}
    links: dict[str, set[tuple[str, str]]] = {}
    for number, entry in enumerate(entries):
        guids.setdefault(entry.guid, set()).add((entry.title, entry.link))
        links.setdefault(entry.link, set()).add((entry.title, entry.guid or f"#{number}"))
    return Reused(guids=_varying(guids), links=_varying(links))


def identities(
    entry: FeedEntry, *, feed: str, link: str, published: datetime, reused: Reused
) -> tuple[str, ...]:
    """
    Every name of an entry, the best first: guid, canonical link, hash of title and day.

    A guid that is an address counts without its fragment: some publishers raise a number there with each edit.
    Names are stored and printed, so secrets of an address are hidden in them.
    """
    names = []
    if entry.guid and entry.guid not in reused.guids:
        names.append(_guid_name(entry.guid, feed=feed))
    if link and entry.link not in reused.links:
        names.append(canonical(link))
    words = " ".join(re.findall(r"\w+", entry.title.casefold() or entry.text[:500].casefold()))
    names.append("hash:" + _digest(f"{feed}|{words}|{published:%Y-%m-%d}"))
    return tuple(dict.fromkeys(map(hide.address, names)))


def _varying(users: Mapping[str, set[tuple[str, str]]]) -> frozenset[str]:
    """Names whose entries differ in both other columns."""
    return frozenset(
        name
        for name, pairs in users.items()
        if name and len({first for first, _ in pairs}) > 1 and len({second for _, second in pairs}) > 1
    )


def _guid_name(guid: str, *, feed: str) -> str:
    """A guid that is unique everywhere stands alone, "1234" only within its feed."""
    if guid.lower().startswith(("http://", "https://")):
        try:
            return canonical(guid)
        except ValueError:
            return f"{feed}:{_digest(guid)}"
    if len(guid) > 200:
        guid = _digest(guid)
    return guid if _GLOBAL_GUID.match(guid) else f"{feed}:{guid}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]
