"""Faults of voices: the station is on air at the hour."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bulletin.model import Level
from tests.faults.cases import level
from tests.faults.station_on_clock import EIGHT, SEVEN, Air
from tests.speech.engines.google import Google

pytestmark = pytest.mark.faults

GTTS = '[speech.engines.gtts]\nca_file = "google.pem"\ntimeout_s = 1.5\ngap_s = 0.0\ntries = 2\n'


class FailingGoogle(Google):
    """Fake Google that refuses every sentence after it has begun so many stories."""

    stories = 0

    def answer(self, text: str) -> tuple[int, bytes]:
        stories_begun = {
            town for text_asked in self.texts[:-1] for town in re.findall(r"Wex\w+combe", text_asked)
        }
        if self.stories and len(stories_begun) >= self.stories:
            self.mode = "429"
        return super().answer(text)


@pytest.fixture
def google(air: Air, monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingGoogle]:
    with FailingGoogle() as running:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.setenv("https_proxy", running.proxy)
        running.write_ca(air.folder)
        yield running


@pytest.mark.parametrize("mode", ["429", "captcha", "hang", "garbage", "cut"])
def test_the_first_voice_fails(on_air_at_seven: Air, google: FailingGoogle, mode: str) -> None:
    air = on_air_at_seven
    air.write(chain='"gtts", "tone"', tables=GTTS)
    air.write_news(first=3)
    air.switch_on()
    google.mode = mode

    air.slot(EIGHT)

    air.expect(level("Voice", mode), due=EIGHT)
    assert google.asked
    assert air.voices()[0] == "tone"


def test_the_voice_dies_in_the_fifth_story(air: Air, google: FailingGoogle) -> None:
    """The first voice has read the opening and four stories; the bulletin on air has none of its sentences."""
    feeds = air.write_feeds(4, stories=2)
    path = air.write(feeds=feeds, chain='"gtts", "tone"', tables=GTTS)
    path.write_text(path.read_text().replace("up to 0:30", "2:00"), encoding="utf-8")
    air.switch_on()
    google.stories = 5

    air.slot(SEVEN)

    air.expect(level("Voice", "fifth"), due=SEVEN)
    assert google.mode == "429"
    assert air.voices()[0] == "tone"


def test_the_only_voice_fails(air: Air, google: FailingGoogle) -> None:
    air.write(chain='"gtts"', tables=GTTS)
    air.write_news()
    air.switch_on()
    air.slot(SEVEN)
    air.expect(Level.FRESH, due=SEVEN)
    air.stand_by(EIGHT)
    google.mode = "429"
    air.write_news(first=4)

    air.slot(EIGHT)

    air.expect(level("Voice", "only"), due=EIGHT)
