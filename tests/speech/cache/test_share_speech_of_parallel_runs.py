"""Speech shared by parallel runs: each sentence is synthesized once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_sentences_before_speaking import LEASE, SpeechLedger
from bulletin.errors import BadSpeechError, LateSpeechError
from bulletin.runtime.deadline import Deadline
from bulletin.speech.cache.share_speech_of_parallel_runs import say_once
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.engine_interface import VoiceReader
from tests.support.fake_engines import CountingEngine, FailingEngine

TEXTS = [f"Sentence number {name} is said once." for name in ("one", "two", "three", "four", "five")]
KEYS = {text: f"{number:02}abc" for number, text in enumerate(TEXTS)}
NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as opened:
        yield opened


def say(engine: CountingEngine, cache: SpeechCache, claims: SpeechLedger, **more: Deadline) -> list[str]:
    reader = VoiceReader(engine=engine, voice=engine.voices()[0])
    sentences = say_once(KEYS, reader=reader, cache=cache, claims=claims, deadline=more.get("deadline"))
    return sorted(text for text, samples, _ in sentences if len(samples))


@pytest.mark.slow
def test_parallel_runs_synthesize_each_sentence_once(archive: Archive, tmp_path: Path) -> None:
    engine, texts_by_run = CountingEngine(), dict[int, list[str]]()

    def work(number: int) -> None:
        claims = SpeechLedger(archive, owner=f"run {number}")
        texts_by_run[number] = say(engine, SpeechCache(tmp_path / "speech"), claims)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(engine.spoken_texts) == sorted(TEXTS)
    assert list(texts_by_run.values()) == [sorted(TEXTS)] * 6


def test_another_run_synthesizes_the_rest_of_a_failing_run(archive: Archive, tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path / "speech")
    with pytest.raises(BadSpeechError):
        say(FailingEngine(BadSpeechError("hiss"), after=2), cache, SpeechLedger(archive, owner="a"))

    engine = CountingEngine()
    assert say(engine, cache, SpeechLedger(archive, owner="b")) == sorted(TEXTS)
    assert len(engine.spoken_texts) == 3


@pytest.mark.slow
def test_a_dead_run_delays_others_only_until_its_lease_ends(archive: Archive, tmp_path: Path) -> None:
    SpeechLedger(archive, owner="dead", now=lambda: datetime.now(UTC) - LEASE + timedelta(seconds=1)).claim(
        tuple(KEYS.values())
    )

    engine = CountingEngine()
    assert say(engine, SpeechCache(tmp_path / "speech"), SpeechLedger(archive, owner="b")) == sorted(TEXTS)


def test_a_run_known_to_be_dead_delays_no_other(archive: Archive) -> None:
    SpeechLedger(archive, owner="dead").claim(["a", "b"])
    SpeechLedger(archive, owner="alive").claim(["c"])

    claims = SpeechLedger(archive, owner="one", lives=lambda run: run == "alive")
    assert claims.claim(["a", "c", "d"]) == {"a", "d"}
    assert SpeechLedger(archive, owner="two", lives=lambda _: True).claim(["a", "b"]) == set()
    assert SpeechLedger(archive, owner="two", lives=lambda run: run != "dead").claim(["a", "b"]) == {"b"}


@pytest.mark.slow
def test_sentences_of_a_hanging_run_are_synthesized_in_time(archive: Archive, tmp_path: Path) -> None:
    """The hanging run holds its lease for half a minute, and the bulletin is due before."""
    SpeechLedger(archive, owner="hangs").claim(tuple(KEYS.values()))

    engine, claims = CountingEngine(), SpeechLedger(archive, owner="b")
    texts = say(engine, SpeechCache(tmp_path / "speech"), claims, deadline=Deadline.after(LEASE.seconds / 3))
    assert texts == sorted(engine.spoken_texts) == sorted(TEXTS)


def test_waiting_ends_at_the_deadline(archive: Archive, tmp_path: Path) -> None:
    SpeechLedger(archive, owner="hangs").claim(tuple(KEYS.values()))
    claims = SpeechLedger(archive, owner="b")

    with pytest.raises(LateSpeechError):
        say(CountingEngine(), SpeechCache(tmp_path / "speech"), claims, deadline=Deadline.after(0.0))


def test_a_claim_holds_until_it_is_closed_or_expires(archive: Archive) -> None:
    now = [NOW]
    first = SpeechLedger(archive, owner="one", now=lambda: now[0])
    second = SpeechLedger(archive, owner="two", now=lambda: now[0])

    assert first.claim(["a", "b", "c"]) == {"a", "b", "c"}
    assert second.claim(["b", "c", "d"]) == {"d"}
    assert first.claim(["a"]) == {"a"}
    first.close(["a"], ["b"])
    second.close(["c"])  # not its own claim
    assert second.claim(["a", "b", "c"]) == {"a", "b"}
    now[0] += LEASE
    assert second.claim(["c"]) == {"c"}


def test_a_clock_that_jumps_back_extends_no_claim(archive: Archive) -> None:
    SpeechLedger(archive, owner="one", now=lambda: NOW + timedelta(days=3)).claim(["a"])

    assert SpeechLedger(archive, owner="two", now=lambda: NOW).claim(["a"]) == {"a"}


def test_old_rows_are_forgotten(archive: Archive) -> None:
    for day in range(6):
        SpeechLedger(archive, owner="one", now=lambda day=day: NOW + timedelta(days=day)).claim([f"{day}"])  # type: ignore[misc]

    with archive.reading() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM speech").scalar_one()
    assert count == 3
