"""Consent of the person whose voice is imitated."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bulletin.errors import ConsentError, EngineUnavailableError
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.cloned_voices.consent import Consent
from bulletin.speech.engine_interface import Engine, VoiceReader
from bulletin.speech.engines.elevenlabs import ElevenlabsEngine
from bulletin.speech.engines.openai import OpenaiEngine
from bulletin.speech.engines.tone_for_tests import ToneEngine
from bulletin.speech.engines.wyoming import WyomingEngine
from bulletin.speech.speak_script import speak_script
from bulletin.speech.voice_factory import build_chain
from tests.speech.engines.elevenlabs_server import JO, KEY, ElevenlabsStandIn
from tests.speech.test_speak_script import make_script
from tests.support.fake_engines import CountingEngine


def consent(folder: Path, *, voice: str = "counting:low") -> Consent:
    file = folder / "jo.pdf"
    file.write_bytes(b"signed")
    digest = hashlib.sha256(b"signed").hexdigest()
    return Consent(voice=voice, person="Jo Bell", given=date(2026, 11, 2), file=file, sha256=digest)


def reader(engine: Engine) -> VoiceReader:
    return VoiceReader(engine=engine, voice=engine.voices()[0])


class Clone(CountingEngine):
    def may_be_clone(self, voice: object) -> bool:
        return True


def test_a_signed_file_must_be_there_unchanged(tmp_path: Path) -> None:
    given = consent(tmp_path)
    given.check()
    given.check_day(date(2026, 11, 1))  # it is the second already further east
    with pytest.raises(ConsentError, match="has the date 2026-11-02, which is to come"):
        given.check_day(date(2026, 10, 31))

    given.file.write_bytes(b"signed by another")
    with pytest.raises(
        ConsentError, match=r"consent of Jo Bell: .*jo\.pdf is not the file that was recorded"
    ):
        given.check()
    given.file.unlink()
    with pytest.raises(ConsentError, match=r"jo\.pdf \(No such file"):
        given.check()


@pytest.mark.parametrize(
    ("engine", "is_clone"),
    [
        (OpenaiEngine(), False),
        (OpenaiEngine(voices=("af_bella(2)+af_sky(1)",)), False),
        (OpenaiEngine(voices=("af_v0bella",)), False),
        (OpenaiEngine(voices=("echo-alt",)), False),
        (OpenaiEngine(voices=("voice-en-us-amy-low",)), False),
        (OpenaiEngine(voices=("amy",), model="speaches-ai/piper-en_US-amy-low"), False),
        (OpenaiEngine(voices=("jo",), model="speaches-ai/piper-en_US-amy-low"), True),
        (OpenaiEngine(voices=("voice_a1b2",)), True),
        (OpenaiEngine(voices=("jo",)), True),
        (OpenaiEngine(voices=("jo",), not_cloned=("jo",)), False),
        (WyomingEngine(), False),
        (WyomingEngine(language="cy"), False),
        (WyomingEngine(voices=("en_GB-vctk-medium#p225",)), False),
        (WyomingEngine(voices=("jo-reference",)), True),
        (ElevenlabsEngine(), False),
        (ToneEngine(), False),
    ],
)
def test_a_voice_with_an_unknown_name_needs_a_consent(engine: Engine, is_clone: bool) -> None:
    assert engine.may_be_clone(engine.voices()[0]) is is_clone
    if is_clone:
        with pytest.raises(ConsentError, match=r"record it in \[\[speech\.consents\]\].*not_cloned = \[\""):
            reader(engine).check_consent()


def test_elevenlabs_says_which_voices_are_clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.setenv("ELEVENLABS_API_KEY", KEY)
    with ElevenlabsStandIn() as server:
        engine = ElevenlabsEngine(
            base_url=server.root, folder=tmp_path, voices=(f"jo={JO}", "pr0fessional", "gone")
        )
        jo, pat, gone = engine.voices()

        assert engine.may_be_clone(jo)
        assert engine.may_be_clone(pat)
        with pytest.raises(EngineUnavailableError, match="not found"):
            engine.may_be_clone(gone)
    with pytest.raises(EngineUnavailableError, match="cannot be reached"):  # in doubt it does not read
        VoiceReader(engine=engine, voice=jo).check_consent()


@pytest.mark.slow
def test_a_clone_without_consent_is_not_heard_from_the_cache_either(tmp_path: Path) -> None:
    given, clone = consent(tmp_path), Clone()
    allowed = replace(reader(clone), consent=given)
    cache, script = SpeechCache(tmp_path / "cache"), make_script()
    assert speak_script(script, chain=[allowed], cache=cache, folder=tmp_path).voice.engine == "counting"
    spoken_before = len(clone.spoken_texts)

    for withdrawn in (replace(allowed, consent=replace(given, sha256="0" * 64)), reader(clone)):
        spoken = speak_script(script, chain=[withdrawn, reader(ToneEngine())], cache=cache, folder=tmp_path)

        assert spoken.voice.engine == "tone"
        assert "consent" in spoken.attempts[0].reason
    assert len(clone.spoken_texts) == spoken_before


def test_a_chain_knows_whose_voice_it_has(tmp_path: Path) -> None:
    given = consent(tmp_path, voice="tone:low")
    imitating, other = build_chain(
        ["tone", "tone:high"], engines={}, speed=1.0, language="en-GB", consents=[given]
    )

    assert (imitating.voice.imitates, imitating.voice.consented) == ("Jo Bell", date(2026, 11, 2))
    assert imitating.consent == given
    assert other.consent is None
