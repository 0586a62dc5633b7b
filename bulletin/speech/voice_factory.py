"""Names in a profile -> VoiceReaders; installed engines and voices for `bulletin voices`."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bulletin.errors import ConfigError, SpeechError
from bulletin.language.language_folders import shipped_languages
from bulletin.model import Voice
from bulletin.runtime.find_plugins import find_part, known_parts
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.speech.cloned_voices.consent import Consent
from bulletin.speech.engine_interface import ENGINES, Engine, VoiceReader
from bulletin.speech.voice_of_other_language import VoiceOfOtherLanguage

_OURS = ("speed", "language", "folder", "phonemes")
"""Arguments of an engine's constructor that are not options of its table."""
_KINDS = {
    str: "text",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    tuple: "a list of texts",
}


Tables = Mapping[str, Mapping[str, Any]]
"""The tables [speech.engines.<name>]."""
_Build = Callable[..., Engine]
"""Name of an engine, and `language` for another one than the station's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceListing:
    """One engine on this machine."""

    engine: str
    voices: tuple[Voice, ...]
    is_local: bool
    problem: str = ""
    """Why it does not work, with the remedy; empty when it works."""
    notes: tuple[str, ...] = ()
    """What a user should know of it now: the voices of its server, what it charges."""


def build_chain(
    names: Sequence[str],
    *,
    engines: Tables,
    speed: float,
    language: str,
    folder: Path | None = None,
    phonemes: Mapping[str, str] | None = None,
    consents: Sequence[Consent] = (),
) -> tuple[VoiceReader, ...]:
    """
    Build the readers of a profile's chain: "engine" (its default voice) or "engine:voice".

    `engines` holds the tables [speech.engines.<name>]; `folder` is the engines' data folder, by default
    the user's; `phonemes` come from the lexicon (respelling -> IPA), for engines that take them; `consents` are of
    the persons whose voices are imitated.
    Raises ConfigError with the nearest name for an unknown engine, voice or option, also in tables of
    engines outside the chain.
    """
    build = partial(
        _build_engine, tables=engines, speed=speed, language=language, folder=folder, phonemes=phonemes
    )
    for name in engines:
        if not _is_engine(name):
            raise ConfigError(f"[speech.engines.{name}]: no such engine{_hint(name, _known_engines())}")
        build(name)
    return tuple(_with_consent(_build_reader(entry, build, language), consents) for entry in names)


def find_voice(name: str, *, engines: Tables, language: str, folder: Path | None = None) -> str:
    """
    "bf_emma" -> "kokoro:bf_emma", the entry for a chain; "engine" and "engine:voice" stay as they are.

    Raises ConfigError with the nearest name for an unknown voice.
    """
    if _is_engine(name):
        return name
    build = partial(_build_engine, tables=engines, language=language, folder=folder)
    known = _known_engines()
    entries = {
        voice.name: f"{engine}:{voice.name}" for engine in reversed(known) for voice in build(engine).voices()
    }
    if name not in entries:
        hint = _hint(name, (*known, *entries))
        raise ConfigError(f'unknown voice "{name}"{hint} (`bulletin voices` lists them all)')
    return entries[name]


def _is_engine(name: str) -> bool:
    """Built-in names first: a search for engines of other packages is slow."""
    return ":" in name or name in ENGINES or name in _known_engines()


def _known_engines() -> tuple[str, ...]:
    return known_parts("engines", ENGINES)


def list_voices(
    *,
    engines: Tables | None = None,
    language: str = "en-GB",
    folder: Path | None = None,
    asks: bool = True,
) -> tuple[VoiceListing, ...]:
    """Every engine with its voices and its problem, if any; loads no model, and asks no server without `asks`."""
    build = partial(_build_engine, tables=engines or {}, language=language, folder=folder)
    return tuple(_list(name, build, asks=asks) for name in _known_engines())


def _list(name: str, build: _Build, *, asks: bool) -> VoiceListing:
    engine = None
    problem = ""
    notes: tuple[str, ...] = ()
    try:
        engine = build(name)
        if asks or engine.is_local:
            engine.check()
            notes = engine.notes()
    except (ConfigError, SpeechError) as error:  # one broken engine must not hide the others
        problem = str(error)
    return VoiceListing(
        engine=name,
        voices=engine.voices() if engine else (),
        is_local=engine is not None and engine.is_local,
        problem=problem,
        notes=notes,
    )


def _build_reader(entry: str, build: _Build, language: str) -> VoiceReader:
    name, voice_name = _split(entry)
    if voice_name and not _is_engine(name):
        known = _known_engines()
        raise ConfigError(
            f'"{entry}": there is no speech engine "{name}"{_hint(name, known)} (known: {", ".join(known)}); '
            f'for the Python class {voice_name} of a module {name}, add the name of a voice: "{entry}:VOICE"'
        )
    engine = build(name)
    voices = {voice.name: voice for voice in engine.voices()}
    if voice_name and voice_name not in voices:
        if foreign := _find_foreign_voice(name, voice_name, build):
            return VoiceReader(
                engine=VoiceOfOtherLanguage(foreign, language=language, fitting=tuple(voices)), voice=foreign
            )
        hint = _hint(voice_name, list(voices))
        raise ConfigError(f'engine {name} has no voice "{voice_name}"{hint} (known: {", ".join(voices)})')
    return VoiceReader(engine=engine, voice=voices[voice_name or next(iter(voices))])


def _with_consent(reader: VoiceReader, consents: Sequence[Consent]) -> VoiceReader:
    entry = f"{reader.engine.name}:{reader.voice.name}"
    found = next((consent for consent in consents if consent.voice == entry), None)
    if not found:
        return reader
    voice = replace(reader.voice, imitates=found.person, consented=found.given)
    return replace(reader, voice=voice, consent=found)


def _split(entry: str) -> tuple[str, str]:
    """ "engine", "engine:voice", "module:attribute" or "module:attribute:voice" -> engine and voice."""
    name, *rest = entry.split(":", 2)
    if rest and (len(rest) == 2 or "." in name):
        name = f"{name}:{rest.pop(0)}"
    return name, rest[0] if rest else ""


def _build_engine(
    name: str,
    *,
    tables: Tables,
    language: str,
    folder: Path | None,
    speed: float = 1.0,
    phonemes: Mapping[str, str] | None = None,
) -> Engine:
    """Raises ConfigError for an unknown engine or option."""
    make = find_part("engines", name, ENGINES)
    parameters = inspect.signature(make).parameters
    known = {key: parameter.default for key, parameter in parameters.items() if key not in _OURS}
    options = {key: _fit(name, key, value, known) for key, value in tables.get(name, {}).items()}
    if "phonemes" in parameters:
        options["phonemes"] = phonemes or {}
    engine: Engine = make(speed=speed, language=language, folder=folder or data_folder(), **options)
    return engine


def _fit(engine: str, key: str, value: Any, known: Mapping[str, Any]) -> Any:
    """The value as the engine takes it. Raises ConfigError for an unknown option or a wrong type."""
    table = f"[speech.engines.{engine}]"
    if key not in known:
        listed = ", ".join(known) or "none"
        raise ConfigError(f"{table} has no option '{key}'{_hint(key, list(known))} (known: {listed})")
    default = known[key]
    if isinstance(default, tuple) and isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    if isinstance(default, float) and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        raise ConfigError(f"{table} {key} = {value!r}: must be {_KINDS[type(default)]}")
    return value


def _find_foreign_voice(engine: str, voice_name: str, build: _Build) -> Voice | None:
    for language in shipped_languages():
        for voice in build(engine, language=language).voices():
            if voice.name == voice_name:
                return voice
    return None


def _hint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""
