from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bulletin.config.profile_options import ScriptOptions
from bulletin.errors import ConfigError
from bulletin.language.english_grammar_parser import parser_problem
from bulletin.language.split_sentences import count_words
from bulletin.model import Cut, Role, Script, Section, Story
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.write_script import write_script
from tests.support.factories import make_article, make_story, make_words

AT = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)

LONG_TEXT = """\
Wexcombe council agreed on Monday night to rebuild the swimming pool on Mill Lane.

The council said the work would cost four million pounds and take two years.

Councillors voted for the plan by thirty to twelve, the council said.

The council said the pool was shut in March because engineers had found cracks in its roof.

Joan Pike, who leads the council, said on Tuesday that Wexcombe had waited long enough for its pool.

The council said builders would begin work on the pool in the first week of February.

The county council said it would pay for a third of the work on the pool in Wexcombe.

Opposition councillors argued that the council should spend the money on roads in Wexcombe.
"""


def write(*stories: Story, at: datetime = AT, words: dict[str, Any] | None = None, **options: Any) -> Script:
    return write_script(
        stories,
        station=make_words(**(words or {})),
        at=at,
        options=ScriptOptions(**options),
        lexicon=Lexicon(),
    )


def pool_story(**changes: Any) -> Story:
    article = make_article(id="pool", title="Council agrees to rebuild pool", text=LONG_TEXT)
    return make_story(article, **changes)


def test_a_story_that_comes_back_is_shorter_each_time() -> None:
    story, texts = pool_story(), []
    for times in range(4):
        back = replace(story, times_aired=times, last_said=texts[-1] if texts else "")
        texts.append(write(back).stories[0].cuts[-1].text)

    assert [len(text.split()) for text in texts] == sorted(
        (len(text.split()) for text in texts), reverse=True
    )
    assert len(texts[0]) > len(texts[1]) > len(texts[2]) >= len(texts[3]) > 0
    assert texts[0].startswith(texts[1])
    assert texts[1].startswith(texts[2])


def test_a_story_that_comes_back_is_offered_short_only() -> None:
    [story_script] = write(pool_story(times_aired=1)).stories

    assert [cut.cut for cut in story_script.cuts] == [Cut.SHORT]


def test_the_credit_does_not_make_a_repeat_longer() -> None:
    first = write(pool_story(), credit_sources=True).stories[0].cuts[0].text

    again = write(pool_story(times_aired=1, last_said=first), credit_sources=True).stories[0].cuts[-1].text

    assert len(again.split()) < len(first.split())


def test_the_opening_names_station_frequencies_and_time() -> None:
    opening = write(make_story(), ident="none").opening

    assert (
        opening.text
        == "Good morning. It's seven o'clock. Here is the news from Wexcombe Radio, on 103.5 and 105.3 FM."
    )
    assert opening.is_timed


def test_frequencies_in_the_ident_are_not_repeated_in_the_opening() -> None:
    opening = write(make_story()).opening

    assert opening.text == "Good morning. It's seven o'clock. Here is the news from Wexcombe Radio."
    assert opening.is_timed


def test_an_opening_from_the_profile_is_used_as_written() -> None:
    opening = write(make_story(), opening="News on {frequencies}.").opening

    assert opening.text == "News on 103.5 and 105.3 FM."


def test_without_a_time_check_the_opening_fits_any_time() -> None:
    opening = write(make_story(), time_check=False).opening

    assert "seven" not in opening.text
    assert not opening.is_timed


def test_the_ident_and_the_closing_name_the_frequencies() -> None:
    script = write(make_story())

    assert script.ident is not None
    assert script.ident.text == "This is Wexcombe Radio, on 103.5 and 105.3 FM."
    assert "103.5 and 105.3 FM" in script.closing.text


def test_the_ident_may_have_no_voice() -> None:
    assert write(make_story(), ident="none").ident is None


def test_a_station_without_frequencies_names_none() -> None:
    script = write(make_story(), words={"frequencies": ()})

    assert script.opening.sentences[-1].text == "Here is the news from Wexcombe Radio."
    assert "FM" not in script.closing.text


@pytest.mark.parametrize(
    ("disclosure", "expected"),
    [(None, "synthetic"), ("Read by a machine.", "Read by a machine."), ("", None)],
)
def test_the_closing_says_that_the_voice_is_synthetic(disclosure: str | None, expected: str | None) -> None:
    closing = write(make_story(), disclosure=disclosure).closing

    if expected is None:
        assert len(closing.sentences) == 1
    else:
        assert expected in closing.sentences[-1].text


