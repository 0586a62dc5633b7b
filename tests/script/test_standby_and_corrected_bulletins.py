"""Scripts of stand-bys and corrections."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletin.config.profile_options import ScriptOptions
from bulletin.errors import ConfigError
from bulletin.model import Passage, Role, Script, Sentence
from bulletin.normalization.load_pronunciation_lexicon import load_lexicon
from bulletin.script.standby_and_corrected_bulletins import write_evergreen, write_repeat
from tests.support.factories import make_words

SEVEN, EIGHT = datetime(2026, 11, 25, 7, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)
LEXICON = load_lexicon({}, language="en-GB")


def passage(role: Role, text: str, story: str = "") -> Passage:
    return Passage(
        role=role,
        sentences=(Sentence(text=text, spoken=text),),
        story_id=story,
        title=story.title(),
        by_second=True,
    )


AIRED = (
    passage(Role.OPENING, "It's seven o'clock."),
    passage(Role.HEADLINE, "Bridge to close.", "bridge"),
    passage(Role.STORY, "The bridge closes on Monday.", "bridge"),
    passage(Role.STORY, "A cat came home.", "cat"),
    passage(Role.CLOSING, "That's all."),
)


def earlier(**options: str) -> Script:
    return write_repeat(
        AIRED,
        heard_at=SEVEN,
        at=EIGHT,
        station=make_words(),
        options=ScriptOptions.model_validate(options),
        lexicon=LEXICON,
    )


def test_the_last_bulletin_again_says_that_it_is_from_earlier() -> None:
    script = earlier()

    assert script.opening.text.endswith(
        "Here again is the news that we brought you earlier, at seven o'clock."
    )
    assert [item.cuts[0].text for item in script.stories] == [
        "The bridge closes on Monday.",
        "A cat came home.",
    ]
    assert "seven o'clock" not in " ".join(item.cuts[0].text for item in script.stories)
    assert script.at == EIGHT


def test_a_repeated_bulletin_has_no_headlines_and_one_reader() -> None:
    script = earlier()

    assert all(item.headline is None for item in script.stories)
    assert not any(item.by_second for item in script.passages())
    assert [item.story.id for item in script.stories] == ["bridge", "cat"]


def test_the_evergreen_is_in_the_stations_own_words_if_it_has_any() -> None:
    def evergreen(words: str) -> Script:
        return write_evergreen(
            words, at=EIGHT, station=make_words(), options=ScriptOptions(), lexicon=LEXICON
        )

    assert evergreen("").opening.text.endswith("News returns at the next hour.")
    assert evergreen("Stay with {station}.").opening.text == f"Stay with {make_words().name}."
    assert evergreen("").stories == ()
    with pytest.raises(ConfigError, match=r"\[standby\] words: unknown field \{nmae\}"):
        evergreen("Stay with {nmae}.")


def test_the_evergreen_discloses_the_synthetic_voice() -> None:
    script = write_evergreen("", at=EIGHT, station=make_words(), options=ScriptOptions(), lexicon=LEXICON)

    assert "synthetic" in script.closing.text
    silent = ScriptOptions(disclosure="")
    assert (
        write_evergreen("", at=EIGHT, station=make_words(), options=silent, lexicon=LEXICON).closing.text
        == ""
    )


def test_an_earlier_bulletin_says_names_as_the_lexicon_has_them_now() -> None:
    """A respelling that an editor saved since holds in the stand-by, too."""
    script = write_repeat(
        [passage(Role.STORY, "Wexcombe closes the bridge.", "bridge")],
        heard_at=SEVEN,
        at=EIGHT,
        station=make_words(),
        options=ScriptOptions(),
        lexicon=LEXICON.with_respelled({"Wexcombe": "Wecks-kum"}),
    )

    assert script.stories[0].cuts[0].spoken == "Wecks-kum closes the bridge."
