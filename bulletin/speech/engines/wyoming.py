"""Voices of the network that speak the Wyoming protocol of Home Assistant: Piper and others, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.cloned_voices.stock_voice_names import is_stock_voice
from bulletin.speech.engine_interface import Engine
from bulletin.speech.join_speech_into_wav_clips import write_sentence
from bulletin.speech.servers.decode_pcm import decode_pcm
from bulletin.speech.servers.wyoming_connection import WyomingEvent, WyomingServer
from bulletin.speech.split_text_at_engine_limit import split_text

_CHECK_TIMEOUT_S = 8.0
_CHARACTERS_AT_MOST = 4000
_PACE_WPS = 2.8
_VOICES_IN_A_MESSAGE = 12
_LANGUAGE_OF_NAME = re.compile(r"([a-z]{2,3})[_-]([A-Z]{2})(?=[-_])")
"""Piper's names begin with the language: "en_GB-alba-medium"."""
_PIPER = {
    "en-GB": "en_GB-alba-medium", "en-US": "en_US-lessac-medium", "en": "en_GB-alba-medium",
    "de": "de_DE-thorsten-medium", "es": "es_ES-davefx-medium", "fr": "fr_FR-siwis-medium",
    "it": "it_IT-paola-medium", "nl": "nl_NL-mls-medium", "pt": "pt_PT-tugão-medium", "pt-BR": "pt_BR-faber-medium",
}  # fmt: skip
"""Voice of Piper for a language, where the profile names none."""


class WyomingEngine(Engine):
    """
    `voices` are the server's names, "name" or "name#speaker"; the first is the default.

    Without them it is Piper's voice for the language, else whatever voice the server has for it. The
    protocol has no speed: set it at the server. `not_cloned` are voices that imitate nobody although their names are
    unknown here.
    """

    name = "wyoming"
    is_local = False
    clone_remedy = '; if it imitates nobody, write not_cloned = ["{voice}"] in [speech.engines.wyoming]'

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        uri: str = "tcp://127.0.0.1:10200",
        voices: tuple[str, ...] = (),
        timeout_s: float = 30.0,
        at_once: int = 2,
        not_cloned: tuple[str, ...] = (),
    ) -> None:
        self._server = WyomingServer(name=self.name, uri=uri)
        self._server.check_uri("[speech.engines.wyoming] uri")
        self._language = language
        self._names = voices or (_find_by_language(_PIPER, language) or language,)
        self._timeout_s = timeout_s
        self._not_cloned = (*not_cloned, language)
        self.at_once = max(1, at_once)

    @property
    def fingerprint(self) -> str:
        return f"wyoming {self._server.uri}"

    @property
    def provider(self) -> str:
        return self._server.uri

    def check(self) -> None:
        known = self._describe()
        for name in self._names:
            self._check_voice(name, known)

    def notes(self) -> tuple[str, ...]:
        return (f"{self._server.uri} has {self._list(self._describe())}",)

    def voices(self) -> tuple[Voice, ...]:
        attribution = Attribution(
            name=f"Wyoming server at {self._server.uri}", licence="the voice's own", url=self._server.uri
        )
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language=_language_of_name(name) or self._language,
                description=f"at {self._server.uri}",
                attribution=attribution,
                pace_wps=_PACE_WPS,
            )
            for name in self._names
        )

    def may_be_clone(self, voice: Voice) -> bool:
        return voice.name not in self._not_cloned and not is_stock_voice(voice.name)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        parts, rate_hz = [], 0
        for piece in split_text(text, most=_CHARACTERS_AT_MOST):
            samples, rate_hz = self._say(piece, voice.name)
            parts.append(samples)
        write_sentence(parts, path, rate_hz=rate_hz, engine=self.name, text=text)

    def _say(self, text: str, name: str) -> tuple[Samples, int]:
        data = {"text": text, "voice": self._ask_for(name)}
        events = self._server.ask("synthesize", data, last="audio-stop", timeout_s=self._timeout_s)
        chunks = [event for event in events if event.type == "audio-chunk"]
        if not chunks:
            raise BadSpeechError(f'wyoming: the server sent no sound for "{text[:60]}"; check its log')
        formats = {_format_of(event) for event in events if event.type in ("audio-start", "audio-chunk")}
        if len(formats) > 1:
            named = ", ".join(
                f"{rate} Hz {8 * width} bits {channels} channels" for rate, width, channels in sorted(formats)
            )
            raise BadSpeechError(f"wyoming: the format changes within a sentence ({named}); check the server")
        rate_hz, width, channels = formats.pop()
        sound = b"".join(event.payload for event in chunks)
        return decode_pcm(sound, name=self.name, rate_hz=rate_hz, width=width, channels=channels), rate_hz

    def _ask_for(self, name: str) -> dict[str, str]:
        """The voice of a request: its name, and its speaker if it has several, or only a language."""
        if name == self._language:
            return {"language": name}
        voice, _, speaker = name.partition("#")
        return {"name": voice, "speaker": speaker} if speaker else {"name": voice}

    def _describe(self) -> dict[str, _ServerVoice]:
        *_, info = self._server.ask(
            "describe", {}, last="info", timeout_s=min(_CHECK_TIMEOUT_S, self._timeout_s)
        )
        voices = {voice.name: voice for voice in _read_voices(info.data)}
        if not voices:
            raise EngineUnavailableError(f"wyoming: {self._server.uri} offers no voices; correct uri")
        return voices

    def _list(self, known: Mapping[str, _ServerVoice]) -> str:
        """Voices of the station's language, and how many others, for a message."""
        same_accent_first = sorted(known.values(), key=lambda voice: self._language not in voice.languages)
        named = [voice.described for voice in same_accent_first if voice.speaks(self._language)]
        languages = {_base(language) for voice in known.values() for language in voice.languages}
        listed = ", ".join(named[:_VOICES_IN_A_MESSAGE]) or f"no voice for {self._language}"
        if len(known) > len(named[:_VOICES_IN_A_MESSAGE]):
            listed += f" (of {len(known)} voices; languages: {', '.join(sorted(languages))})"
        return listed

    def _check_voice(self, name: str, known: Mapping[str, _ServerVoice]) -> None:
        """Raise EngineUnavailableError for a voice that the server has not, or of another language."""
        wanted, _, speaker = name.partition("#")
        if wanted == self._language:
            # a server may ignore the language and use its own default voice
            if not all(voice.speaks(self._language) for voice in known.values()):
                raise EngineUnavailableError(
                    f"wyoming: name a voice in [speech.engines.wyoming] voices; the server has {self._list(known)}"
                )
            return
        voice = known.get(wanted)
        if voice is None:
            raise EngineUnavailableError(f'wyoming: no voice "{wanted}"; the server has {self._list(known)}')
        if not voice.speaks(self._language):
            raise EngineUnavailableError(
                f"wyoming: the voice {wanted} speaks {', '.join(voice.languages)}, not {self._language}; name another"
            )
        if speaker and speaker not in voice.speakers:
            listed = ", ".join(voice.speakers) or "none"
            raise EngineUnavailableError(f'wyoming: {wanted} has no speaker "{speaker}" (known: {listed})')


