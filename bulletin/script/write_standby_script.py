"""Stand-by script, for a slot without a fresh bulletin: the last bulletin again, or that news returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bulletin.config.profile_options import ScriptOptions
from bulletin.language.phrases import episode_title
from bulletin.model import Passage, Role, Script, StationWords, StoryScript
from bulletin.normalization.lexicon import Lexicon
from bulletin.script.remove_stories import story_from_passage
from bulletin.script.station_words import load_station_passages


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
    The stories of the bulletin that was heard at `heard_at`, for the slot at `at`, saying that they are from then.

    No headlines and no time check: neither is true any more. Raises ConfigError for a language without phrases.
    """
    passages = load_station_passages(heard_at, station=station, options=options, lexicon=lexicon)
    return Script(
        station=station,
        title=episode_title(at, zone=station.time_zone, phrases=passages.phrases),
        at=at,
        ident=passages.ident(),
        opening=passages.earlier(),
        stories=tuple(
            StoryScript(
                story=story_from_passage(passage, (), heard_at), cuts=(replace(passage, by_second=False),)
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
    Who we are and that news returns, in the profile's `words` or the language's; no story.

    Raises ConfigError for a language without phrases and for a field that does not exist.
    """
    passages = load_station_passages(at, station=station, options=options, lexicon=lexicon)
    return Script(
        station=station,
        title=episode_title(at, zone=station.time_zone, phrases=passages.phrases),
        at=at,
        opening=passages.evergreen(words),
        stories=(),
        closing=passages.disclosure_alone(),
    )
