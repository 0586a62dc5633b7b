"""HTML tree -> the publisher's metadata for machines: section, type, text. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from bulletin.articles.markup.html_to_text import plain_text, plain_title

_LONGEST_JSON = 500_000
"""Characters of all scripts of a page together; the rest is ignored."""
_MOST_NODES = 500
_DEEPEST = 6
_LONGEST_SECTION = 80
_MOST_SECTIONS = 3
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)[\s;]*$|;\s*$")
_NEWS_TYPES = {
    *("Article", "NewsArticle", "ReportageNewsArticle", "BackgroundNewsArticle", "AnalysisNewsArticle"),
    *("OpinionNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle"),
    *("SatiricalArticle", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report", "TechArticle"),
    *("ScholarlyArticle", "Review", "CriticReview", "Recipe", "HowTo", "Quiz", "FAQPage"),
}
"""schema.org types of an article."""
_BROAD_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "SocialMediaPosting")
"""General types; any other beside them says more."""
_NESTS = ("@graph", "mainEntity", "mainEntityOfPage")
_SECTION_METAS = ("article:section", "og:section", "og:article:section")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Metadata of a page; every field may be empty, and none need be true."""

    section: str = ""
    """The publisher's name of it: "Politics"; several are separated by " / ", the main one first."""
    page_type: str = ""
    """schema.org type of the article: "OpinionNewsArticle"."""
    body: str = ""
    """The publisher's text of the article, paragraphs separated by a blank line."""
    headlines: tuple[str, ...] = ()
    """The page's own titles of its article."""
    paid_classes: frozenset[str] = frozenset()
    """Classes of the elements for subscribers."""
    is_paid: bool = False
    """Whether the article, or a part of it, is for subscribers."""


def read_metadata(tree: etree._Element) -> Metadata:
    """
    Read JSON-LD first, then <meta>, microdata and the breadcrumbs.

    The scripts are strangers' JSON: broken, long or deep ones are ignored.
    """
    nodes = list(_json_nodes(tree))
    articles = [(types, node) for node in nodes if (types := _types(node) & _NEWS_TYPES)]
    types = {name for names, _ in articles for name in names} or _microdata_types(tree)
    sections = (
        *(_sections(node.get("articleSection")) for _, node in articles),
        *(_sections(_meta(tree, name)) for name in _SECTION_METAS),
        _breadcrumb(nodes),
    )
    bodies = (node.get("articleBody") for _, node in articles)
    named = (*(node.get("headline") for _, node in articles), _meta(tree, "og:title"))
    parts = [part for _, node in articles for part in _paid_parts(node)]
    return Metadata(
        section=next(filter(None, sections), ""),
        page_type=_most_specific(types),
        body=max((plain_text(body) for body in bodies if isinstance(body, str)), key=len, default=""),
        headlines=tuple(plain_title(name) for name in named if isinstance(name, str) and name),
        paid_classes=frozenset(filter(None, (_class_of(part.get("cssSelector")) for part in parts))),
        is_paid=bool(parts) or any(_is_false(node.get("isAccessibleForFree")) for _, node in articles),
    )


def _json_nodes(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """The objects about the page itself, not those about its authors, pictures and lists."""
    left = _LONGEST_JSON
    pending: list[tuple[Any, int]] = []
    for script in tree.iter("script"):
        if "ld+json" not in str(script.get("type", "")).lower():
            continue
        text = script.text or ""
        left -= len(text)
        if left < 0:
            break
        try:
            # Not strict: line breaks in strings are the most common fault.
            pending.append((json.loads(_WRAPPED.sub("", text), strict=False), 0))
        except (ValueError, RecursionError):
            continue
    for _ in range(_MOST_NODES):
        if not pending:
            return
        value, depth = pending.pop(0)
        if isinstance(value, list) and depth < _DEEPEST:
            pending += [(item, depth + 1) for item in value[:_MOST_NODES]]
        elif isinstance(value, dict):
            yield value
            if depth < _DEEPEST:
                pending += [(value[name], depth + 1) for name in _NESTS if name in value]


def _paid_parts(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Elements that schema.org's `hasPart` declares as not free."""
    parts = (part for part in _listed(node.get("hasPart")) if isinstance(part, dict))
    return [part for part in parts if _is_false(part.get("isAccessibleForFree"))]


def _class_of(selector: Any) -> str:
    """ ".paywall" -> "paywall"; empty for any other selector."""
    match = re.fullmatch(r"\.([\w-]{1,80})", selector.strip()) if isinstance(selector, str) else None
    return match[1] if match else ""


def _is_false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().casefold() == "false")


def _types(node: dict[str, Any]) -> set[str]:
    return {_local_name(name) for name in _listed(node.get("@type")) if isinstance(name, str)}


def _listed(value: Any) -> list[Any]:
    """The first values of a property, which may stand alone or in a list."""
    return value[:10] if isinstance(value, list) else [value]


def _microdata_types(tree: etree._Element) -> set[str]:
    names = (
        str(node.get("itemtype", ""))[:200] for node in tree.iter("body", "main", "article", "div", "html")
    )
    return {_local_name(name) for name in names if "schema.org" in name} & _NEWS_TYPES


def _local_name(name: str) -> str:
    """ "https://schema.org/NewsArticle" -> "NewsArticle"."""
    return name.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2]


def _most_specific(types: set[str]) -> str:
    """The type that says most; empty without types."""
    return min(types, key=lambda name: (name in _BROAD_TYPES, name != "NewsArticle", name), default="")


def _sections(value: Any) -> str:
    named = (name for name in _listed(value)[:_MOST_SECTIONS] if isinstance(name, str))
    words = (plain_title(name)[:_LONGEST_SECTION] for name in named)
    return " / ".join(dict.fromkeys(filter(None, words)))


def _meta(tree: etree._Element, name: str) -> str:
    for node in tree.iter("meta"):
        if str(node.get("property") or node.get("name") or "").lower() == name:
            return str(node.get("content", ""))[:1000]
    return ""


def _breadcrumb(nodes: list[dict[str, Any]]) -> str:
    """The level below the front page, but never the last one, which is the article itself."""
    for node in nodes:
        items = node.get("itemListElement")
        if "BreadcrumbList" not in _types(node) or not isinstance(items, list):
            continue
        crumbs = [_crumb(item) for item in items[:10] if isinstance(item, dict)]
        if crumbs and _path_of(crumbs[0][1]) in ("", "/"):
            crumbs = crumbs[1:]
        if len(crumbs) > 1 or (crumbs and len(items) == 2 and len(crumbs[0][0].split()) <= 2):
            return _sections(crumbs[0][0])
    return ""


def _crumb(item: dict[str, Any]) -> tuple[str, str]:
    """Name and address of a level."""
    target = item.get("item")
    inner = target if isinstance(target, dict) else {}
    name, address = item.get("name") or inner.get("name"), inner.get("@id") or inner.get("url") or target
    return name if isinstance(name, str) else "", address if isinstance(address, str) else ""


def _path_of(address: str) -> str:
    """The path of an address; "?" for a broken one, which is not the front page."""
    try:
        return urlsplit(address[:2000]).path
    except ValueError:
        return "?"
