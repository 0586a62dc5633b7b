"""OPML (opml.org/spec2.opml) <-> Feeds: lists that feed readers import and export."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from bulletin.articles.fetching.ssrf_guard import check_url
from bulletin.articles.markup.html_to_text import plain_title
from bulletin.errors import FetchError, ParseError, explain_unreadable_text
from bulletin.model import Feed
from bulletin.runtime.redact_secrets import hide

_LARGEST = 20_000_000
_LONGEST_NAME = 40
_MOST_OUTLINES = 5_000


def read_opml(source: Path | bytes, *, language: str = "en-GB") -> tuple[Feed, ...]:
    """
    The feeds of an OPML list, each once; its category is its folder in the list.

    An outline without a plain http(s) address is left out; included lists are not fetched. Raises ParseError for
    a file that is not OPML, defines entities or lists more than 5,000 feeds.
    """
    name = str(source) if isinstance(source, Path) else "OPML"
    body = _read(source) if isinstance(source, Path) else source
    root = _parse(body, name=name)
    feeds: dict[str, Feed] = {}
    taken: dict[str, int] = {}
    for number, (attributes, category) in enumerate(_outlines(root)):
        if number >= _MOST_OUTLINES:
            raise ParseError(name, f"lists more than {_MOST_OUTLINES} feeds; split the file into several")
        url = attributes["xmlurl"].strip()
        if url in feeds or not may_be_listed(url):
            continue
        title = plain_title(attributes.get("title") or attributes.get("text") or "")
        feeds[url] = Feed(
            url=url,
            name=_unique(make_name(title, url=url), taken),
            credit=title,
            category=category or "news",
            language=attributes.get("language") or language,
        )
    return tuple(feeds.values())


def write_opml(feeds: Sequence[Feed], *, title: str = "Bulletin feeds") -> bytes:
    """The list as OPML 2.0, a folder for each category, without feeds that are files."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for feed in feeds:
        if not may_be_listed(feed.url):
            continue
        if feed.category not in folders:
            folders[feed.category] = etree.SubElement(
                body, "outline", text=feed.category, title=feed.category
            )
        words = feed.credit or feed.name
        etree.SubElement(
            folders[feed.category], "outline", type="rss", text=words, title=words, xmlUrl=feed.url
        )
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def make_name(title: str, *, url: str) -> str:
    """A short name: "BBC News - UK" -> "bbc-news-uk"; from the host for an empty title."""
    words = title or (urlsplit(url).hostname or "feed").removeprefix("www.").removeprefix("feeds.")
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME].strip("-")
    return slug or "feed"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST + 1)
    except OSError as error:
        raise ParseError(str(path), f"the list of feeds {explain_unreadable_text(error)}") from error
    if len(body) > _LARGEST:
        raise ParseError(str(path), f"is larger than {_LARGEST / 1e6:g} MB; split the file into several")
    return body


def _parse(body: bytes, *, name: str) -> etree._Element:
    """Strictly: no entities, no network, libxml2's own limits of depth and growth."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(
            name, f"is not OPML: damaged or unsafe XML ({str(error)[:120]}); export the list of feeds again"
        ) from error
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and any(True for _ in subset.iterentities()):  # type: ignore[union-attr]
        raise ParseError(name, "defines XML entities, which are refused; delete its <!ENTITY> lines")
    if not isinstance(root.tag, str) or etree.QName(root).localname.lower() != "opml":
        raise ParseError(name, f"is XML, but not OPML (<{root.tag}>); export the list of feeds as OPML")
    return root


def _outlines(root: etree._Element) -> Iterator[tuple[dict[str, str], str]]:
    """Attributes of every outline with an address, names in lower case, and the nearest folder around it."""
    for node in root.iter(etree.Element):
        if "xmlurl" in (attributes := _attributes(node)):
            folders = (_attributes(above) for above in node.iterancestors("outline"))
            names = (
                folder.get("text") or folder.get("title") or ""
                for folder in folders
                if "xmlurl" not in folder
            )
            yield attributes, next(filter(None, map(plain_title, names)), "").casefold()


def _attributes(node: etree._Element) -> dict[str, str]:
    return {str(key).lower(): str(value) for key, value in node.attrib.items()}


def may_be_listed(url: str) -> bool:
    """Whether it is a plain address, not a file of this machine, and without secrets."""
    try:
        check_url(url)
    except FetchError:
        return False
    return hide.address(url) == url


def _unique(name: str, taken: dict[str, int]) -> str:
    """The name with the first free number; `taken` has the last number of each name."""
    free = name
    while free in taken:
        taken[name] += 1
        free = f"{name}-{taken[name]}"
    taken[free] = 1
    return free
