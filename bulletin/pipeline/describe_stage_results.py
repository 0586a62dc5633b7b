"""Result of each stage of a run -> a line of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bulletin.audio.metering.quality_report import clock
from bulletin.model import Bulletin, Chosen, Episode, Gathered, Passage, Script, Spoken, StoryScript


def counted(number: int, singular: str, plural: str = "") -> str:
    """ "1 story", "2 stories"."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def explain_no_story(gathered: Gathered, chosen: Chosen) -> str:
    """Message of NoStoryError: no network, no articles, or none usable; with the reason of each feed and story."""
    failed = [report for report in gathered.reports if report.reason]
    lines = [f"  {report.feed.name}: {report.reason}" for report in failed]
    if gathered.reports and not gathered.reached:
        if any(report.bytes_read for report in gathered.reports):
            head = "no feed could be read; the last bulletin stays."
        else:
            head = "no feed could be reached; check the network. The last bulletin stays."
    elif not gathered.articles and not gathered.reports:
        head = "there are no feeds yet: `bulletin feeds add URL` finds a site's; the last bulletin stays."
    elif not gathered.articles:
        head = "the feeds gave no article; the last bulletin stays."
    else:
        head = f"none of {len(gathered.articles)} articles is usable; the last bulletin stays."
        lines += [f"  {rejected.title}: {rejected.reason}" for rejected in chosen.left[:10]]
    return "\n".join([head, *lines])


def describe_relaxed_limits(chosen: Chosen) -> tuple[str, ...]:
    """The limits of [stories] that were exceeded to fill the length, with the number of stories."""
    notes = Counter(r.note for story in chosen.stories for r in story.reasons if r.name == "reserve")
    return tuple(
        f"[stories] {note} ({counted(count, 'more story', 'more stories')})" for note, count in notes.items()
    )


def describe_unread(script: Script) -> tuple[str, ...]:
    """A note for each sentence in two scripts, which no voice can read: title of its story, reason, sentence."""
    return tuple(
        f'"{_title(item)}": sentence left out, {text}' for item in script.stories for text in item.unread
    )


def unread_of(notes: Iterable[str], passage: Passage) -> tuple[str, ...]:
    """Those notes of a bulletin that `describe_unread` made of the story of a passage, without its title."""
    head = f'"{passage.title}": sentence left out, '
    return tuple(note.removeprefix(head) for note in notes if note.startswith(head))


def _title(item: StoryScript) -> str:
    """As its passages have it."""
    return item.cuts[-1].title if item.cuts else item.story.title


def summarize_gathering(gathered: Gathered) -> str:
    reports = gathered.reports
    articles = counted(len(gathered.articles), "article")
    return f"{articles} from {gathered.reached} of {counted(len(reports), 'feed')}"


def summarize_choice(chosen: Chosen) -> str:
    return f"{counted(len(chosen.stories), 'story', 'stories')}, {len(chosen.left)} left out"


def summarize_script(script: Script) -> str:
    words = sum(len(item.cuts[-1].spoken.split()) for item in script.stories)
    return f"{counted(len(script.stories), 'story', 'stories')}, up to {words} words"


def summarize_speech(spoken: Spoken) -> str:
    also = f" and {spoken.second.engine} ({spoken.second.name})" if spoken.second else ""
    return f"{counted(len(spoken.clips), 'passage')} by {spoken.voice.engine} ({spoken.voice.name}){also}"


def summarize_mix(bulletin: Bulletin) -> str:
    made = bulletin.renditions[0]
    kinds = ", ".join(dict.fromkeys(rendition.kind for rendition in bulletin.renditions))
    stories = counted(len(bulletin.story_ids), "story", "stories")
    return f"{kinds}: {clock(made.duration_s)}, {stories}"


def summarize_examination(bulletin: Bulletin) -> str:
    files = counted(len(bulletin.renditions), "file")
    warnings = sum(len(made.quality.warnings) for made in bulletin.renditions if made.quality)
    return f"{files} passed" + (f", {counted(warnings, 'warning')}" if warnings else "")


def summarize_publication(episodes: tuple[Episode, ...]) -> str:
    title = episodes[0].title if episodes else ""
    out = ", ".join(episode.outlet for episode in episodes if not episode.kept_back)
    return "; ".join(filter(None, (f"{out}: {title}" if out else "", *describe_kept_back(episodes))))


def describe_kept_back(episodes: Iterable[Episode]) -> tuple[str, ...]:
    """The outlets that kept their newer bulletin, and why."""
    return tuple(
        f"{episode.outlet}: not published, {episode.kept_back}" for episode in episodes if episode.kept_back
    )
