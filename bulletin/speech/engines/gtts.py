"""gTTS: Google Translate's voice, free and good, and gone whenever Google wishes."""

from __future__ import annotations

import base64
import io
import logging
import re
import time
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from bulletin.errors import (
    AudioError,
    BadSpeechError,
    ConfigError,
    EngineBusyError,
    EngineUnavailableError,
    SpeechError,
)
from bulletin.model import Attribution, Voice
from bulletin.runtime.installation import command_for_package
from bulletin.runtime.sound_file import Samples, read_sound, to_mono, write_wav
from bulletin.speech.clean_speech import check_length, join_parts, trim_silence
from bulletin.speech.sentence_chunks import split_text
from bulletin.speech.servers.circuit_breaker import CircuitBreaker
from bulletin.speech.servers.mp3_frame_count import ends_whole
from bulletin.speech.servers.reachability import finish_within, why_unreachable
from bulletin.speech.servers.speech_request import (
    NoConnectionError,
    SpeechReply,
    UntrustedError,
    post,
    read_authorities,
)
from bulletin.speech.speech_folders import data_folder

log = logging.getLogger(__name__)

_CHARACTERS_AT_MOST = 100
_WORTH_WAITING_S = 5.0
_BLOCKED_S = 600.0
"""A captcha page tells no time; this one is often long enough."""
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


