"""gTTS: the voice of Google Translate, free and without any promise by Google."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bulletin.errors import BadSpeechError, ConfigError, EngineBusyError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.engine_interface import Engine
from bulletin.speech.join_speech_into_wav_clips import write_sentence
from bulletin.speech.servers.ai_model_http_client import (
    ModelClient,
    ModelReply,
    NoConnectionError,
)
from bulletin.speech.servers.character_budget import Counts
from bulletin.speech.servers.check_mp3_is_complete import ends_whole
from bulletin.speech.servers.circuit_breaker import CircuitBreaker
from bulletin.speech.servers.retry_short_waits import with_retries
from bulletin.speech.split_text_at_engine_limit import split_text
from bulletin.speech.trim_and_level_speech import check_length, trim_silence

_CHARACTERS_AT_MOST = 100
_BLOCKED_S = 600.0
"""A captcha page names no time; ten minutes are often enough."""
_OTHER_ENGINE = "name another voice in [speech] chain"
_PACE_WPS = 2.7
_GOOGLE = Attribution(
    name="Google Translate", licence="Google's terms of service", url="https://policies.google.com/terms"
)

_ACCENTS = {
    "en": {
        "co.uk": "en-GB", "com": "en-US", "ie": "en-IE", "com.au": "en-AU",
        "ca": "en-CA", "co.in": "en-IN", "co.za": "en-ZA", "com.ng": "en-NG",
    },
    "fr": {"fr": "fr-FR", "ca": "fr-CA"},
    "pt": {"pt": "pt-PT", "com.br": "pt-BR"},
    "es": {"es": "es-ES", "com.mx": "es-MX", "us": "es-US"},
}  # fmt: skip
"""Language -> top-level domain -> accent. Only these: gTTS puts the word unchecked into a host name."""


class GttsEngine(Engine):
    """
    One request at a time, at most 100 characters each, half a second apart.

    Google blocks a client that asks too often, in several silent ways; each of them is detected here and
    opens the circuit breaker for a while. gTTS itself would not verify the server's certificate. So it only
    prepares the requests, and ModelClient sends them. `ca_file` names the PEM file of an authority in place
    of the system's. gTTS has two speeds: below 0.8 it reads slowly.
    """

    name = "gtts"
    is_local = False

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        tld: str = "",
        timeout_s: float = 8.0,
        gap_s: float = 0.5,
        tries: int = 3,
        pause_min: float = 10.0,
        ca_file: str = "",
    ) -> None:
        self._language = language
        self._is_slow = speed < 0.8
        self._tlds = _order_accents(language, tld)
        self._client = ModelClient(
            name=self.name, timeout_s=timeout_s, ca_file=ca_file, remedy="; this voice needs the internet"
        )
        self._gap_s = self.pause_s = gap_s
        self._tries = max(1, tries)
        memory = (folder or data_folder()) / "gtts-pause.json"
        self._breaker = CircuitBreaker(memory, name=self.name, first=timedelta(minutes=pause_min))
        self._asked_at_s = -gap_s

    @property
    def fingerprint(self) -> str:
        # Without the version of gTTS: the voice is the server's. "verified" excludes speech that was cached
        # before certificates were verified.
        return f"gtts verified language={_google_code(self._language)} slow={self._is_slow}"

    def share_counts(self, counts_of: Callable[[str], Counts]) -> None:
        self._breaker.share(counts_of("gtts-pause"))

    def check(self) -> None:
        self._breaker.check()
        self._client.check(f"https://translate.google.{next(iter(self._tlds))}/")

    def voices(self) -> tuple[Voice, ...]:
        return tuple(
            Voice(
                name=tld,
                engine=self.name,
                language=accent,
                description=f"Google Translate at translate.google.{tld}",
                attribution=_GOOGLE,
                pace_wps=_PACE_WPS * (0.7 if self._is_slow else 1.0),
            )
            for tld, accent in self._tlds.items()
        )

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        pieces = split_text(text, most=_CHARACTERS_AT_MOST)
        if not pieces:
            raise BadSpeechError(f'gtts: no word to speak in "{text[:60]}"; {_OTHER_ENGINE}')
        self._breaker.check()
        try:
            parts, rate_hz = self._say_all(pieces, voice)
        except NoConnectionError:
            raise
        except (EngineBusyError, EngineUnavailableError) as error:
            at_least_s = error.retry_after_s if isinstance(error, EngineBusyError) else 0.0
            self._breaker.open(str(error), at_least_s=at_least_s)
            raise
        self._breaker.close()
        write_sentence(parts, path, rate_hz=rate_hz, engine=self.name, text=text)

    def _say_all(self, pieces: tuple[str, ...], voice: Voice) -> tuple[list[Samples], int]:
        # A server that hangs is asked twice, not three times.
        say = with_retries(
            self._say_piece, engine=self.name, tries=self._tries, timeout_s=1.5 * self._client.timeout_s
        )
        spoken = [say(piece, voice) for piece in pieces]
        return [samples for samples, _ in spoken], spoken[0][1]

    def _say_piece(self, piece: str, voice: Voice) -> tuple[Samples, int]:
        """One request, `gap_s` after the last at the earliest."""
        time.sleep(max(0.0, self._asked_at_s + self._gap_s - time.monotonic()))
        try:
            data = self._ask(piece, voice.name)
        finally:
            self._asked_at_s = time.monotonic()
        if not data:
            words = (
                "gtts: Google sent no speech, perhaps it blocks this network (captcha); trying again later"
            )
            raise EngineBusyError(words, retry_after_s=_BLOCKED_S)
        if not ends_whole(data):
            raise BadSpeechError("gtts: the speech was cut off during the download; trying again later")
        sound, rate_hz = self._client.read_sound(data)
        samples = trim_silence(sound, rate_hz=rate_hz)
        check_length(samples.size / rate_hz, text=piece, pace_wps=voice.pace_wps)
        return samples, rate_hz

    def _ask(self, piece: str, tld: str) -> bytes:
        """The MP3 of a piece, by the requests that gTTS prepares."""
        from gtts import gTTS

        try:
            requests = gTTS(
                piece,
                tld=tld,
                lang=_google_code(self._language),
                slow=self._is_slow,
                lang_check=False,
                pre_processor_funcs=[],
            )._prepare_requests()
        except AssertionError as error:
            raise BadSpeechError(f'gtts: no word to speak in "{piece}"; {_OTHER_ENGINE}') from error
        return b"".join(
            _speech_of(
                self._client.request("POST", request.url, headers=request.headers, body=request.body.encode())
            )
            for request in requests
        )


def _order_accents(language: str, tld: str) -> dict[str, str]:
    """The station's accent first; `tld`, when given, before it."""
    known = _ACCENTS.get(language.partition("-")[0], {"com": language})
    if tld and tld not in known:
        raise ConfigError(f'[speech.engines.gtts] tld = "{tld}": must be one of {", ".join(known)}')
    first = tld or next((name for name, accent in known.items() if accent == language), next(iter(known)))
    return {first: known[first]} | known


