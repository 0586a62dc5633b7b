"""HTML of a listener page -> ListenerPage (player, assets, links) or Findings. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.remote_finding import content_type, type_cause
from bulletin.model.findings import Finding, failure

PART = "page"

_ASSETS = (
    "//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src"
    " | //meta[@property='og:image']/@content | //audio/@data-cover"
)
_TYPES = {
    ".css": ("text/css",),
    ".js": ("text/javascript", "application/javascript"),
    ".svg": ("image/svg+xml",),
    ".jpg": ("image/jpeg",),
    ".jpeg": ("image/jpeg",),
    ".png": ("image/png",),
}
_NAMED_BY_CONTENT = re.compile(r"(?:artwork|cover|icon|page)-([0-9a-f]{8})\.[a-z]+\Z")
"""File name with the first digits of the content's SHA-256."""
_AGAIN = "run `bulletin republish`, and copy it anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerPage:
    """Addresses in an HTML page, absolute."""

    plays: str
    """Sound of its player; may be empty."""
    assets: tuple[str, ...]
    """Style sheets, scripts, icons and pictures of the same site."""
    pages: tuple[str, ...]
    """Other pages of the same folder."""


def read_page(body: bytes, *, url: str) -> ListenerPage | Finding:
    """Read a page; a Finding when it is empty, truncated or not HTML."""
    if not body.strip():
        return failure(PART, f"{url}: is empty; {_AGAIN}")
    if not body.rstrip().lower().endswith(b"</html>"):
        return failure(PART, f"{url}: is truncated, or not an HTML page; {_AGAIN}")
    try:
        root = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError) as problem:
        return failure(PART, f"{url}: cannot be read as HTML ({problem}); {_AGAIN}")
    folder = urljoin(url, "./")
    assets = [urldefrag(urljoin(url, link)).url for link in _texts(root, _ASSETS)]
    links = [urldefrag(urljoin(url, link)).url for link in _texts(root, "//a/@href")]
    return ListenerPage(
        plays=next((urljoin(url, sound) for sound in _texts(root, "//audio/@src")), ""),
        assets=tuple(dict.fromkeys(asset for asset in assets if asset.startswith(_site_of(url)))),
        pages=tuple(
            dict.fromkeys(
                link for link in links if link.startswith(folder) and urlsplit(link).path.endswith(".html")
            )
        ),
    )


def _texts(root: etree._Element, path: str) -> list[str]:
    """Attribute values of an XPath, in document order."""
    values = root.xpath(path)
    return [str(value) for value in values] if isinstance(values, list) else []


def judge_asset(url: str, answer: HttpResponse) -> Iterator[Finding]:
    """Check presence, content hash and media type of an asset."""
    name = urlsplit(url).path.rpartition("/")[2]
    if answer.status != 200:
        yield failure(PART, f"{url}: answers {answer.status}, and the page needs it; {_AGAIN}")
        return
    match = _NAMED_BY_CONTENT.match(name)
    if not answer.body or (match and match[1] != hashlib.sha256(answer.body).hexdigest()[:8]):
        yield failure(PART, f"{url}: is not the file that its name stands for; {_AGAIN}")
        return
    suffix = f".{name.rpartition('.')[2].lower()}"
    kind = content_type(answer)
    if kind not in _TYPES.get(suffix, (kind,)):
        yield failure(
            PART,
            f'{url}: is sent as "{kind[:60]}", so browsers leave it out; it must be {_TYPES[suffix][0]}',
            cause=type_cause(url),
        )


def _site_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
