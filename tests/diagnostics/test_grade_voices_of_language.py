from __future__ import annotations

from typing import Any

from bulletin.diagnostics.grade_voices_of_language import grade_voices
from bulletin.model import Voice
from bulletin.speech.voice_factory import VoiceListing


def listing(engine: str, *names: str, is_local: bool = True, problem: str = "", **voice: Any) -> VoiceListing:
    voices = tuple(Voice(name=name, engine=engine, language="de-DE", **voice) for name in names)
    return VoiceListing(engine=engine, voices=voices, is_local=is_local, problem=problem)


def told(*listings: VoiceListing) -> list[str]:
    return [f"{f.verdict} {f.part}: {f.message}" for f in grade_voices("de", listings)]


def test_each_voice_is_natural_or_robotic_installed_or_not_and_says_whether_it_needs_the_network() -> None:
    assert told(
        listing("espeak", "de", is_natural=False),
        listing("gtts", "com", is_local=False),
        listing("kokoro", "a", "b", install="bulletin voices install kokoro"),
        listing("openai", "alloy", is_local=False, problem="openai: OPENAI_API_KEY is not set"),
        listing("tone", "hum"),
    ) == [
        "ok voice espeak: robotic, offline; installed: de",
        "ok voice gtts: natural, needs the network; ready: com",
        "warning voice kokoro: natural, offline; not installed: a, b; run `bulletin voices install kokoro`",
        "warning voice openai: natural, needs the network; not ready: alloy; OPENAI_API_KEY is not set",
    ]


def test_a_language_without_a_voice_that_is_ready_is_a_warning() -> None:
    broken = listing("espeak", "de", is_natural=False, problem="espeak: not found")

    assert told(broken)[-1].startswith("warning voices: none for de is ready")
    assert told() == ["warning voices: no engine of this machine lists a voice for de; see docs/VOICES.md"]
