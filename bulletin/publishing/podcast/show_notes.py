"""Bulletin -> show notes: what was said about, and where it came from. HTML of paragraphs and links; pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote, urlsplit

from bulletin.model import Bulletin, StationWords, Story
from bulletin.publishing.plain_text import plain_line, plain_title
from bulletin.runtime.redaction import may_be_published

MOST_BYTES = 4000
"""Apple shows no more of a description (podcasters.apple.com, "podcast RSS feed requirements")."""

_MOST_SOURCES = 4
"""Of one story; a link more is a story less."""

_MOST_LINK = 1000
"""Characters; a longer address is a tracker or an attack."""


def show_notes(bulletin: Bulletin, *, most_bytes: int = MOST_BYTES) -> str:
    """
    One paragraph a story, in running order: its title and its sources as links.

    Stories that no longer fit into `most_bytes` are left out whole. Everything from a feed is
    escaped; a link is http or https or it is left away.
    """
    stories = {item.story.id: item.story for item in bulletin.script.stories}
    told = [stories[story_id] for story_id in bulletin.story_ids if story_id in stories]
    notes: list[str] = []
    room = most_bytes
    for story in told:
        paragraph = _paragraph(story)
        room -= len(paragraph.encode("utf-8"))
        if room < 0:
            break
        notes.append(paragraph)
    return "".join(notes) or f"<p>{escape(plain_title(bulletin.script.title))}</p>"


def describe_station(station: StationWords) -> str:
    """Own words of the profile go before; these say at least who speaks, and in English how."""
    frequencies = " & ".join(station.frequencies)
    where = f"{station.name}, {frequencies} {station.band}".strip() if frequencies else station.name
    slogan = f" {station.slogan.rstrip('.')}." if station.slogan else ""
    if station.language.partition("-")[0] == "en":
        return f"The latest news from {where}.{slogan} Read by a synthetic voice."
    return f"{where}.{slogan}"


def web_link(address: str) -> str:
    """The address, made fit to stand in a document; empty when it is no http(s) address, or holds a secret."""
    line = address.strip()
    try:
        parts = urlsplit(line)
        fit = parts.scheme in {"http", "https"} and parts.hostname and len(line) <= _MOST_LINK
        fit = fit and may_be_published(line)
    except ValueError:
        return ""
    # "%" stays: the address is encoded already, and encoding it again would break it
    return quote(line.encode("utf-8", "ignore"), safe="%/:=&?~#+!$,;'@()*[]-._") if fit else ""


def _paragraph(story: Story) -> str:
    sources = ", ".join(f'<a href="{escape(link)}">{escape(name)}</a>' for name, link in _sources(story))
    title = escape(plain_title(story.title))
    return f"<p>{title} ({sources})</p>" if sources else f"<p>{title}</p>"


def _sources(story: Story) -> Iterator[tuple[str, str]]:
    """Who reported it, best first, each address and each publisher once."""
    seen: set[str] = set()
    for article in story.articles:
        link = web_link(article.link)
        name = plain_title(article.credit, most=80) or (urlsplit(link).hostname or "").removeprefix("www.")
        if link and name and link not in seen and name not in seen and len(seen) < 2 * _MOST_SOURCES:
            seen |= {link, name}
            yield plain_line(name), link
