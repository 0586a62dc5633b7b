"""Weather reports from forecast figures: one for each part of the day, nothing added."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.articles.feeds.feed_to_articles import adapt, relabel
from bulletin.articles.parsed_feed import FeedDocument, Forecast, ForecastSpan, SkySymbol
from bulletin.articles.weather.forecast_to_articles import report_forecast
from bulletin.model import Article, Feed, Recording

MIDNIGHT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Midnight of a Tuesday in winter, when London is on UTC."""
FEED = Feed(url="https://f.example/", name="sky", category="weather")


def hour(n: int, **changes: Any) -> ForecastSpan:
    fields: dict[str, Any] = {
        "start": MIDNIGHT + timedelta(hours=n),
        "hours": 1,
        "sky": SkySymbol(cover="cloudy"),
        "temperature_c": 7.0,
        "wind_mps": 3.0,
        "wind_from_deg": 225.0,
    }
    return ForecastSpan(**(fields | changes))


def forecast(*spells: ForecastSpan) -> Forecast:
    return Forecast(service="MET Norway", licence="https://met.example/licence", spells=spells)


def reports(*spells: ForecastSpan, at: int = 7, feed: Feed = FEED) -> tuple[Article, ...]:
    return report_forecast(forecast(*spells), feed, now=MIDNIGHT + timedelta(hours=at))[0]


def day(**changes: Any) -> list[ForecastSpan]:
    return [hour(n, **changes) for n in range(60)]


def test_the_morning_report_covers_day_and_night() -> None:
    spells = [
        hour(n, temperature_c=float(n), sky=SkySymbol(cover="fair") if n < 18 else SkySymbol(cover="clear"))
        for n in range(30)
    ]

    article = reports(*spells)[0]

    assert article.text == (
        "This morning will be mostly sunny, with a high of 11 degrees. "
        "Expect mostly sunny conditions this afternoon, and up to 17 degrees. "
        "The lowest temperature tonight will be 18 degrees, under clear skies."
    )
    assert article.title == "This morning will be mostly sunny, with a high of 11 degrees"
    assert (article.category, article.credit, article.link) == (
        "weather",
        "MET Norway",
        "https://met.example/licence",
    )


def test_a_report_for_each_part_of_the_coming_day_one_at_a_time() -> None:
    articles = reports(*day())

    assert [article.text.partition(" will")[0] for article in articles] == [
        "This morning",
        "This afternoon",
        "Tonight",
        "The rest of the night",
        "This morning",
    ]
    assert len({article.id for article in articles}) == 5
    for before, after in itertools.pairwise(articles):
        assert before.expires == after.not_before
    assert articles[0].not_before == MIDNIGHT + timedelta(hours=5, minutes=45)
    assert articles[2].text.startswith(
        "Tonight will be cloudy, with a low of 7 degrees. Expect cloudy conditions on Wednesday, and up to"
    )


@pytest.mark.parametrize(
    ("sky", "sentence"),
    [
        (SkySymbol(falls="rain"), "This morning will bring rain, with a high of 7 degrees."),
        (
            SkySymbol(falls="rain", strength="heavy", is_showery=True, has_thunder=True),
            "This morning will bring heavy showers and thunder, with a high of 7 degrees.",
        ),
        (
            SkySymbol(falls="snow", strength="light", is_showery=True),
            "This morning will bring light snow showers, with a high of 7 degrees.",
        ),
        (SkySymbol(cover="fog"), "This morning will be foggy, with a high of 7 degrees."),
        (None, "This morning will see a high of 7 degrees."),
    ],
)
def test_sky_conditions(sky: SkySymbol | None, sentence: str) -> None:
    assert reports(*day(sky=sky))[0].text.startswith(sentence)


def test_rain_in_some_of_the_hours_falls_at_times() -> None:
    spells = [
        hour(n, sky=SkySymbol(falls="rain", strength="light") if n in (8, 9) else None) for n in range(30)
    ]
    spells[7] = hour(7, sky=SkySymbol(cover="partly"))

    assert reports(*spells)[0].text.startswith(
        "This morning will be partly cloudy, with light rain at times and"
    )


@pytest.mark.parametrize(
    ("degrees", "words"),
    [
        (1.2, "1 degree."),
        (-1.4, "minus 1 degree."),
        (-3.6, "minus 4 degrees."),
        (0.2, "0 degrees."),
        (-0.3, "0 degrees."),
    ],
)
def test_degrees(degrees: float, words: str) -> None:
    assert reports(*day(temperature_c=degrees))[0].text.split("a high of ")[1].startswith(words)


def test_a_noticeable_wind_is_reported() -> None:
    calm, breezy = reports(*day(wind_mps=7.9))[0].text, reports(*day(wind_mps=9.0))[0].text
    gale = reports(*day(wind_mps=18.0, gust_mps=28.0, wind_from_deg=358.0))[0].text

    assert "winds" not in calm
    assert breezy.endswith("It will be breezy, with south-westerly winds of up to 20mph.")
    assert gale.endswith("It will be very windy, with northerly winds of up to 40mph, gusting to 63mph.")


