"""Names in a profile -> readers; and what can be had here, for `bulletin voices`."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.errors import ConfigError, SpeechError
from bulletin.model import Voice
from bulletin.runtime.plugins import find_part, known_parts
from bulletin.speech.engine_port import ENGINES, Engine
from bulletin.speech.speak_script import VoiceReader
from bulletin.speech.speech_folders import data_folder

_OURS = ("speed", "language", "folder", "phonemes")
"""Arguments of every engine that come from elsewhere than its own table of options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceListing:
    """One engine, as it is found here."""

    engine: str
    voices: tuple[Voice, ...]
    is_local: bool
    problem: str = ""
    """Why it does not work here and what to do; empty when it works."""


def build_chain(
    names: Sequence[str],
    *,
    engines: Mapping[str, Mapping[str, Any]],
    speed: float,
    language: str,
    folder: Path | None = None,
    phonemes: Mapping[str, str] | None = None,
) -> tuple[VoiceReader, ...]:
    """
    Build the readers of a profile's chain: "engine" (its default voice) or "engine:voice".

    `engines` holds the tables [speech.engines.<name>]; `folder` is where engines keep models and
    memories, by default the user's; `phonemes` are those of the lexicon (respelling -> IPA), for engines
    whose constructor asks for them. Raises ConfigError with the nearest name for an unknown engine,
    voice or option, also in tables of engines that the chain does not use.
    """
    for name, options in engines.items():
        if not _is_engine(name):
            known = known_parts("engines", ENGINES)
            raise ConfigError(f"[speech.engines.{name}]: no such engine{_hint(name, known)}")
        _engine(name, options, speed=speed, language=language, folder=folder)
    return tuple(
        _reader(entry, engines=engines, speed=speed, language=language, folder=folder, phonemes=phonemes)
        for entry in names
    )


def find_voice(
    name: str, *, engines: Mapping[str, Mapping[str, Any]], language: str, folder: Path | None = None
) -> str:
    """
    "bf_emma" -> "kokoro:bf_emma", the entry for a chain; "engine" and "engine:voice" stay as they are.

    Raises ConfigError with the nearest name for a voice that no engine has.
    """
    if _is_engine(name):
        return name
    known = known_parts("engines", ENGINES)
    entries = {
        voice.name: f"{engine}:{voice.name}"
        for engine in reversed(known)
        for voice in _engine(
            engine, engines.get(engine, {}), speed=1.0, language=language, folder=folder
        ).voices()
    }
    if name in entries:
        return entries[name]
    raise ConfigError(
        f'no voice is called "{name}"{_hint(name, (*known, *entries))} (`bulletin voices` lists them all)'
    )


def _is_engine(name: str) -> bool:
    """Strangers' engines are looked for last: every installed package is asked for them."""
    return ":" in name or name in ENGINES or name in known_parts("engines", ENGINES)


def list_voices(
    *,
    engines: Mapping[str, Mapping[str, Any]] | None = None,
    language: str = "en-GB",
    folder: Path | None = None,
) -> tuple[VoiceListing, ...]:
    """Every engine, its voices and what it lacks here; loads no model."""
    return tuple(
        _list(name, (engines or {}).get(name, {}), language=language, folder=folder)
        for name in known_parts("engines", ENGINES)
    )


def _list(name: str, options: Mapping[str, Any], *, language: str, folder: Path | None) -> VoiceListing:
    try:
        engine = _engine(name, options, speed=1.0, language=language, folder=folder)
    except ConfigError as error:  # a stranger's engine that cannot be loaded must not hide the others
        return VoiceListing(engine=name, voices=(), is_local=False, problem=str(error))
    try:
        engine.check()
        problem = ""
    except SpeechError as error:
        problem = str(error)
    return VoiceListing(engine=name, voices=engine.voices(), is_local=engine.is_local, problem=problem)


def _reader(
    entry: str,
    *,
    engines: Mapping[str, Mapping[str, Any]],
    speed: float,
    language: str,
    folder: Path | None,
    phonemes: Mapping[str, str] | None,
) -> VoiceReader:
    name, voice_name = _split(entry)
    if voice_name and not _is_engine(name):
        known = known_parts("engines", ENGINES)
        raise ConfigError(
            f'"{entry}" is read as voice "{voice_name}" of engine "{name}", and there is no such '
            f"engine{_hint(name, known)} (known: {', '.join(known)}); if {voice_name} is a class in your module "
            f'{name}, name a voice of it too, "{entry}:VOICE", or have the module in a package, "package.{entry}"'
        )
    engine = _engine(
        name, engines.get(name, {}), speed=speed, language=language, folder=folder, phonemes=phonemes
    )
    voices = engine.voices()
    if not voice_name:
        return VoiceReader(engine=engine, voice=voices[0])
    for voice in voices:
        if voice.name == voice_name:
            return VoiceReader(engine=engine, voice=voice)
    names = [voice.name for voice in voices]
    raise ConfigError(
        f'{name} has no voice "{voice_name}"{_hint(voice_name, names)} (known: {", ".join(names)})'
    )


def _split(entry: str) -> tuple[str, str]:
    """ "engine", "engine:voice"; a stranger's "module:attribute" stays whole, with "…:attribute:voice"."""
    if entry.count(":") >= 2 or ("." in entry.partition(":")[0] and ":" in entry):
        module, _, rest = entry.partition(":")
        attribute, _, voice = rest.partition(":")
        return f"{module}:{attribute}", voice
    name, _, voice = entry.partition(":")
    return name, voice


def _engine(
    name: str,
    options: Mapping[str, Any],
    *,
    speed: float,
    language: str,
    folder: Path | None,
    phonemes: Mapping[str, str] | None = None,
) -> Engine:
    make = find_part("engines", name, ENGINES)
    asked = inspect.signature(make).parameters
    known = {key: parameter.default for key, parameter in asked.items() if key not in _OURS}
    given = {key: _fit(name, key, value, known) for key, value in options.items()}
    if "phonemes" in asked:
        given["phonemes"] = phonemes or {}
    engine: Engine = make(speed=speed, language=language, folder=folder or data_folder(), **given)
    return engine


def _fit(engine: str, key: str, value: Any, known: Mapping[str, Any]) -> Any:
    """Refuse an option that does not exist or is of another kind than its default."""
    place = f"[speech.engines.{engine}]"
    if key not in known:
        listed = ", ".join(known) or "none"
        raise ConfigError(f"{place} has no option '{key}'{_hint(key, list(known))} (known: {listed})")
    default = known[key]
    if isinstance(default, tuple) and isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        kind = {str: "text", float: "a number", int: "a whole number", bool: "true or false"}
        wanted = kind.get(type(default), "a list of texts")
        raise ConfigError(f"{place} {key} = {value!r}: must be {wanted}")
    return value


def _hint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""
