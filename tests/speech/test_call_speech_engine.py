"""Parallel calls of one speech engine."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError, SpeechError
from bulletin.model import Voice
from bulletin.speech.call_speech_engine import say_sentences
from tests.support.fake_engines import CountingEngine, FailingEngine

TEXTS = [f"This is sentence number {word}." for word in ("one", "two", "three", "four", "five", "six")]


class Meeting(CountingEngine):
    """Engine that waits until `at_once` sentences are in work."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once=at_once)
        self.all_here = threading.Barrier(at_once, timeout=60)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.all_here.wait()
        super().synthesize(text, voice, path)


def test_as_many_sentences_at_once_as_the_engine_allows() -> None:
    engine = Meeting(at_once=3)

    spoken = list(say_sentences(TEXTS, engine=engine, voice=engine.voices()[0]))

    assert sorted(text for text, _, _ in spoken) == sorted(TEXTS)


def test_a_single_call_at_a_time_keeps_the_order() -> None:
    engine = CountingEngine()

    list(say_sentences(TEXTS, engine=engine, voice=engine.voices()[0]))

    assert engine.spoken_texts == TEXTS


@pytest.mark.parametrize("at_once", [1, 4])
def test_after_a_failure_no_more_sentences_are_sent(at_once: int) -> None:
    engine = FailingEngine(EngineUnavailableError("gone"), at_once=at_once)

    with pytest.raises(EngineUnavailableError, match="gone"):
        list(say_sentences(TEXTS * 50, engine=engine, voice=engine.voices()[0]))

    assert engine.spoken_texts == []


@pytest.mark.parametrize("at_once", [1, 4])
def test_a_broken_connection_is_reported_with_its_engine(at_once: int) -> None:
    engine = FailingEngine(ConnectionResetError("by peer"), name="strange", after=2, at_once=at_once)

    with pytest.raises(
        SpeechError,
        match=r"^voice engine strange: a file could not be read or a connection broke \(ConnectionResetError: by peer\); try again$",
    ):
        list(say_sentences(TEXTS, engine=engine, voice=engine.voices()[0]))


def test_the_engines_files_are_deleted_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine = CountingEngine(at_once=2)

    for _ in say_sentences(TEXTS, engine=engine, voice=engine.voices()[0]):
        assert list(tmp_path.iterdir())

    assert list(tmp_path.iterdir()) == []


def test_an_empty_text_calls_no_engine() -> None:
    engine = CountingEngine()

    assert list(say_sentences([], engine=engine, voice=engine.voices()[0])) == []
    assert engine.spoken_texts == []
