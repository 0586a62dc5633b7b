"""What makes an entry the same entry when it comes back. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from bulletin.articles.document import Entry

_TRACKING = re.compile(
    r"utm_\w*|at_\w*|ns_\w*|fbclid|gclid|mc_[ce]id|cmpid|cmp|ref|rss|source|src|ito|ocid|smid|partner|feature",
    re.IGNORECASE,
)
_GLOBAL_GUID = re.compile(r"(?:tag|urn|uuid):", re.IGNORECASE)


def absolute_link(link: str, *, base: str) -> str:
    """The link as an http(s) address, or nothing where it is none: nobody follows anything else."""
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
    The same for every way to write one address: scheme, "www.", letter case of the host, tracking
    parameters, order of parameters, fragment and a last slash make no difference.
    """
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    kept = sorted(pair for pair in parse_qsl(parts.query[:2000]) if not _TRACKING.fullmatch(pair[0]))
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


def identities(
    entry: Entry, *, feed: str, link: str, published: datetime, reused_guids: frozenset[str]
) -> tuple[str, ...]:
    """
    Every name of an entry, the best first: guid, canonical link, hash of title and day.

    A guid that the feed gives to several entries names none of them. A guid that is an address counts
    without its fragment: some publishers raise a number there with each edit.
    """
    names = []
    if entry.guid and entry.guid not in reused_guids:
        names.append(_guid_name(entry.guid, feed=feed))
    if link:
        names.append(canonical(link))
    words = " ".join(re.findall(r"\w+", entry.title.casefold() or entry.text[:500].casefold()))
    names.append("hash:" + _digest(f"{feed}|{words}|{published:%Y-%m-%d}"))
    return tuple(dict.fromkeys(names))


def reused_guids(entries: Sequence[Entry]) -> frozenset[str]:
    """Guids that stand at entries with different titles and different links."""
    seen: dict[str, set[tuple[str, str]]] = {}
    for entry in entries:
        seen.setdefault(entry.guid, set()).add((entry.title, entry.link))
    return frozenset(
        guid for guid, tellers in seen.items() if guid and min(_variety(tellers, 0), _variety(tellers, 1)) > 1
    )


def _variety(tellers: set[tuple[str, str]], column: int) -> int:
    return len(Counter(teller[column] for teller in tellers))


def _guid_name(guid: str, *, feed: str) -> str:
    """A guid that means something everywhere stands alone, "1234" only within its feed."""
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