def test_fields_of_custom_phrases_are_filled_in() -> None:
    script = write(make_story(), opening="{time} on {day}. {station}. {slogan}, every {daypart}.")

    assert [sentence.text for sentence in script.opening.sentences] == [
        "Seven o'clock on Wednesday.",
        "Wexcombe Radio.",
        "The sound of the valley, every morning.",
    ]
    assert script.opening.is_timed


@pytest.mark.parametrize(
    ("key", "template"),
    [
        ("opening", "News from {place}."),
        ("closing", "{station.name}"),
        ("ident", "{0}"),
        ("closing", "{time!r}"),
    ],
)
def test_a_field_that_does_not_exist_is_named(key: str, template: str) -> None:
    with pytest.raises(ConfigError, match=rf"\[script\] {key}: unknown field"):
        write(make_story(), **{key: template})


def test_a_stray_brace_is_a_mistake_of_the_profile() -> None:
    with pytest.raises(ConfigError, match="brace"):
        write(make_story(), opening="News {station.")


def test_longer_cuts_begin_with_the_shorter_ones() -> None:
    (story_script,) = write(pool_story()).stories

    assert [cut.cut for cut in story_script.cuts] == [Cut.SHORT, Cut.NORMAL, Cut.LONG]
    short, normal, long = (cut.sentences for cut in story_script.cuts)
    assert normal[: len(short)] == short
    assert long[: len(normal)] == normal
    for cut, seconds in zip(story_script.cuts, (15, 25, 35), strict=True):
        assert seconds * 0.75 <= len(cut.spoken.split()) / 2.9 <= seconds * 1.25


def test_a_cut_is_rather_too_short_than_too_long() -> None:
    """59 + 26 words are closer to the 72 of 25 seconds than 59 alone, but exceed them by over a seventh."""
    text = """\
Wexcombe council agreed on Monday night to rebuild the swimming pool on Mill Lane in the middle of the town.

The council said the work on the pool in Wexcombe would cost four million pounds and take two years.

The council said the pool was shut in March because engineers had found cracks in its roof and its walls.

The council said builders from Wexcombe would begin work on the pool in the first week of February \
and would finish the roof in the summer.

The county council said it would pay for a third of the work on the pool in Wexcombe.
"""
    article = make_article(id="pool", title="Council agrees to rebuild pool", text=text)

    (story_script,) = write(make_story(article)).stories

    assert [(cut.cut, len(cut.sentences)) for cut in story_script.cuts] == [
        (Cut.SHORT, 2),
        (Cut.NORMAL, 3),
        (Cut.LONG, 5),
    ]


def test_little_text_makes_one_short_cut_and_no_padding() -> None:
    (story_script,) = write(make_story()).stories

    assert [cut.cut for cut in story_script.cuts] == [Cut.SHORT]


def test_every_sentence_of_a_story_has_its_origin() -> None:
    (story_script,) = write(pool_story()).stories

    for sentence in story_script.cuts[-1].sentences:
        (origin,) = sentence.origins
        assert origin.text in LONG_TEXT
        assert origin.article_id == "pool"
        assert origin.credit == "the Wexcombe Gazette"
        assert origin.link == "https://gazette.example/bridge"


def test_sources_are_credited_when_the_profile_says_so() -> None:
    (story_script,) = write(pool_story(), credit_sources=True).stories

    for cut in story_script.cuts:
        assert cut.sentences[0].text.startswith("The Wexcombe Gazette reports that Wexcombe council agreed")
        assert cut.text.count("Gazette") == 1


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        # 23:30 UTC is already the next day in British summer time, still the same day in New York
        ("Europe/London", "Wednesday"),
        ("America/New_York", "Tuesday"),
    ],
)
def test_yesterday_is_the_day_before_by_the_stations_own_clock(zone: str, day: str) -> None:
    article = make_article(
        title="Last ferry leaves Hallam Bridge",
        text="A ferry left Hallam Bridge in Wexcombe for the last time yesterday with three hundred people on board.",
        published=datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
    )

    (story_script,) = write(
        make_story(article), at=datetime(2026, 7, 3, 7, 0, tzinfo=UTC), words={"time_zone": zone}
    ).stories

    assert (
        story_script.cuts[0].text
        == f"A ferry left Hallam Bridge in Wexcombe for the last time on {day} with three hundred people on board."
    )


def pike_story(**changes: Any) -> Story:
    article = make_article(
        id="pike",
        title="Ferry builder Joan Pike has died aged 94",
        text="",
        summary="",
    )
    return make_story(article, **changes)


