"""speak_script: one bulletin in one voice, with fallback."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from bulletin.errors import BulletinError, EngineBusyError, EngineUnavailableError, NoVoiceError
from bulletin.language.split_sentences import count_words
from bulletin.model import Cut, Passage, Role, Script, Sentence, StoryScript, Voice
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.read_sound_file import read_sound, write_wav
from bulletin.speech.cache.speech_cache import SpeechCache, expected_letters, expected_pace
from bulletin.speech.engine_interface import Engine, VoiceReader
from bulletin.speech.speak_script import speak_script
from bulletin.speech.voice_factory import build_chain
from tests.support.factories import NOW, make_story, make_words
from tests.support.fake_engines import CountingEngine, FailingEngine, RecordedEngine

OPENING = "Good morning, this is the news from Wexcombe Radio."
BRIDGE = "The bridge over the River Wex closes on Monday."
DETOUR = "The county council said drivers should use the other road."
WHEN = "When will it open again?"
CLOSING = "More news at eight o\u2019clock."


def passage(*texts: str, role: Role = Role.STORY) -> Passage:
    return Passage(role=role, sentences=tuple(Sentence(text=text, spoken=text) for text in texts))


def make_script(*cuts: Passage) -> Script:
    story_cuts = cuts or (passage(BRIDGE), passage(BRIDGE, WHEN, DETOUR))
    return Script(
        station=make_words(),
        title="7am news",
        at=NOW,
        opening=passage(OPENING, role=Role.OPENING),
        stories=(StoryScript(story=make_story(), cuts=story_cuts),),
        closing=passage(CLOSING, role=Role.CLOSING),
    )


def reader(engine: Engine) -> VoiceReader:
    return VoiceReader(engine=engine, voice=engine.voices()[0])


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clips"


def test_every_passage_becomes_a_clip_in_running_order(cache: SpeechCache, folder: Path) -> None:
    script = make_script()

    spoken = speak_script(script, chain=[reader(CountingEngine())], cache=cache, folder=folder)

    assert [clip.passage for clip in spoken.clips] == list(script.passages())
    assert sorted(folder.iterdir()) == [clip.path for clip in spoken.clips]
    for clip in spoken.clips:
        samples, rate_hz = read_sound(clip.path)
        assert samples.shape[1] == 1
        assert rate_hz == clip.rate_hz
        assert len(samples) / rate_hz == pytest.approx(clip.duration_s)


def test_each_sentence_is_synthesized_once(cache: SpeechCache, folder: Path) -> None:
    engine = CountingEngine()

    speak_script(make_script(), chain=[reader(engine)], cache=cache, folder=folder)

    assert sorted(engine.spoken_texts) == sorted([OPENING, BRIDGE, WHEN, DETOUR, CLOSING])


def test_sentences_are_joined_with_a_breath(cache: SpeechCache, folder: Path) -> None:
    def duration_s(*texts: str) -> float:
        script = make_script(passage(*texts))
        spoken = speak_script(script, chain=[reader(CountingEngine())], cache=cache, folder=folder)
        return spoken.clips[1].duration_s

    statement, question = duration_s(BRIDGE), duration_s(WHEN)

    assert duration_s(BRIDGE, DETOUR) == pytest.approx(statement + 0.30 + duration_s(DETOUR), abs=1e-3)
    assert duration_s(WHEN, BRIDGE) == pytest.approx(question + 0.38 + statement, abs=1e-3)


def test_a_clip_has_the_time_of_each_sentence(cache: SpeechCache, folder: Path) -> None:
    """Sentences are separated by the pause only; a sentence without words has no time."""
    spoken = speak_script(
        make_script(passage(BRIDGE, "…", WHEN, DETOUR)),
        chain=[reader(CountingEngine())],
        cache=cache,
        folder=folder,
    )
    clip = spoken.clips[1]
    samples, rate_hz = read_sound(clip.path)

    first, wordless, question, last = clip.sentence_times

    assert first[0] == 0.0
    assert last[1] == pytest.approx(clip.duration_s)
    assert wordless == (question[0], question[0])
    for (_, end), (start, _) in ((first, question), (question, last)):
        silence = samples[round(end * rate_hz) : round(start * rate_hz)]
        assert 0.25 < start - end < 0.5
        assert not silence.any()


def test_a_clip_has_no_silence_at_its_ends(cache: SpeechCache, folder: Path) -> None:
    spoken = speak_script(make_script(), chain=[reader(CountingEngine())], cache=cache, folder=folder)

    for clip in spoken.clips:
        samples = read_sound(clip.path)[0][:, 0]
        tenth = clip.rate_hz // 10
        assert np.abs(samples[:tenth]).max() > 0.01
        assert np.abs(samples[-tenth:]).max() > 0.01


def test_the_next_engine_reads_the_full_bulletin(cache: SpeechCache, folder: Path) -> None:
    first = FailingEngine(EngineUnavailableError("first: gone"), name="first", after=3)
    second = CountingEngine(name="second")

    spoken = speak_script(make_script(), chain=[reader(first), reader(second)], cache=cache, folder=folder)

    assert spoken.voice.engine == "second"
    assert sorted(second.spoken_texts) == sorted([OPENING, BRIDGE, WHEN, DETOUR, CLOSING])
    assert [(a.engine, a.ok, a.reason) for a in spoken.attempts] == [
        ("first", False, "first: gone"),
        ("second", True, ""),
    ]
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize("error_at_check", [True, False])
def test_the_next_engine_takes_over_after_a_broken_connection(
    cache: SpeechCache, folder: Path, error_at_check: bool
) -> None:
    first = FailingEngine(
        ConnectionResetError("by peer"), name="first", after=3, error_at_check=error_at_check
    )
    second = CountingEngine(name="second")

    spoken = speak_script(make_script(), chain=[reader(first), reader(second)], cache=cache, folder=folder)

    assert [(a.engine, a.ok, a.reason) for a in spoken.attempts] == [
        (
            "first",
            False,
            "voice engine first: a file could not be read or a connection broke (ConnectionResetError: by peer); try again",
        ),
        ("second", True, ""),
    ]


@pytest.mark.parametrize("entry", ["kokoro:bm_george", "hibari:emma"])
def test_a_voice_that_is_half_installed_costs_no_bulletin(
    cache: SpeechCache, folder: Path, tmp_path: Path, entry: str
) -> None:
    for name in ("kokoro/kokoro.int8.onnx", "hibari/bf_emma.int8.onnx"):
        (tmp_path / "data" / name).parent.mkdir(parents=True)
        (tmp_path / "data" / name).write_bytes(b"half")
    broken = build_chain([entry], engines={}, speed=1.0, language="en-GB", folder=tmp_path / "data")
    whole = CountingEngine(name="whole")

    spoken = speak_script(make_script(), chain=[*broken, reader(whole)], cache=cache, folder=folder)

    assert len(spoken.clips) == len(list(make_script().passages())), "the next voice reads all of it"
    assert spoken.voice.engine == "whole"
    assert f"bulletin voices install {entry.partition(':')[0]}" in spoken.attempts[0].reason


def test_sentences_read_before_a_failure_come_from_the_cache(cache: SpeechCache, folder: Path) -> None:
    dying = FailingEngine(EngineBusyError("first: busy"), name="first", after=3)
    with pytest.raises(NoVoiceError):
        speak_script(make_script(), chain=[reader(dying)], cache=cache, folder=folder)
    recovered = CountingEngine(name="first")

    spoken = speak_script(make_script(), chain=[reader(recovered)], cache=cache, folder=folder)

    assert not set(dying.spoken_texts) & set(recovered.spoken_texts)
    assert len(recovered.spoken_texts) == 2
    assert (spoken.attempts[0].sentences, spoken.attempts[0].cached) == (5, 3)


def test_a_bulletin_in_the_cache_needs_no_engine(cache: SpeechCache, folder: Path) -> None:
    speak_script(make_script(), chain=[reader(CountingEngine(name="far"))], cache=cache, folder=folder)
    gone = FailingEngine(EngineUnavailableError("far: no network"), name="far", error_at_check=True)

    spoken = speak_script(make_script(), chain=[reader(gone)], cache=cache, folder=folder)

    assert spoken.voice.engine == "far"
    assert spoken.attempts[0].cached == 5


def test_another_speed_gives_other_audio(cache: SpeechCache, folder: Path) -> None:
    speak_script(make_script(), chain=[reader(CountingEngine())], cache=cache, folder=folder)
    faster = CountingEngine(speed=1.2)

    speak_script(make_script(), chain=[reader(faster)], cache=cache, folder=folder)

    assert len(faster.spoken_texts) == 5


def test_without_any_voice_every_reason_is_named(cache: SpeechCache, folder: Path) -> None:
    chain = [
        reader(FailingEngine(EngineUnavailableError("gtts: no network; go online"), error_at_check=True)),
        reader(FailingEngine(EngineUnavailableError("hibari: not installed; pip install hibari-tts"))),
    ]

    with pytest.raises(NoVoiceError, match=r"gtts: no network; go online.*pip install hibari-tts"):
        speak_script(make_script(), chain=chain, cache=cache, folder=folder)


def test_an_empty_chain_is_an_error(cache: SpeechCache, folder: Path) -> None:
    with pytest.raises(NoVoiceError, match="chain is empty"):
        speak_script(make_script(), chain=[], cache=cache, folder=folder)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"RIFF" + bytes(40)])
def test_an_answer_that_is_no_speech_moves_the_chain_on(
    cache: SpeechCache, folder: Path, answer: bytes
) -> None:
    chain = [reader(RecordedEngine([answer] * 5)), reader(CountingEngine())]

    spoken = speak_script(make_script(), chain=chain, cache=cache, folder=folder)

    assert spoken.voice.engine == "counting"
    assert spoken.attempts[0].reason.startswith("recorded: ")


def test_an_unexpected_error_is_raised(cache: SpeechCache, folder: Path) -> None:
    chain = [reader(FailingEngine(ZeroDivisionError("bug"), at_once=2)), reader(CountingEngine())]

    with pytest.raises(ZeroDivisionError):
        speak_script(make_script(), chain=chain, cache=cache, folder=folder)


@pytest.mark.parametrize("at_once", [1, 3])
def test_an_interruption_leaves_nothing_half_done(
    cache: SpeechCache, tmp_path: Path, folder: Path, at_once: int
) -> None:
    chain = [reader(FailingEngine(KeyboardInterrupt(), after=2, at_once=at_once))]

    with pytest.raises(KeyboardInterrupt):
        speak_script(make_script(), chain=chain, cache=cache, folder=folder)

    assert not folder.exists()
    assert not list(tmp_path.rglob("part-*"))


def test_a_damaged_cache_entry_is_synthesized_again(cache: SpeechCache, tmp_path: Path, folder: Path) -> None:
    speak_script(make_script(), chain=[reader(CountingEngine())], cache=cache, folder=folder)
    entry = next((tmp_path / "cache").glob("??/*.wav"))
    entry.write_bytes(entry.read_bytes()[:-1000])
    engine = CountingEngine()

    speak_script(make_script(), chain=[reader(engine)], cache=cache, folder=folder)

    assert len(engine.spoken_texts) == 1


def test_a_passage_without_words_has_no_clip(cache: SpeechCache, folder: Path) -> None:
    script = make_script(passage("…"), passage(BRIDGE, "—"))

    spoken = speak_script(script, chain=[reader(CountingEngine())], cache=cache, folder=folder)

    assert [clip.passage.spoken for clip in spoken.clips] == [OPENING, f"{BRIDGE} —", CLOSING]


def test_progress_counts_up_to_the_end(cache: SpeechCache, folder: Path) -> None:
    seen: list[tuple[int, int, str]] = []

    speak_script(
        make_script(),
        chain=[reader(CountingEngine())],
        cache=cache,
        folder=folder,
        progress=lambda done, total, what: seen.append((done, total, what)),
    )

    assert seen == [(done, 5, "counting: low") for done in range(6)]


def test_the_pace_is_learnt(cache: SpeechCache, folder: Path) -> None:
    who = reader(CountingEngine())
    assert expected_pace(who, cache=cache) == who.voice.pace_wps
    assert expected_letters(who, cache=cache) == pytest.approx(who.voice.pace_wps * 4.6)

    spoken = speak_script(make_script(), chain=[who], cache=cache, folder=folder)

    words = sum(count_words(clip.passage.spoken) for clip in spoken.clips)
    seconds = sum(clip.duration_s for clip in spoken.clips)
    assert expected_pace(who, cache=cache) == pytest.approx(words / seconds)
    assert cache.pace(who.voice, fingerprint="another speed") is None
    letters = sum(map(str.isalnum, "".join(clip.passage.spoken for clip in spoken.clips)))
    assert expected_letters(who, cache=cache) == pytest.approx(letters / seconds)


def test_a_folder_that_cannot_be_written_is_an_error(cache: SpeechCache, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(BulletinError, match="file"):
        speak_script(
            make_script(), chain=[reader(CountingEngine())], cache=cache, folder=tmp_path / "file" / "clips"
        )


class Changeable(CountingEngine):
    """Engine that changes its rate after some sentences."""

    def __init__(self, *, after: int) -> None:
        super().__init__()
        self.after = after

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        super().synthesize(text, voice, path)
        if len(self.spoken_texts) > self.after:
            samples, _ = read_sound(path)
            write_wav(path, samples[:, 0], rate_hz=22_050)


def test_clips_of_two_sampling_rates_are_refused(cache: SpeechCache, folder: Path) -> None:
    engine, script = Changeable(after=2), make_script()

    with pytest.raises(NoVoiceError, match="sampling rates"):
        speak_script(script, chain=[reader(engine)], cache=cache, folder=folder)

    # The server has one rate again: no sentence of the mixed ones in the cache keeps the voice off the air.
    assert speak_script(script, chain=[reader(engine)], cache=cache, folder=folder).clips[0].rate_hz == 22_050


def test_cached_sentences_of_an_earlier_rate_are_spoken_anew(cache: SpeechCache, folder: Path) -> None:
    engine = Changeable(after=2)
    speak_script(make_script(passage(OPENING)), chain=[reader(engine)], cache=cache, folder=folder)
    assert engine.spoken_texts == [OPENING, CLOSING]

    spoken = speak_script(make_script(passage(BRIDGE)), chain=[reader(engine)], cache=cache, folder=folder)

    assert {clip.rate_hz for clip in spoken.clips} == {22_050}
    assert engine.spoken_texts[2:] == [BRIDGE, OPENING, CLOSING]
    assert spoken.attempts[0].cached == 0


def test_an_error_names_its_sentence(cache: SpeechCache, folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.wav"
    write_wav(empty, np.zeros(0, dtype=np.float32), rate_hz=24_000)
    chain = [reader(RecordedEngine([empty.read_bytes()] * 5))]

    with pytest.raises(NoVoiceError, match=f'recorded: the speech engine returned no sound for "{OPENING}"'):
        speak_script(make_script(), chain=chain, cache=cache, folder=folder)


def shared_script() -> Script:
    second = Passage(role=Role.STORY, sentences=passage(DETOUR).sentences, by_second=True)
    return make_script(passage(BRIDGE), second)


def test_two_readers_share_a_bulletin(cache: SpeechCache, folder: Path) -> None:
    first, second = CountingEngine(name="first"), CountingEngine(name="second", speed=1.2)

    spoken = speak_script(
        shared_script(), chain=[reader(first)], second=reader(second), cache=cache, folder=folder
    )

    assert second.spoken_texts == [DETOUR]
    assert sorted(first.spoken_texts) == sorted([OPENING, BRIDGE, CLOSING])
    assert [clip.passage for clip in spoken.clips] == list(shared_script().passages())
    assert (spoken.voice.engine, spoken.second and spoken.second.engine) == ("first", "second")


def test_without_the_second_reader_the_first_reads_all(cache: SpeechCache, folder: Path) -> None:
    first = CountingEngine(name="first")
    broken = FailingEngine(EngineBusyError("busy"), name="second")

    spoken = speak_script(
        shared_script(), chain=[reader(first)], second=reader(broken), cache=cache, folder=folder
    )

    assert spoken.second is None
    assert sorted(first.spoken_texts) == sorted([OPENING, BRIDGE, DETOUR, CLOSING])
    assert [(attempt.engine, attempt.ok) for attempt in spoken.attempts] == [
        ("first", True),
        ("second", False),
        ("first", True),
    ]


def test_without_the_first_reader_the_next_of_the_chain_reads_all(cache: SpeechCache, folder: Path) -> None:
    second, last = CountingEngine(name="second"), CountingEngine(name="last")

    spoken = speak_script(
        shared_script(),
        chain=[reader(FailingEngine(EngineBusyError("busy"), name="first")), reader(last)],
        second=reader(second),
        cache=cache,
        folder=folder,
    )

    assert (spoken.voice.engine, spoken.second) == ("last", None)
    assert second.spoken_texts == []
    assert [attempt.engine for attempt in spoken.attempts] == ["first", "last"]


def test_recurring_sentences_are_synthesized_once(cache: SpeechCache, folder: Path) -> None:
    """Ident, opening and closing come from the cache after the first bulletin."""
    engine = CountingEngine()
    speak_script(make_script(passage(BRIDGE)), chain=[reader(engine)], cache=cache, folder=folder)

    spoken = speak_script(make_script(passage(DETOUR)), chain=[reader(engine)], cache=cache, folder=folder)

    assert sorted(engine.spoken_texts) == sorted([OPENING, BRIDGE, CLOSING, DETOUR])
    assert spoken.attempts[0].cached == 2


class SlowEngine(CountingEngine):
    """Engine that reads `after` sentences, then hangs until `let_go`."""

    def __init__(self, *, name: str, after: int) -> None:
        super().__init__(name=name)
        self.after = after
        self.hangs = threading.Event()
        self.let_go = threading.Event()

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        if len(self.spoken_texts) >= self.after:
            self.hangs.set()
            self.let_go.wait(60)
        super().synthesize(text, voice, path)


@dataclass(frozen=True, slots=True)
class WhenItHangs(Deadline):
    """Deadline that ends when the engine hangs, so that the test does not depend on the machine's speed."""

    engine: SlowEngine

    @property
    def left_s(self) -> float:
        assert self.engine.hangs.wait(60)
        return 0.0

    def share(self, part: float) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Plenty(Deadline):
    """Deadline with enough time for the last reader; the reader before has time until it hangs."""

    engine: SlowEngine

    def share(self, part: float) -> WhenItHangs:  # type: ignore[override]
        return WhenItHangs(self.at_s, engine=self.engine)


