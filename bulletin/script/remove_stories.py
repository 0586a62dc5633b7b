"""The script of a published bulletin, without some of its stories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bulletin.archive.records import Source
from bulletin.config.profile_options import ScriptOptions
from bulletin.errors import NoStoryError
from bulletin.model import Article, Passage, Role, Script, StationWords, Story, StoryScript
from bulletin.normalization.lexicon import Lexicon
from bulletin.script.station_words import StationPassages, load_station_passages


def write_again(
    aired: Sequence[Passage],
    *,
    without: Collection[str],
    title: str,
    at: datetime,
    sources: Mapping[str, Sequence[Source]],
    station: StationWords,
    options: ScriptOptions,
    lexicon: Lexicon,
) -> Script:
    """
    The script that was read out at `at`, word for word, without the stories of the ids `without`.

    The title says that it is a correction. Raises NoStoryError when no story is left, ConfigError for a language without
    phrases.
    """
    kept = [passage for passage in aired if passage.story_id not in without or not passage.story_id]
    stories = [passage for passage in kept if passage.role is Role.STORY]
    if not stories:
        raise NoStoryError(f"{title}: told nothing else")
    own = load_station_passages(at, station=station, options=options, lexicon=lexicon)
    heads = {p.story_id: p for p in kept if p.role is Role.HEADLINE}
    said = _first(kept, Role.OPENING)
    opening, later = _openings(said, own)
    pattern = own.phrases.table["title"]["correction"]
    return Script(
        station=station,
        title=title if title.startswith(pattern.format(title="")) else pattern.format(title=title),
        at=at,
        ident=_first(kept, Role.IDENT),
        opening=opening,
        opening_later=later,
        stories=tuple(
            StoryScript(
                story=story_of(passage, sources.get(passage.story_id, ()), at),
                cuts=(passage,),
                headline=heads.get(passage.story_id),
            )
            for passage in stories
        ),
        closing=_first(kept, Role.CLOSING) or own.closing(),
    )


def _first(passages: Sequence[Passage], role: Role) -> Passage | None:
    return next((passage for passage in passages if passage.role is role), None)


def _openings(said: Passage | None, own: StationPassages) -> tuple[Passage, Passage | None]:
    """The opening with the time for the air, and without it for later; the one that was read is read again."""
    if said is None or said.is_timed:
        return said or own.opening(is_timed=True), own.opening(is_timed=False)
    timed = own.opening(is_timed=True)
    # Words that tell no time, a stand-by's for instance, are the same for everybody.
    is_usual = said.text == own.opening(is_timed=False).text
    return (timed, said) if is_usual and timed.is_timed else (said, None)


def story_of(passage: Passage, sources: Sequence[Source], at: datetime) -> Story:
    """A story with only those fields of its articles that the run record holds."""
    bare = Article(
        id=passage.story_id, feed="", title=passage.title, summary="", text=passage.text, published=at
    )
    articles = tuple(
        replace(bare, id=source.article_id, feed=source.feed, link=source.link, credit=source.credit)
        for source in sources
    )
    return Story(id=passage.story_id, articles=articles or (bare,))
