"""Own stories for several stations: each gets a copy of its own, which its editors may remove."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import UnknownStoryError
from bulletin.model import Article
from bulletin.newsroom.actions.own_stories import OwnStory, add_own_story, remove_own_story
from bulletin.newsroom.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStory:
    """A story, and the stations that have it."""

    article: Article
    stations: tuple[str, ...]
    other_language: tuple[str, ...] = ()
    """Stations left out: they do not speak its language."""


def share_own_story(
    desk: Desk, story: OwnStory, *, others: Sequence[LoadedProfile], key: str = ""
) -> SharedStory:
    """
    Add a story for the station of the desk and for others; a station that speaks another language is left out.

    The caller has checked that the editor may edit at each. Raises as `add_own_story`, before anything is shared.
    """
    article = add_own_story(desk, story, key=key)
    language = desk.loaded.profile.language
    shared, left = [desk.station], []
    for loaded in others:
        if loaded.id in shared:
            continue
        if not _speaks(loaded, language):
            left.append(loaded.id)
            continue
        add_own_story(replace(desk, loaded=loaded), story, key=f"{key}-{loaded.id}" if key else "")
        shared.append(loaded.id)
    return SharedStory(article=article, stations=tuple(shared), other_language=tuple(left))


def remove_shared_story(desk: Desk, *, story: str, others: Iterable[LoadedProfile]) -> tuple[str, ...]:
    """
    Remove a story from the station of the desk and from others; return those that had it.

    Raises UnknownStoryError where none has it, ArchiveError.
    """
    removed: list[str] = []
    problem: UnknownStoryError | None = None
    for loaded in {loaded.id: loaded for loaded in (desk.loaded, *others)}.values():
        try:
            remove_own_story(replace(desk, loaded=loaded), story=story)
            removed.append(loaded.id)
        except UnknownStoryError as error:
            problem = problem or error
    if not removed and problem:
        raise problem
    return tuple(removed)


def _speaks(loaded: LoadedProfile, language: str) -> bool:
    """Whether the station reads bulletins of that language, whatever the country."""
    profile = loaded.profile
    spoken = {tag.partition("-")[0] for tag in (profile.language, *profile.speech.languages)}
    return language.partition("-")[0] in spoken
