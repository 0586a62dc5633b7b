"""HTML of a listener page -> ListenerPage (player, assets, links) or Findings. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree, html

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.diagnostics.remote.check_podcast_feed import FeedReading
from bulletin.diagnostics.remote.fetch_published_files import Visit
from bulletin.diagnostics.remote.merge_findings import PUBLISH_AGAIN, file_name, wrong_type
from bulletin.model.diagnostic_findings import Finding, failure, ok, warning
from bulletin.publishing.media_types import media_type_of

PART = "page"
INDEX, PLAYER = "index.html", "player.html"
_PAGES = 12
"""Linked pages that are requested."""
_fail = partial(failure, PART)

_ASSETS = (
    "//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src"
    " | //meta[@property='og:image']/@content | //audio/@data-cover"
)
_NAMED_BY_CONTENT = re.compile(r"(?:artwork|cover|icon|logo|page|preview|thumb)-([0-9a-f]{8})\.[a-z]+\Z")
"""File name with the first digits of the content's SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerPage:
    """Addresses in an HTML page, absolute."""

    plays: str
    """Sound of its player; may be empty."""
    assets: tuple[str, ...]
    """Style sheets, scripts, icons and pictures of the same site."""
    pages: tuple[str, ...]
    """Other pages of the same folder."""


async def examine_pages(visit: Visit, url: str, feed: FeedReading) -> list[Finding]:
    """The listener page, its assets and its links, if the station has pages; `url` is the feed's."""
    folder = urljoin(url, "./")
    findings: list[Finding] = []
    answer = await visit.get(folder)
    if answer.status != 200:
        answer = await visit.get(urljoin(url, INDEX))
        if answer.status == 200 and visit.site.is_live:
            findings.append(
                warning(PART, f"{folder}: no page; let the web server send {INDEX} for this address")
            )
    if answer.status == 200:
        findings += await _examine_linked_pages(visit, url, answer, feed)
        if not findings:
            findings.append(ok(PART, "complete, and its player has the newest episode"))
    elif any(item.page.startswith(folder) for item in feed.items):
        findings.append(_fail(f"{answer.url}: HTTP {answer.status}; the feed links here: {PUBLISH_AGAIN}"))
    return findings


async def _examine_linked_pages(
    visit: Visit, url: str, front: HttpResponse, feed: FeedReading
) -> list[Finding]:
    page, newest = _read_page(front), feed.newest
    if isinstance(page, Finding):
        return [page]
    assets, pages = [*page.assets], [*page.pages[:_PAGES]]
    if newest and newest.page.startswith(urljoin(url, "./")):
        pages = [newest.page, urljoin(url, PLAYER), *pages]
    findings = [*_judge_player(page, front.url, visit.newest)]
    for address in dict.fromkeys(pages):
        other = _read_page(await visit.get(address))
        if isinstance(other, Finding):
            findings.append(other)
            continue
        assets += other.assets
        if address.endswith(f"/{PLAYER}"):
            findings += _judge_player(other, address, visit.newest)
    for address in dict.fromkeys(assets):
        if address not in visit.reported:
            findings += _judge_asset(await visit.get(address))
    return findings


def _judge_player(page: ListenerPage, address: str, newest: set[str]) -> Iterator[Finding]:
    """Check that the player has the newest episode's file, on any host."""
    played = file_name(page.plays)
    if newest and played not in newest:
        plays = f"the player has {played or 'no sound'}, not the newest episode, {min(newest)}"
        yield _fail(f"{address}: {plays}; {PUBLISH_AGAIN}")


def _read_page(answer: HttpResponse) -> ListenerPage | Finding:
    """Read a page; a Finding when it is missing, empty, truncated or not HTML."""
    url, body = answer.url, answer.body.strip()
    problem = ""
    if answer.status != 200:
        problem = f"HTTP {answer.status}, but another page links to this page"
    elif not body:
        problem = "is empty"
    elif not body.lower().endswith(b"</html>"):
        problem = "is truncated, or not an HTML page"
    if problem:
        return _fail(f"{url}: {problem}; {PUBLISH_AGAIN}")
    try:
        root = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError) as error:
        return _fail(f"{url}: cannot be read as HTML ({error}); {PUBLISH_AGAIN}")
    folder, site = urljoin(url, "./"), urljoin(url, "/")
    assets, links, sounds = (_addresses(root, path, url) for path in (_ASSETS, "//a/@href", "//audio/@src"))
    return ListenerPage(
        plays=next(iter(sounds), ""),
        assets=tuple(asset for asset in assets if asset.startswith(site)),
        pages=tuple(a for a in links if a.startswith(folder) and urlsplit(a).path.endswith(".html")),
    )


def _addresses(root: etree._Element, path: str, url: str) -> list[str]:
    """Addresses of an XPath, absolute, in document order, each once."""
    values = root.xpath(path)
    texts = values if isinstance(values, list) else []
    return list(dict.fromkeys(urldefrag(urljoin(url, str(text))).url for text in texts))


def _judge_asset(answer: HttpResponse) -> Iterator[Finding]:
    """Check presence, content hash and media type of an asset."""
    name = file_name(answer.url)
    if answer.status != 200:
        yield _fail(f"{answer.url}: HTTP {answer.status}, but a page loads this file; {PUBLISH_AGAIN}")
        return
    match = _NAMED_BY_CONTENT.match(name)
    if not answer.body or (match and match[1] != hashlib.sha256(answer.body).hexdigest()[:8]):
        yield _fail(f"{answer.url}: does not match the checksum in its name; {PUBLISH_AGAIN}")
        return
    kind = (media_type_of(name) or "").partition(";")[0]
    types = (kind, "application/javascript") if kind == "text/javascript" else (kind,)
    yield from wrong_type(PART, answer, *filter(None, types))
