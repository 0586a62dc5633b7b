"""Bulletin -> show notes: its stories and their sources, as HTML paragraphs with links. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from bulletin.model import Bulletin, RecordedClip, StationWords, Story
from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title
from bulletin.publishing.podcast_urls import web_link

MOST_BYTES = 4000
"""Apple shows no more of a description (podcasters.apple.com, "podcast RSS feed requirements")."""

_MOST_SOURCES = 4
"""Sources of one story: more links would cost stories."""


def show_notes(bulletin: Bulletin, *, most_bytes: int = MOST_BYTES) -> str:
    """
    One paragraph for each story, in running order: its title and its sources as links; and one for each recorded
    voice in it: speaker, credit and rights note.

    A bulletin with corrected words begins with a note that says so, one whose voice imitates a person with a note about
    it. Stories beyond `most_bytes` are left out. Text from feeds is escaped; only http and https links are used.
    """
    stories = {item.story.id: item.story for item in bulletin.script.stories}
    recordings: dict[str, list[RecordedClip]] = {}
    for passage in bulletin.aired:
        recordings.setdefault(passage.story_id, []).extend(passage.recordings)
    before = (plain_title(bulletin.script.correction), plain_line(bulletin.likeness))
    notes = [f"<p>{escape(note)}</p>" for note in before if note]
    room = most_bytes - len("".join(notes).encode("utf-8"))
    for story in (stories[story_id] for story_id in bulletin.story_ids if story_id in stories):
        paragraph = _paragraph(story, recordings.get(story.id, ()))
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


def name_sources(credits_and_links: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Name and link of each publisher, best first, each name and each link once; the link may be empty."""
    sources: dict[str, str] = {}
    for credit, address in credits_and_links:
        link = web_link(address)
        name = plain_title(credit, most=80) or (urlsplit(link).hostname or "").removeprefix("www.")
        if name and name not in sources and (not link or link not in sources.values()):
            sources[name] = link
    return list(sources.items())


def _paragraph(story: Story, recordings: Iterable[RecordedClip]) -> str:
    articles = ((article.credit, article.link) for article in story.articles if web_link(article.link))
    sources = ", ".join(
        f'<a href="{escape(link)}">{escape(name)}</a>'
        for name, link in name_sources(articles)[:_MOST_SOURCES]
    )
    title = escape(plain_title(story.title))
    said = "".join(f"<p>{escape(line)}</p>" for line in map(credit_line, recordings) if line)
    return f"<p>{title} ({sources})</p>{said}" if sources else f"<p>{title}</p>{said}"


def credit_line(recording: RecordedClip) -> str:
    """
    Speaker, credit and rights note of a recorded voice; empty without any of them.

    >>> credit_line(RecordedClip(sha256="", duration_s=1.0, speaker="Ann Fox", credit="BBC", rights="by permission"))
    'Ann Fox: BBC, by permission'
    """
    rights = ", ".join(filter(None, (plain_line(recording.credit), plain_line(recording.rights))))
    return ": ".join(filter(None, (plain_line(recording.speaker), rights)))
