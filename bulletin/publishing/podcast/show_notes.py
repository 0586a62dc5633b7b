"""Bulletin -> show notes: its stories and their sources, as HTML paragraphs with links. Pure."""

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
"""Sources of one story: more links would cost stories."""

_MOST_LINK = 1000
"""Characters; a longer address is a tracker or an attack."""


def show_notes(bulletin: Bulletin, *, most_bytes: int = MOST_BYTES) -> str:
    """
    One paragraph for each story, in running order: its title and its sources as links.

    Stories beyond `most_bytes` are left out. Text from feeds is escaped; only http and https links are used.
    """
    stories = {item.story.id: item.story for item in bulletin.script.stories}
    notes: list[str] = []
    room = most_bytes
    for story in (stories[story_id] for story_id in bulletin.story_ids if story_id in stories):
        paragraph = _paragraph(story)
        room -= len(paragraph.encode("utf-8"))
        if room < 0:
            break
        notes.append(paragraph)
    return "".join(notes) or f"<p>{escape(plain_title(bulletin.script.title))}</p>"


def describe_station(station: StationWords) -> str:
    """Default description of the podcast: the station, and in English that the voice is synthetic."""
    frequencies = " & ".join(station.frequencies)
    where = f"{station.name}, {frequencies} {station.band}".strip() if frequencies else station.name
    slogan = f" {station.slogan.rstrip('.')}." if station.slogan else ""
    if station.language.partition("-")[0] == "en":
        return f"The latest news from {where}.{slogan} Read by a synthetic voice."
    return f"{where}.{slogan}"


def web_link(address: str) -> str:
    """The address, encoded for a document; "" when it is not http(s), or holds a secret."""
    line = address.strip()
    try:
        parts = urlsplit(line)
        is_usable = parts.scheme in {"http", "https"} and parts.hostname and len(line) <= _MOST_LINK
        is_usable = is_usable and may_be_published(line)
    except ValueError:
        return ""
    # "%" stays: the address is encoded already
    return quote(line.encode("utf-8", "ignore"), safe="%/:=&?~#+!$,;'@()*[]-._") if is_usable else ""


def _paragraph(story: Story) -> str:
    sources = ", ".join(f'<a href="{escape(link)}">{escape(name)}</a>' for name, link in _sources(story))
    title = escape(plain_title(story.title))
    return f"<p>{title} ({sources})</p>" if sources else f"<p>{title}</p>"


def _sources(story: Story) -> Iterator[tuple[str, str]]:
    """Name and link of each publisher, best first, each once."""
    seen: set[str] = set()
    for article in story.articles:
        link = web_link(article.link)
        name = plain_title(article.credit, most=80) or (urlsplit(link).hostname or "").removeprefix("www.")
        if link and name and link not in seen and name not in seen and len(seen) < 2 * _MOST_SOURCES:
            seen |= {link, name}
            yield plain_line(name), link