def _google_code(language: str) -> str:
    """ "en-GB" -> "en"; Chinese and a few others are distinguished by region."""
    with_region = {"zh-CN", "zh-TW", "fr-CA", "pt-PT"}
    return language if language in with_region else language.partition("-")[0]


_SPEECH = re.compile(r'jQ1olc","\[\\"(.*)\\"]')
"""The sound within a line of the answer, as gTTS finds it."""


def _speech_of(reply: ModelReply) -> bytes:
    """The MP3 in an answer; empty when no line holds one."""
    _check_status(reply)
    try:
        lines = [line for line in reply.body.decode().splitlines() if "jQ1olc" in line]
        matches = [_SPEECH.search(line) for line in lines]
        if None in matches:
            raise BadSpeechError(f"gtts: Google's answer holds no speech; if this lasts, {_OTHER_ENGINE}")
        return b"".join(base64.b64decode(match[1].encode("ascii")) for match in matches if match)
    except ValueError as error:  # broken base64 or UTF-8
        raise BadSpeechError(f"gtts: Google's answer is damaged ({error}); trying again later") from error


def _check_status(reply: ModelReply) -> None:
    status = reply.status
    if status in (403, 429):
        raise EngineBusyError(
            f"gtts: Google refuses (HTTP {status})", retry_after_s=reply.retry_after_s(_BLOCKED_S)
        )
    if 300 <= status < 400:
        host = urlsplit(reply.headers.get("Location", "")).hostname or "another address"
        raise EngineBusyError(
            f"gtts: Google redirects to {host} (HTTP {status}), probably to a captcha; trying again later",
            retry_after_s=_BLOCKED_S,
        )
    if status != 200:
        raise EngineUnavailableError(f"gtts: Google answers HTTP {status}")
