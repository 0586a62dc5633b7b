"""Editor's choices through the pipeline: kill list, embargo, mood, shorter repeats."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.record_dataclasses import Kill
from bulletin.config.load_profile import load_profile
from bulletin.errors import NoStoryError
from bulletin.model import Section
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.station.build_station_object import Station, open_station, overrides_from
from tests.support.factories import NOW, make_article

BRIDGE = (
    "The bridge over the River Wex closes next month for six weeks of repairs. "
    "The county council said drivers should use the A361. "
    "Councillor Joan Pethick said the work would cost 3.5 million pounds. "
    "Traders in Bridge Street fear that shoppers will stay away until the spring. "
    "The bus company will run its services along the bypass until the work is done."
)
REOPENED = (
    "The bridge over the River Wex reopened this morning after a fire on a lorry. "
    "The driver was treated in hospital for burns to both of his hands. "
    "A witness, Tom Hale, said the flames could be seen from the castle."
)


@contextmanager
def hill(tmp_path: Path, extra: str = "", **overrides: Any) -> Iterator[Station]:
    path = tmp_path / "hill.toml"
    path.write_text(
        f'name = "Hill"\nlength = "1:00"\n{extra}\n[speech]\nchain = ["tone"]\n', encoding="utf-8"
    )
    loaded = load_profile(str(path))
    changes = overrides_from(loaded.profile, **overrides)
    with open_station(loaded, output=tmp_path / "out", overrides=changes) as station:
        yield station


def draft(station: Station, now: datetime = NOW) -> Draft:
    return draft_bulletin(station, now=now)


def own(**changes: Any) -> Any:
    fields = {"id": "own-1", "feed": "station", "title": "Bridge to close", "text": BRIDGE, "is_local": True}
    return make_article(**(fields | {"published": NOW, "expires": NOW + timedelta(hours=12)} | changes))


@pytest.mark.slow
def test_a_killed_story_is_left_out_until_it_is_unblocked(tmp_path: Path) -> None:
    with hill(tmp_path) as station:
        station.archive.add_own_story("hill", own())
        assert len(draft(station).chosen.stories) == 1

        station.archive.add_kill("hill", Kill(entry="Pethick", added_at=NOW))
        with pytest.raises(NoStoryError, match='on the kill list: "Pethick"'):
            draft(station)

        station.archive.remove_kill("hill", "Pethick", at=NOW)
        assert len(draft(station).chosen.stories) == 1


@pytest.mark.slow
def test_a_story_under_embargo_airs_at_its_time(tmp_path: Path) -> None:
    noon = NOW + timedelta(hours=5)
    with hill(tmp_path) as station:
        station.archive.add_own_story("hill", own(not_before=noon, published=noon))

        with pytest.raises(NoStoryError, match="under embargo until 24 Nov 12:00 UTC"):
            draft(station, noon - timedelta(minutes=1))
        assert len(draft(station, noon).chosen.stories) == 1


@pytest.mark.slow
def test_the_obituary_mood_changes_stories_and_music(tmp_path: Path) -> None:
    with hill(tmp_path, mood="obituary") as station:
        station.archive.add_own_story("hill", own())
        station.archive.add_own_story(
            "hill",
            own(id="own-2", title="Runaway penguin found in toy shop", text="A penguin. " + BRIDGE[:90]),
        )
        drafted = draft(station)

        assert [story.id for story in drafted.chosen.stories] == ["own-1"]
        assert station.jingles.bed is None
        assert station.jingles.sting is not None


@pytest.mark.slow
def test_a_repeated_story_is_shorter_until_it_changes(tmp_path: Path) -> None:
    words = []
    with hill(tmp_path, '[outputs]\nmake = ["fm"]') as station:
        station.archive.add_own_story("hill", own())
        for hour in range(3):
            run = make_bulletin(station, now=NOW + timedelta(hours=hour))
            words.append(_words_aired(run))
        half_past = NOW + timedelta(hours=2, minutes=30)
        changed = own(title="Bridge reopens after fire", text=REOPENED, published=half_past)
        station.archive.add_own_story("hill", changed)
        news = make_bulletin(station, now=NOW + timedelta(hours=3))
        times = station.archive.aired("hill", since=NOW)["own-1"].times

    assert words[0] > words[1] >= words[2] > 0
    assert _words_aired(news) == len(REOPENED.split())
    assert times == 1


@pytest.mark.slow
def test_again_treats_aired_stories_as_new(tmp_path: Path) -> None:
    with hill(tmp_path) as station:
        station.archive.add_own_story("hill", own())
        first = make_bulletin(station, now=NOW)
        later = NOW + timedelta(hours=1)
        repeat = draft_bulletin(station, now=later).chosen.stories[0]
        again = make_bulletin(station, now=later, again=True)

    assert repeat.times_aired == 1
    assert again.draft.chosen.stories[0].times_aired == 0
    assert _words_aired(again) == _words_aired(first)


@pytest.mark.slow
def test_sections_without_news_are_not_mentioned(tmp_path: Path) -> None:
    with hill(tmp_path) as station:
        station.archive.add_own_story("hill", own())
        cup = "Wexcombe Town have beaten Marlbridge 2-1 to lift the county cup for the first time since 1998."
        station.archive.add_own_story(
            "hill", own(id="own-3", category="sport", title="Town win the cup", text=cup)
        )
        drafted = draft(station)

    assert [item.section for item in drafted.script.stories] == [Section.NEWS, Section.SPORT]
    spoken = " ".join(passage.spoken for passage in drafted.script.passages()).casefold()
    for absent in ("weather", "travel", "no news", "not available", "no data"):
        assert absent not in spoken


def _words_aired(run: Any) -> int:
    passages = [p for p in run.bulletin.aired if p.story_id == "own-1" and p.cut and p.role == "story"]
    return sum(len(p.text.split()) for p in passages)


@pytest.mark.slow
def test_figures_of_a_forecast_service_become_the_weather(tmp_path: Path) -> None:
    """From a file of MET Norway to the script, and no weather without a forecast."""
    steps = [
        {
            "time": (NOW + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "data": {
                "instant": {
                    "details": {"air_temperature": 3.0 + n / 2, "wind_speed": 9.5, "wind_from_direction": 270}
                },
                "next_1_hours": {"summary": {"symbol_code": "lightrain" if n > 6 else "cloudy"}},
            },
        }
        for n in range(40)
    ]
    forecast = {"type": "Feature", "properties": {"meta": {}, "timeseries": steps}}
    (tmp_path / "sky.json").write_text(json.dumps(forecast), encoding="utf-8")
    with hill(tmp_path, '[[feeds]]\nname = "sky"\nurl = "sky.json"\ncategory = "weather"') as station:
        station.archive.add_own_story("hill", own())
        drafted = draft(station)
        [weather] = [item for item in drafted.script.stories if item.section is Section.WEATHER]
        station.archive.add_own_story("hill", own(id="own-9", expires=NOW + timedelta(days=9)))
        later = draft(station, NOW + timedelta(days=4))

    assert weather.cuts[-1].text == (
        "This morning will be cloudy, with a high of 5 degrees. "
        "Expect cloudy conditions this afternoon, with light rain at times, and up to 8 degrees. "
        "The lowest temperature tonight will be 8 degrees, with light rain. "
        "It will be breezy, with westerly winds of up to 21mph."
    )
    assert "twenty-one miles per hour" in weather.cuts[-1].spoken
    assert weather.story.best.credit == "MET Norway"
    assert all("forecast" not in dropped.reason for dropped in drafted.chosen.left)
    assert Section.WEATHER not in [item.section for item in later.script.stories]


def test_emoji_and_right_to_left_text_never_reach_the_voice(tmp_path: Path) -> None:
    text = (
        "\u202bThe bridge\u202c over the River Wex closes on Monday 🚧 for six weeks of repairs. "
        "The county council said drivers should use the A361 😱😱. "
        "Members of the mosque, مسجد النور, will lend a hand with the diversions."
    )
    with hill(tmp_path) as station:
        station.archive.add_own_story("hill", own(title="Bridge closes 🚗‍💨 \u200ffor repairs", text=text))
        spoken = " ".join(passage.spoken for passage in draft(station).script.passages())

    assert "The bridge over the River Wex closes on Monday for six weeks of repairs." in spoken
    assert all(
        char.isascii() or "LATIN" in unicodedata.name(char, "") or char in "’‘“”–—é" for char in spoken
    )
