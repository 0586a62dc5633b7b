"""Scripts of aired bulletins: the last one again as a stand-by, and a published one without some stories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bulletin.archive.record_dataclasses import Source
from bulletin.config.profile_options import ScriptOptions
from bulletin.errors import NoStoryError
from bulletin.language.load_station_phrases import episode_title
from bulletin.model import Article, Passage, Role, Script, StationWords, Story, StoryScript
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.opening_and_closing import StationPassages
from bulletin.script.say_names_anew import say_passage_anew


def write_repeat(
    aired: Sequence[Passage],
    *,
    heard_at: datetime,
    at: datetime,
    station: StationWords,
    options: ScriptOptions,
    lexicon: Lexicon,
) -> Script:
    """
    The stories of the bulletin of `heard_at` for the slot at `at`, with that time in the opening.

    No headlines and no time check: neither is true any more. Names are said as the lexicon has them now. Raises ConfigError for a language without phrases.
    """
    passages = StationPassages(station=station, at=heard_at, options=options, lexicon=lexicon)
    return Script(
        station=station,
        title=episode_title(at, zone=station.time_zone, phrases=passages.phrases),
        at=at,
        ident=passages.ident(),
        opening=passages.earlier(),
        stories=tuple(
            StoryScript(
                story=story_from_passage(passage, (), heard_at),
                cuts=(say_passage_anew(replace(passage, by_second=False), station=station, lexicon=lexicon),),
            )
            for passage in aired
            if passage.role is Role.STORY
        ),
        closing=passages.closing(),
    )


def write_evergreen(
    words: str, *, at: datetime, station: StationWords, options: ScriptOptions, lexicon: Lexicon
) -> Script:
    """
    The station's name and the return of the news, in the profile's `words` or the language's; no story.

    Raises ConfigError for a language without phrases and for a field that does not exist.
    """
    passages = StationPassages(station=station, at=at, options=options, lexicon=lexicon)
    return Script(
        station=station,
        title=episode_title(at, zone=station.time_zone, phrases=passages.phrases),
        at=at,
        opening=passages.evergreen(words),
        stories=(),
        closing=passages.disclosure_alone(),
    )


def write_without_stories(
    aired: Sequence[Passage],
    *,
    without: Collection[str],
    title: str,
    at: datetime,
    sources: Mapping[str, Sequence[Source]],
    station: StationWords,
    options: ScriptOptions,
    lexicon: Lexicon,
    corrected_title: str = "",
) -> Script:
    """
    The script that was read out at `at`, word for word, without the stories of the ids `without`.

    The title says that it is a correction. With `corrected_title`, the title of a story whose words `aired` has in a
    corrected form, the notes name that story, and none is dropped for want of time. Raises NoStoryError when no story is
    left, ConfigError for a language without phrases.
    """
    remaining = [passage for passage in aired if passage.story_id not in without or not passage.story_id]
    stories = [passage for passage in remaining if passage.role is Role.STORY]
    if not stories:
        raise NoStoryError(f"{title}: no other story is left for a corrected bulletin")
    passages = StationPassages(station=station, at=at, options=options, lexicon=lexicon)
    heads = {p.story_id: p for p in remaining if p.role is Role.HEADLINE}
    first = {passage.role: passage for passage in reversed(remaining)}
    opening, later = _openings(first.get(Role.OPENING), passages)
    pattern = passages.phrases.table["title"]["correction"]
    return Script(
        station=station,
        title=title if title.startswith(pattern.format(title="")) else pattern.format(title=title),
        at=at,
        ident=first.get(Role.IDENT),
        opening=opening,
        opening_later=later,
        stories=tuple(
            StoryScript(
                story=story_from_passage(passage, sources.get(passage.story_id, ()), at),
                cuts=(passage,),
                headline=heads.get(passage.story_id),
                is_required=bool(corrected_title),
            )
            for passage in stories
        ),
        closing=first.get(Role.CLOSING) or passages.closing(),
        correction=pattern.format(title=corrected_title) if corrected_title else "",
    )


def _openings(first_opening: Passage | None, passages: StationPassages) -> tuple[Passage, Passage | None]:
    """The opening with the time for the air, and without it for later; the aired one is read again."""
    if first_opening is None or first_opening.is_timed:
        return first_opening or passages.opening(is_timed=True), passages.opening(is_timed=False)
    timed = passages.opening(is_timed=True)
    # An opening without a time, a stand-by's for instance, is the same for all listeners.
    is_usual = first_opening.text == passages.opening(is_timed=False).text
    return (timed, first_opening) if is_usual and timed.is_timed else (first_opening, None)


def story_from_passage(passage: Passage, sources: Sequence[Source], at: datetime) -> Story:
    """A story with only those fields of its articles that the run record holds."""
    bare = Article(
        id=passage.story_id, feed="", title=passage.title, summary="", text=passage.text, published=at
    )
    articles = tuple(
        replace(bare, id=source.article_id, feed=source.feed, link=source.link, credit=source.credit)
        for source in sources
    )
    return Story(id=passage.story_id, articles=articles or (bare,))