class GttsEngine:
    """
    One request at a time, at most 100 characters each, half a second apart.

    Google blocks who asks too much, and says so in several silent ways; each of them is found out
    here, and the circuit breaker then leaves Google alone for a while. gTTS itself would send without
    verifying the server's certificate, so it only words the request, and we send it. `ca_file` names
    who vouches for the server in place of the system's authorities. It knows two speeds only: below 0.8
    it reads slowly.
    """

    name = "gtts"
    suffix = ".wav"
    is_local = False
    at_once = 1

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
        self._timeout_s = timeout_s
        self._gap_s = gap_s
        self._tries = max(1, tries)
        self._ca_file = ca_file
        memory = (folder or data_folder()) / "gtts-pause.json"
        self._pause = CircuitBreaker(memory, name=self.name, first=timedelta(minutes=pause_min))
        self._asked_at_s = -gap_s
        # stamina's own words are "stamina.retry_scheduled"; _may_try_again says more.
        logging.getLogger("stamina").setLevel(logging.ERROR)

    @property
    def fingerprint(self) -> str:
        # Not the version of gTTS: the voice is the server's. "verified": what was said before certificates
        # were verified is not told again.
        return f"gtts verified language={_google_code(self._language)} slow={self._is_slow}"

    def check(self) -> None:
        try:
            version("gTTS")
        except PackageNotFoundError as error:
            raise EngineUnavailableError(f"gtts: not installed; {command_for_package('gTTS')}") from error
        self._pause.check()
        read_authorities(self._ca_file, engine=self.name)
        problem = why_unreachable(_address(next(iter(self._tlds))))
        if problem:
            raise EngineUnavailableError(f"gtts: {problem}; needs the internet")

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
            raise BadSpeechError(f'gtts: finds nothing to say in "{text[:60]}"')
        self._pause.check()
        try:
            parts, rate_hz = self._say_all(pieces, voice)
        except NoConnectionError:
            raise
        except (EngineBusyError, EngineUnavailableError) as error:
            at_least_s = error.retry_after_s if isinstance(error, EngineBusyError) else 0.0
            self._pause.open(str(error), at_least_s=at_least_s)
            raise
        self._pause.close()
        part_path = path.with_name(f"part-{path.name}")
        write_wav(part_path, join_parts(parts, rate_hz=rate_hz), rate_hz=rate_hz)
        part_path.replace(path)

    def _say_all(self, pieces: tuple[str, ...], voice: Voice) -> tuple[list[Samples], int]:
        import stamina

        parts, rate_hz = [], 0
        for piece in pieces:
            for attempt in stamina.retry_context(
                on=_may_try_again,
                attempts=self._tries,
                # A server that hangs is asked twice, not three times.
                timeout=1.5 * self._timeout_s,
                wait_initial=0.25,
                wait_jitter=0.25,
                wait_max=_WORTH_WAITING_S,
            ):
                with attempt:
                    samples, rate_hz = self._say_piece(piece, voice)
            parts.append(samples)
        return parts, rate_hz

    def _say_piece(self, piece: str, voice: Voice) -> tuple[Samples, int]:
        """One request, not too soon after the last."""
        time.sleep(max(0.0, self._asked_at_s + self._gap_s - time.monotonic()))
        try:
            data = finish_within(self._timeout_s, lambda: self._ask(piece, voice.name))
        except TimeoutError as error:
            raise EngineUnavailableError(f"gtts: no answer within {self._timeout_s:g} s") from error
        finally:
            self._asked_at_s = time.monotonic()
        if not data:
            raise EngineBusyError(
                "gtts: answered without speech, as Google does to ask for a captcha", retry_after_s=_BLOCKED_S
            )
        if not ends_whole(data):
            raise BadSpeechError("gtts: the speech was cut off on its way")
        try:
            sound, rate_hz = read_sound(io.BytesIO(data), name="gtts")
        except AudioError as error:
            raise BadSpeechError(f"gtts: what came is no sound ({error})") from error
        samples = trim_silence(to_mono(sound), rate_hz=rate_hz)
        check_length(samples.size / rate_hz, text=piece, pace_wps=voice.pace_wps)
        return samples, rate_hz

    def _ask(self, piece: str, tld: str) -> bytes:
        """gTTS's own requests, sent by us: it would send them without verifying the certificate."""
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
            raise BadSpeechError(f'gtts: finds nothing to say in "{piece}"') from error
        return b"".join(
            _speech_of(
                post(
                    request.url,
                    engine=self.name,
                    headers=request.headers,
                    body=request.body.encode(),
                    timeout_s=self._timeout_s,
                    ca_file=self._ca_file,
                )
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
    """ "en-GB" -> "en"; Chinese and a few others are told apart by region."""
    whole = {"zh-CN", "zh-TW", "fr-CA", "pt-PT"}
    return language if language in whole else language.partition("-")[0]


def _address(tld: str) -> str:
    return f"https://translate.google.{tld}/"


def _may_try_again(error: Exception) -> bool | float:
    """A busy server only when it names a time that is worth waiting for; everything else at once."""
    if isinstance(error, UntrustedError):
        return False
    if isinstance(error, EngineBusyError) and error.retry_after_s > _WORTH_WAITING_S:
        return False
    if isinstance(error, SpeechError):
        log.info("engine failed, may ask again: engine=gtts: %s", error)
    return error.retry_after_s if isinstance(error, EngineBusyError) else isinstance(error, SpeechError)


_SPEECH = re.compile(r'jQ1olc","\[\\"(.*)\\"]')
"""Where gTTS finds the sound in a line of the answer."""


def _speech_of(reply: SpeechReply) -> bytes:
    """The MP3 in an answer, read as gTTS reads it; empty when no line is for us."""
    _check_status(reply)
    try:
        lines = [line for line in reply.body.decode().splitlines() if "jQ1olc" in line]
        found = [_SPEECH.search(line) for line in lines]
        if None in found:
            raise BadSpeechError("gtts: answered without sound")
        return b"".join(base64.b64decode(match[1].encode("ascii")) for match in found if match)
    except ValueError as error:  # broken base64 or UTF-8
        raise BadSpeechError(f"gtts: the answer is damaged ({error})") from error


def _check_status(reply: SpeechReply) -> None:
    status = reply.status
    if status in (403, 429):
        after_s = _seconds(reply.headers.get("Retry-After", ""))
        raise EngineBusyError(f"gtts: Google refuses (HTTP {status})", retry_after_s=after_s)
    if 300 <= status < 400:
        host = urlsplit(reply.headers.get("Location", "")).hostname or "another address"
        raise EngineBusyError(
            f"gtts: Google sends us to {host} (HTTP {status}), as it does to ask for a captcha",
            retry_after_s=_BLOCKED_S,
        )
    if status != 200:
        raise EngineUnavailableError(f"gtts: Google answers HTTP {status}")


def _seconds(retry_after: str) -> float:
    """Retry-After in seconds; a date or nothing counts as a block."""
    return float(retry_after) if retry_after.isdecimal() else _BLOCKED_S
