"""Limits hold over all workers of a group together."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import rate_limits
from bulletin.archive.ledgers.group.day_counts import DayCount
from bulletin.archive.ledgers.group.rate_limits import Place, RateLimits
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import EngineBusyError
from bulletin.model import Feed, Voice
from bulletin.speech.engine_interface import Engine, VoiceReader
from bulletin.speech.engines.elevenlabs import ElevenlabsEngine
from bulletin.speech.engines.gtts import GttsEngine
from bulletin.speech.engines.tone_for_tests import ToneEngine
from bulletin.speech.servers.character_budget import CharacterBudget
from bulletin.station.limits_of_group import (
    LEASE,
    GroupHosts,
    LimitedEngine,
    limit_voice,
    limit_voices,
)
from tests.articles.feed_texts import rss
from tests.articles.site import Site
from tests.pipeline.test_make_bulletin import profile, station
from tests.speech.engines.elevenlabs_server import KEY, ElevenlabsStandIn
from tests.speech.engines.google import Google
from tests.support.factories import NOW

pytestmark = [pytest.mark.slow]
GAP_S = 0.4


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        yield archive


def limits_of(archive: Archive) -> RateLimits:
    return RateLimits(archive, now=archive.now)


def test_a_host_is_held_for_as_long_as_a_live_worker_waits_for_it(archive: Archive) -> None:
    """[fetch] timeout_s may be longer than a lease."""
    moment = NOW
    limits = RateLimits(archive, now=lambda: moment)
    hosts = GroupHosts(limits, renew_s=0.001)

    async def ask() -> list[object]:
        nonlocal moment
        seen: list[object] = []
        async with hosts.turn("slow.example"):
            for _ in range(8):
                moment += LEASE / 2
                is_renewed = asyncio.Event()
                asyncio.get_running_loop().call_later(0.05, is_renewed.set)
                await is_renewed.wait()
                seen.append(limits.take("host:slow.example", lease=LEASE))
        return seen

    assert asyncio.run(ask()) == [None] * 8
    assert limits.take("host:slow.example", lease=LEASE)


def test_two_workers_ask_a_host_one_after_the_other_with_its_pause(archive: Archive) -> None:
    workers = [FeedsForAll(archive, turns=GroupHosts(limits_of(archive))) for _ in range(2)]
    options = FetchOptions(timeout_s=30, budget_s=60, host_gap_s=GAP_S)
    with Site() as site:
        feeds = [
            Feed(url=site.reply(f"/{number}", rss()), name=str(number), is_private=True)
            for number in range(4)
        ]
        reads = [
            threading.Thread(
                target=workers[n % 2].read_feed, args=(feed,), kwargs={"now": NOW, "options": options}
            )
            for n, feed in enumerate(feeds)
        ]
        for thread in reads:
            thread.start()
        for thread in reads:
            thread.join()
        asked = sorted(request.at_s for request in site.asked)

    for worker in workers:
        worker.close()
    assert len(asked) == 4
    assert min(after - before for before, after in itertools.pairwise(asked)) >= GAP_S
    assert site.at_once == 1


class PaidEngine(ToneEngine):
    """A provider that allows two requests at once; it counts how many there were."""

    name = "paid"
    is_local = False
    at_once = 2
    most = busy = 0
    lock = threading.Lock()
    all_here = threading.Barrier(2)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        with self.lock:
            PaidEngine.busy += 1
            PaidEngine.most = max(PaidEngine.most, PaidEngine.busy)
        self.all_here.wait(60)
        super().synthesize(text, voice, path)
        with self.lock:
            PaidEngine.busy -= 1


def test_a_provider_gets_as_many_requests_at_once_as_it_allows(archive: Archive, tmp_path: Path) -> None:
    """Three workers with two threads each; the places of all are two."""
    engines = [LimitedEngine(PaidEngine(), limits_of(archive)) for _ in range(3)]
    voice = engines[0].voices()[0]
    threads = [
        threading.Thread(
            target=engine.synthesize, args=("Good morning.", voice, tmp_path / f"{number}-{at}.wav")
        )
        for number, engine in enumerate(engines)
        for at in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (PaidEngine.most, len(list(tmp_path.glob("*.wav")))) == (2, 6)


class SlowEngine(ToneEngine):
    """A provider that wants a pause; a request lasts until the test lets it end."""

    name = "slow"
    is_local = False
    pause_s = 20.0

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = threading.Event(), threading.Event()

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.begun.set()
        assert self.may_end.wait(60)
        super().synthesize(text, voice, path)


def test_a_place_at_a_provider_is_held_for_a_long_request_and_given_on_after_its_pause(
    archive: Archive, tmp_path: Path
) -> None:
    moments = {"now": NOW, "renewed": 0}

    class CountedLimits(RateLimits):
        def renew(self, place: Place, *, lease: timedelta) -> Place:
            moments["renewed"] += 1
            return super().renew(place, lease=lease)

    limits = CountedLimits(archive, now=lambda: moments["now"])
    engine = SlowEngine()
    limited = LimitedEngine(engine, limits, renew_s=0.001)
    speaking = threading.Thread(
        target=limited.synthesize, args=("Good morning.", engine.voices()[0], tmp_path / "a.wav")
    )
    speaking.start()
    assert engine.begun.wait(60)
    (key,) = (row for row in archive.select(select(rate_limits.c.key), lambda row: row["key"]))
    for _ in range(8):
        moments["now"] += LEASE / 2
        before = moments["renewed"]
        while moments["renewed"] < before + 2:  # one may have been under way
            time.sleep(0.001)
        assert limits.take(key, lease=LEASE) is None
    engine.may_end.set()
    speaking.join(60)

    moments["now"] += timedelta(seconds=19)
    assert limits.take(key, lease=LEASE) is None
    moments["now"] += timedelta(seconds=1)
    assert limits.take(key, lease=LEASE)


def test_gtts_pauses_for_the_whole_group() -> None:
    assert GttsEngine(gap_s=0.7).pause_s == 0.7


def test_only_voices_of_providers_are_limited(archive: Archive, tmp_path: Path) -> None:
    with station(profile(tmp_path), tmp_path / "output") as built:
        paid = replace(built.readers[0], engine=PaidEngine())
        limited = limit_voices(replace(built, second=paid), archive=archive)

    assert limited.readers == built.readers
    assert isinstance(limited.second and limited.second.engine, LimitedEngine)


def test_a_budget_of_characters_is_spent_by_all_machines_together(archive: Archive) -> None:
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    machines = [
        CharacterBudget(DayCount(archive, "paid"), name="paid", per_day=100, clock=lambda: at)
        for _ in range(2)
    ]

    machines[0].take(60)
    machines[0].settle(taken=60, charged=50)
    machines[1].take(40)
    with pytest.raises(EngineBusyError, match="today's budget of 100 characters"):
        machines[0].take(20)

    assert [machine.used for machine in machines] == [90, 90]


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def check_that_a_refusal_of_one_pauses_the_other(
    machines: list[Engine], archive: Archive, folder: Path
) -> None:
    """Both are the engine of one provider, which refuses; the first is asked, and then the second."""
    one, other = (
        limit_voice(VoiceReader(engine=engine, voice=engine.voices()[0]), archive) for engine in machines
    )

    with pytest.raises(EngineBusyError) as refusal:
        one.engine.synthesize("The bridge closes.", one.voice, folder / "one.wav")
    assert "paused" not in str(refusal.value)
    for ask in (
        other.engine.check,
        lambda: other.engine.synthesize("The road opens.", other.voice, folder / "other.wav"),
    ):
        with pytest.raises(EngineBusyError, match=r"paused until .* on all machines of the group"):
            ask()


def test_a_refusal_by_google_pauses_gtts_on_all_machines(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_proxy: None
) -> None:
    with Google(mode="captcha") as google:
        monkeypatch.setenv("https_proxy", google.proxy)
        options = {"tries": 1, "gap_s": 0.0, "ca_file": google.write_ca(tmp_path)}
        machines: list[Engine] = [GttsEngine(folder=tmp_path / name, **options) for name in ("one", "other")]
        check_that_a_refusal_of_one_pauses_the_other(machines, archive, tmp_path)

    assert len(google.asked) == 1


def test_a_refusal_by_elevenlabs_pauses_its_voices_on_all_machines(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_proxy: None
) -> None:
    monkeypatch.setenv("ELEVENLABS_API_KEY", KEY)
    with ElevenlabsStandIn(mode="429", retry_after="900") as server:
        machines: list[Engine] = [
            ElevenlabsEngine(base_url=server.root, folder=tmp_path / name) for name in ("one", "other")
        ]
        check_that_a_refusal_of_one_pauses_the_other(machines, archive, tmp_path)

    assert len(server.asked) == 1