@pytest.mark.skipif(bool(parser_problem()), reason="without the parser no headline leads")
def test_a_story_with_only_a_headline_airs_the_headline() -> None:
    (story_script,) = write(pike_story(), headlines=0).stories

    assert story_script.headline is None
    assert story_script.cuts[0].text == "Ferry builder Joan Pike has died aged 94."
    assert story_script.cuts[0].sentences[0].origins[0].text == "Ferry builder Joan Pike has died aged 94"


@pytest.mark.skipif(bool(parser_problem()), reason="without the parser no headline leads")
def test_headlines_are_those_of_the_first_stories_in_order() -> None:
    unread = make_story(
        make_article(
            id="why",
            title="Wexcombe pool: what we know",
            text="A pool in Wexcombe opened on Monday after two years, the county council said.",
        )
    )

    script = write(unread, pool_story(), pike_story(), headlines=2)

    assert [item.headline is not None for item in script.stories] == [False, True, False]


def test_a_forecast_has_a_cut_of_ten_seconds() -> None:
    article = make_article(category="weather", text=LONG_TEXT)

    (story_script,) = write(make_story(article)).stories

    assert count_words(story_script.cuts[0].spoken) <= 2.9 * 10 * 1.2
    assert story_script.cuts[0].cut is Cut.SHORT


def test_only_the_first_stories_make_headlines() -> None:
    stories = [pool_story(id=str(number)) for number in range(5)]

    script = write(*stories, headlines=2)

    assert [item.headline is not None for item in script.stories] == [True, True, False, False, False]
    assert {passage.role for passage in script.passages()} == set(Role)


def test_weather_makes_no_headline() -> None:
    weather = make_story(make_article(category="weather"))

    script = write(weather, pool_story())

    assert script.stories[0].section is Section.WEATHER
    assert script.stories[0].headline is None
    assert script.stories[1].headline is not None


def test_a_single_story_has_no_headline() -> None:
    assert write(pool_story()).stories[0].headline is None


def test_a_story_without_text_is_left_out_with_the_reason() -> None:
    empty = make_story(make_article(text="", summary="", title="Nothing"))

    script = write(empty, pool_story())

    assert [item.story.id for item in script.stories] == ["pool"] or len(script.stories) == 1
    assert script.left[0].title == "Nothing"
    assert script.left[0].reason


def test_a_story_in_another_language_is_left_out() -> None:
    text = "Der Gemeinderat hat am Montag beschlossen, das alte Hallenbad an der Mühlgasse neu zu bauen."

    script = write(make_story(make_article(text=text)))

    assert not script.stories
    assert "language" in script.left[0].reason


def test_no_digit_reaches_the_voice() -> None:
    script = write(pool_story(), make_story())

    for passage in script.passages():
        assert not any(char.isdigit() for char in passage.spoken)


def test_an_opening_with_the_time_has_a_variant_without_it() -> None:
    timed, plain = write(make_story()), write(make_story(), time_check=False)

    assert timed.opening.is_timed
    assert timed.opening_later == plain.opening
    assert plain.opening_later is None


@pytest.mark.parametrize(
    ("language", "sentences", "unread"),
    [
        (
            "en-GB",
            (
                "Wexcombe council agreed on Monday night to rebuild the swimming pool on Mill Lane.",
                "The council said the firm 华为 would build the pool for four million pounds.",
                "The council said the work would take two years from the first week of February.",
            ),
            "Chinese: 华为",
        ),
        (
            "de",
            (
                "Der Rat der Stadt hat am Montag den Bau der neuen Brücke über die Wex beschlossen.",
                "Die Firma Рассвет soll die Brücke nach den Plänen der Stadt im Februar bauen.",
                "Die Arbeiten sollen nach den Worten der Stadt zwei Jahre dauern und viel Geld kosten.",
            ),
            "Cyrillic: Рассвет",
        ),
    ],
)
def test_a_sentence_in_two_scripts_is_left_out_and_named_with_its_reason(
    language: str, sentences: tuple[str, str, str], unread: str
) -> None:
    title = "Council agrees to rebuild pool" if language == "en-GB" else "Neue Brücke"
    article = make_article(title=title, summary="", text=" ".join(sentences))

    (item,) = write(make_story(article), words={"language": language}).stories

    assert sentences[0] in item.cuts[-1].text
    assert sentences[1] not in item.cuts[-1].text
    assert item.unread == (f'text in two scripts (Latin, and {unread}): "{sentences[1]}"',)


def test_a_story_of_one_sentence_in_two_scripts_is_left_out_with_this_reason() -> None:
    text = "Wexcombe council agreed on Monday night to buy a pool from 华为 of China."

    (left,) = write(make_story(make_article(title="Pool", summary="", text=text))).left

    assert "text in two scripts (Latin, and Chinese: 华为)" in left.reason
