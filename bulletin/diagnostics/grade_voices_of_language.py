"""Voices of a language on this machine: natural or robotic, offline or by a network, ready or what they need first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.language.language_folders import base_of
from bulletin.model import Voice
from bulletin.model.diagnostic_findings import Finding, ok, warning
from bulletin.speech.voice_factory import VoiceListing

_MOST_NAMES = 4
_FOR_TESTS = "tone"


def grade_voices(language: str, listings: Sequence[VoiceListing]) -> tuple[Finding, ...]:
    """
    A finding for each engine that has a voice for the language; one that cannot speak now is a warning.

    `listings` were made for that language.
    """
    findings = tuple(_findings(language, listings))
    if not findings:
        lacking = f"no engine of this machine lists a voice for {language}; see docs/VOICES.md"
        return (warning("voices", lacking),)
    if all(finding.verdict != "ok" for finding in findings):
        lacking = f"none for {language} is ready on this machine; the lines above say what each needs"
        return (*findings, warning("voices", lacking))
    return findings


def _findings(language: str, listings: Sequence[VoiceListing]) -> Iterator[Finding]:
    for listing in listings:
        if listing.engine == _FOR_TESTS:
            continue
        voices = [voice for voice in listing.voices if base_of(voice.language) == base_of(language)]
        for is_natural in (True, False):
            fitting = [voice for voice in voices if voice.is_natural == is_natural]
            if fitting:
                yield _finding(listing, fitting)


def _finding(listing: VoiceListing, voices: Sequence[Voice]) -> Finding:
    """
    One line: "natural, needs the network; not ready: alloy, ash; openai: the environment variable ...".
    """
    part = f"voice {listing.engine}"
    sound = "natural" if voices[0].is_natural else "robotic"
    place = "offline" if listing.is_local else "needs the network"
    there = [voice for voice in voices if not voice.install]
    remedy = listing.problem.removeprefix(f"{listing.engine}: ")
    if not remedy and there:
        state = "installed" if listing.is_local else "ready"
        more = len(voices) - len(there)
        others = f"; {more} more: `{_first_install(voices)}`" if more else ""
        return ok(part, f"{sound}, {place}; {state}: {_names(there)}{others}")
    state = "not installed" if listing.is_local else "not ready"
    remedy = remedy or f"run `{_first_install(voices)}`"
    return warning(part, f"{sound}, {place}; {state}: {_names(voices)}; {remedy}")


def _first_install(voices: Sequence[Voice]) -> str:
    return next(voice.install for voice in voices if voice.install)


def _names(voices: Sequence[Voice]) -> str:
    shown = ", ".join(voice.name for voice in voices[:_MOST_NAMES])
    return f"{shown} and {len(voices) - _MOST_NAMES} more" if len(voices) > _MOST_NAMES else shown
