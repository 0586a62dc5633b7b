"""Feeds, voices, jingles, profiles and the machine fail, and the station is on air at the hour all the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import soundfile

from bulletin.config.load import load_profile
from bulletin.model import Level
from bulletin.service.reload import Profiles
from tests.articles.site import Site
from tests.audio.sounds import make_music
from tests.faults.air import AT_WORK, EIGHT, HOUR, MINUTE, NO_MUSIC, SEVEN, Air, feed, news
from tests.faults.cases import SAYS, case, level
from tests.faults.test_feeds import BAD
from tests.speech.google import Google

pytestmark = pytest.mark.faults

HOSTILE = Path(__file__).parents[2].parent / "shared" / "tools" / "hostile" / "make_hostile.py"


# -- feeds


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as running:
        yield [running.enter_context(Site()) for _ in range(3)]


def test_all_feeds_down(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write(feeds=feed("http://127.0.0.1:9/one") + feed("http://127.0.0.1:9/two"))
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "down"), due=EIGHT)


def test_all_feeds_slow(on_air_at_seven: Air, sites: list[Site]) -> None:
    air = on_air_at_seven
    urls = [site.reply("/slow", news(first=5), drip_s=1.0) for site in sites]
    air.write(feeds="".join(map(feed, urls)))
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "slow"), due=EIGHT)


def test_all_feeds_unchanged(air: Air, sites: list[Site]) -> None:
    urls = [site.reply("/etag", news(first=n), etag=f'"{n}"') for n, site in enumerate(sites)]
    air.write(feeds="".join(map(feed, urls)))
    air.switch_on()
    air.slot(SEVEN)

    air.slot(EIGHT)

    air.expect(level("Feeds", "unchanged"), due=EIGHT)
    assert [site.asked[-1].headers.get("if-none-match") for site in sites] == ['"0"', '"1"', '"2"']


def test_all_feeds_broken(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    with ExitStack() as running:
        urls = [running.enter_context(Site()).reply("/bad", **reply) for reply, _ in BAD.values()]
        air.write(feeds="".join(map(feed, urls)), fetch="feed_mb = 0.5")
        air.switch_on()

        air.slot(EIGHT)

    air.expect(level("Feeds", "broken"), due=EIGHT)


def test_all_hostile_files_at_once(on_air_at_seven: Air) -> None:
    """Bounded by the share of the time that feeds may take, however many of them need to be killed."""
    if not HOSTILE.is_file():
        pytest.skip("needs the hostile files beside the checkout")
    air = on_air_at_seven
    folder = air.folder / "hostile"
    subprocess.run([sys.executable, str(HOSTILE), str(folder)], check=True, capture_output=True)
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".xml", ".json", ".html"))
    assert len(files) > 50
    air.write(feeds="".join(f'[[feeds]]\nurl = "{path}"\npages = false\n' for path in files))
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "hostile"), due=EIGHT)


def test_a_feed_of_twenty_thousand(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write_news(count=20_000)

    air.slot(EIGHT)

    air.expect(level("Feeds", "long"), due=EIGHT)


def test_a_thousand_stories_at_once(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write(feeds=air.write_feeds(4, stories=250))
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Feeds", "many"), due=EIGHT)


# -- voices


class FailingGoogle(Google):
    """As good as any until it has begun so many stories: the next sentence is refused, and all after it."""

    stories = 0

    def answer(self, text: str) -> tuple[int, bytes]:
        begun = {place for asked in self.texts[:-1] for place in re.findall(r"Wex\w+combe", asked)}
        if self.stories and len(begun) >= self.stories:
            self.mode = "429"
        return super().answer(text)


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingGoogle]:
    with FailingGoogle() as running:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.setenv("https_proxy", running.proxy)
        yield running


GTTS = "[speech.engines.gtts]\ntimeout_s = 1.5\ngap_s = 0.0\ntries = 2\n"


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
    """The opening and four stories were said; not one word of that voice is in what goes out."""
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


# -- what the station has


@pytest.mark.parametrize("name", ["profile", "profile gone"])
def test_the_profile_is_broken(on_air_at_seven: Air, name: str) -> None:
    air = on_air_at_seven
    path = air.folder / "valley.toml"
    refused: list[str] = []
    profiles = Profiles(
        loaded=(load_profile(str(path)),),
        check=lambda loaded: None,
        refused=lambda station, reason: refused.append(reason),
    )
    path.unlink()
    if name == "profile":
        path.write_text('name = "Valley Radio"\n[speech\n', encoding="utf-8")
    air.write_news(first=2)

    assert not profiles.look()
    assert air.keeper
    air.keeper.replace([air.post_of(one) for one in profiles.loaded])
    air.slot(EIGHT)

    air.expect(level("Station", name), due=EIGHT)
    assert len(refused) == 1
    assert "valley.toml" in refused[0]


@pytest.mark.parametrize("name", ["jingle", "jingles"])
def test_jingles_are_deleted(air: Air, name: str) -> None:
    folder = air.folder / "music"
    folder.mkdir()
    soundfile.write(folder / "ident.wav", make_music(4.0), 44_100)
    own = NO_MUSIC.replace('ident = "none"', 'ident = "music/ident.wav"')
    air.write(imaging=own if name == "jingle" else 'folder = "music"\nbed = "none"\n')
    air.write_news()
    air.switch_on()
    air.slot(SEVEN)
    air.expect(Level.FRESH, due=SEVEN)
    with_ident_s = air.length_s()
    shutil.rmtree(folder)
    if name == "jingle":
        folder.mkdir()

    air.write_news(first=1)
    air.slot(EIGHT)

    air.expect(level("Station", name), due=EIGHT)
    assert with_ident_s > 0
    assert ("is not there" in " ".join(air.notes)) == (name == "jingles")


# -- the machine


@pytest.mark.parametrize(("name", "minutes"), [("off within", 5), ("off beyond", 15)])
def test_the_machine_is_off_over_the_slot(on_air_at_seven: Air, name: str, minutes: int) -> None:
    air = on_air_at_seven
    air.switch_off()
    air.write_news(first=1)
    lay_there = air.found()

    air.now = EIGHT + minutes * MINUTE
    air.switch_on()
    air.tick(air.now)

    row = air.row(EIGHT)
    assert lay_there
    assert (lay_there.due, lay_there.level) == (EIGHT, Level.LAST_GOOD)
    if name == "off beyond":
        assert (row.level, row.is_met) == (level("Machine", name), True)
    else:
        assert (
            case("Machine", name).finds == f"{SAYS[Level.LAST_GOOD]}; {SAYS[Level.FRESH]} after the 5 minutes"
        )
        air.expect_late(Level.FRESH, due=EIGHT)


def test_two_services_work_at_once(on_air_at_seven: Air) -> None:
    """Each has an archive of its own, as two processes have; the lock that keeps a second away is not asked."""
    one = on_air_at_seven
    one.write_news(first=1)
    two = Air(folder=one.folder, lives=10)
    two.switch_on()
    for air in (one, two):
        air.now = EIGHT - AT_WORK

    both = [threading.Thread(target=air.tick, args=(EIGHT - AT_WORK,)) for air in (one, two)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)

    one.expect(level("Machine", "two"), due=EIGHT)
    assert one.told["met"] + two.told["met"] == 1
    assert one.row(EIGHT).tries == 1
    two.switch_off()


@pytest.mark.parametrize(
    ("name", "jump"),
    [
        ("jump +1 h", HOUR),
        ("jump -1 h", -HOUR),
        ("jump +3 d", timedelta(days=3)),
        ("jump -3 d", timedelta(days=-3)),
    ],
)
def test_the_clock_jumps(on_air_at_seven: Air, name: str, jump: timedelta) -> None:
    """At half past; the two hours after it are met, each with news for that hour."""
    air = on_air_at_seven
    jumped = SEVEN + 30 * MINUTE + jump
    air.tick(jumped)
    due = jumped.replace(minute=0) + HOUR

    for hour in (due, due + HOUR):
        air.stand_by(hour)
        air.write_news(first=hour.hour)
        air.slot(hour)

        air.expect(level("Machine", name), due=hour)