@pytest.mark.parametrize(
    ("language", "high", "wind"),
    [("en-GB", "10 degrees", "22mph"), ("en-US", "50 degrees", "22mph"), ("en-IE", "10 degrees", "36km/h")],
)
def test_units_are_the_stations(language: str, high: str, wind: str) -> None:
    feed = Feed(url="f", name="sky", language=language)

    text = reports(*day(temperature_c=10.0, wind_mps=10.0), feed=feed)[0].text

    assert high in text
    assert wind in text


def test_unknown_figures_are_left_out() -> None:
    unknown = reports(*day(temperature_c=None, wind_mps=None))[0].text

    assert unknown == (
        "This morning will be cloudy. Expect cloudy conditions this afternoon. Skies tonight will be cloudy."
    )
    assert reports(*day(temperature_c=None, wind_mps=None, sky=None)) == ()
    assert len(reports(*(hour(n) for n in range(7, 12)))) == 1


def test_past_hours_do_not_count() -> None:
    spells = [hour(n, temperature_c=30.0 if n < 9 else 5.0) for n in range(30)]

    assert "a high of 5 degrees" in reports(*spells, at=10)[0].text


def test_a_station_far_away_has_its_own_morning() -> None:
    feed = Feed(url="f", name="sky", time_zone="America/New_York")

    assert reports(*day(), at=12, feed=feed)[0].text.startswith("This morning")
    assert reports(*day(), at=9, feed=feed)[0].text.startswith("The rest of the night")


def test_the_day_that_the_clocks_go_back_has_no_gap() -> None:
    now = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    spells = [hour(0, start=now + timedelta(hours=n)) for n in range(60)]

    articles, _ = report_forecast(forecast(*spells), FEED, now=now)

    for before, after in itertools.pairwise(articles):
        assert before.expires == after.not_before


def test_another_language_has_no_words_for_it_yet_and_says_so() -> None:
    articles, notes = report_forecast(
        forecast(*day()), Feed(url="f", name="sky", language="de-DE"), now=MIDNIGHT
    )

    assert articles == ()
    assert notes == ("forecasts are written in English only, not in de-DE",)


def test_an_old_forecast_says_so_and_makes_nothing() -> None:
    articles, notes = adapt(FeedDocument(forecast=forecast(*day())), FEED, now=MIDNIGHT + timedelta(days=9))

    assert articles == ()
    assert notes == ("the forecast has no data for the coming hours",)


def test_a_recorded_forecast_moves_with_the_clock() -> None:
    feed = Feed(url="f", name="sky", recording=Recording(made_at=MIDNIGHT + timedelta(hours=7)))

    [first, *_] = report_forecast(forecast(*day()), feed, now=MIDNIGHT + timedelta(days=90, hours=9))[0]

    assert first.text.startswith("This morning")


def test_a_remembered_report_stays_weather_and_keeps_its_credit() -> None:
    article = relabel(reports(*day())[0], Feed(url="f", name="sky"))

    assert (article.category, article.credit) == ("weather", "MET Norway")
    assert relabel(article, Feed(url="f", name="sky", credit="Us")).credit == "Us"


@given(
    st.lists(
        st.builds(
            hour,
            st.integers(0, 59),
            hours=st.sampled_from([1, 6]),
            sky=st.sampled_from(
                [
                    None,
                    SkySymbol(cover="fair"),
                    SkySymbol(falls="sleet"),
                    SkySymbol(falls="rain", has_thunder=True),
                ]
            ),
            temperature_c=st.none() | st.floats(-40, 45),
            wind_mps=st.none() | st.floats(0, 60),
            gust_mps=st.none() | st.floats(0, 80),
            wind_from_deg=st.none() | st.floats(0, 360),
        ),
        max_size=30,
    ),
    st.integers(0, 47),
)
def test_every_number_is_one_of_the_figures(spells: list[ForecastSpan], at: int) -> None:
    for article in reports(*spells, at=at):
        degrees = {abs(round(s.temperature_c)) for s in spells if s.temperature_c is not None}
        speeds = {
            round(value * 2.23694) for s in spells for value in (s.wind_mps, s.gust_mps) if value is not None
        }
        assert {int(n) for n in re.findall(r"(\d+) degree", article.text)} <= degrees
        assert {int(n) for n in re.findall(r"(\d+)mph", article.text)} <= speeds
        assert not re.search(r"\bnone\b|unknown|missing|available|nan", article.text, re.IGNORECASE)


@pytest.mark.parametrize(
    "sky", [None, SkySymbol(cover="fair"), SkySymbol(falls="rain"), SkySymbol(cover="fog")]
)
@pytest.mark.parametrize("degrees", [None, 8.0])
def test_no_two_sentences_of_a_report_are_alike(sky: SkySymbol | None, degrees: float | None) -> None:
    """The script drops a sentence if three of four words were spoken before."""
    for article in reports(*day(sky=sky, temperature_c=degrees, wind_mps=12.0)):
        word_sets = [set(re.findall(r"[\w-]+", s.casefold())) for s in article.text.rstrip(".").split(". ")]
        for words, other_words in itertools.combinations(word_sets, 2):
            assert len(words & other_words) <= 0.75 * min(len(words), len(other_words)), article.text