def in_a_minute() -> float:
    return time.monotonic() + 60


def cut(kind: Cut, *texts: str) -> Passage:
    return replace(passage(*texts), cut=kind)


def long_script() -> Script:
    return make_script(
        cut(Cut.SHORT, BRIDGE), cut(Cut.NORMAL, BRIDGE, DETOUR), cut(Cut.LONG, BRIDGE, DETOUR, WHEN)
    )


def test_a_slow_voice_gives_way_to_the_next(cache: SpeechCache, folder: Path) -> None:
    slow, quick = SlowEngine(name="slow", after=1), CountingEngine(name="quick")

    spoken = speak_script(
        long_script(),
        chain=[reader(slow), reader(quick)],
        cache=cache,
        folder=folder,
        deadline=Plenty(in_a_minute(), engine=slow),
    )
    slow.let_go.set()

    assert spoken.voice.engine == "quick"
    assert len(spoken.clips) == len(list(long_script().passages()))
    assert spoken.attempts[0].reason == (
        "voice engine slow: too slow, spoke only 1 of 5 sentences in time; "
        "put a faster voice before it in [speech] chain"
    )


def test_at_the_deadline_the_finished_clips_are_used(cache: SpeechCache, folder: Path) -> None:
    """The opening, the closing and the short cuts are synthesized first."""
    slow = SlowEngine(name="slow", after=3)

    spoken = speak_script(
        long_script(),
        chain=[reader(slow)],
        cache=cache,
        folder=folder,
        deadline=WhenItHangs(in_a_minute(), engine=slow),
    )
    slow.let_go.set()

    assert [clip.passage.text for clip in spoken.clips] == [OPENING, BRIDGE, CLOSING]


def test_without_a_story_nothing_goes_out(cache: SpeechCache, folder: Path) -> None:
    slow = SlowEngine(name="slow", after=2)

    with pytest.raises(NoVoiceError, match="slow"):
        speak_script(
            long_script(),
            chain=[reader(slow)],
            cache=cache,
            folder=folder,
            deadline=WhenItHangs(in_a_minute(), engine=slow),
        )
    slow.let_go.set()


def test_a_deadline_that_is_met_changes_nothing(cache: SpeechCache, folder: Path) -> None:
    engine = CountingEngine(at_once=2)

    spoken = speak_script(
        long_script(), chain=[reader(engine)], cache=cache, folder=folder, deadline=Deadline.after(60)
    )

    assert [clip.passage for clip in spoken.clips] == list(long_script().passages())