@dataclass(frozen=True, slots=True, kw_only=True)
class _ServerVoice:
    """A voice as the server describes it."""

    name: str
    languages: tuple[str, ...]
    speakers: tuple[str, ...]

    @property
    def described(self) -> str:
        speakers = f"; speakers {', '.join(self.speakers[:6])}" if self.speakers else ""
        return f"{self.name} ({', '.join(self.languages)}{speakers})"

    def speaks(self, language: str) -> bool:
        """Whether it speaks the language, with any accent; a voice without languages may."""
        codes = {_base(code) for code in self.languages}
        return not codes or _base(language) in codes


def _read_voices(info: Mapping[str, Any]) -> Iterable[_ServerVoice]:
    """Voices of the event "info"."""
    programs = [program for program in _list_in(info, "tts") if isinstance(program, dict)]
    voices = [
        voice for program in programs for voice in _list_in(program, "voices") if isinstance(voice, dict)
    ]
    for voice in voices:
        speakers = (
            speaker.get("name") for speaker in _list_in(voice, "speakers") if isinstance(speaker, dict)
        )
        yield _ServerVoice(
            name=str(voice.get("name")),
            languages=tuple(str(code).replace("_", "-") for code in _list_in(voice, "languages")),
            speakers=tuple(str(name) for name in speakers),
        )


def _list_in(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name)
    return value if isinstance(value, list) else []


def _format_of(event: WyomingEvent) -> tuple[int, int, int]:
    return event.number("rate"), event.number("width"), event.number("channels")


def _language_of_name(name: str) -> str:
    match = _LANGUAGE_OF_NAME.match(name)
    return f"{match[1]}-{match[2]}" if match else ""


def _find_by_language(table: Mapping[str, str], language: str) -> str:
    return table.get(language) or table.get(_base(language), "")


def _base(language: str) -> str:
    """ "en_GB" and "en-GB" -> "en"."""
    return re.split(r"[-_]", language, maxsplit=1)[0].casefold()
