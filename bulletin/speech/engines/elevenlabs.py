"""ElevenLabs: paid voices by its own API, with a budget of characters for each day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from bulletin.errors import BadSpeechError, ConfigError, EngineBusyError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.engine_interface import Engine
from bulletin.speech.join_speech_into_wav_clips import write_sentence
from bulletin.speech.servers.ai_model_http_client import ModelClient, ModelReply, NoConnectionError
from bulletin.speech.servers.character_budget import CharacterBudget, CountFile, Counts
from bulletin.speech.servers.check_mp3_is_complete import ends_whole
from bulletin.speech.servers.circuit_breaker import CircuitBreaker
from bulletin.speech.servers.decode_pcm import decode_pcm
from bulletin.speech.servers.elevenlabs_api import TABLE, ElevenlabsApi, characters_charged
from bulletin.speech.servers.retry_short_waits import with_retries
from bulletin.speech.split_text_at_engine_limit import split_text

_CHARACTERS_AT_MOST = 2500
_PACE_WPS = 2.8
_SEED = 1
"""The same sentence sounds much the same when it is spoken again."""
_TRIES = 3
_PAUSE = timedelta(minutes=10)
_FORMATS = re.compile(r"(?:pcm|wav)_(?:16000|22050|24000|32000|44100|48000)|mp3_\d{5}_\d{2,3}")
_VOICE_ID = re.compile(r"[A-Za-z0-9_-]{3,64}")
_PREMADE = {
    "george": "JBFqnCBsd6RMkjVDRZzb", "alice": "Xb7hH8MSUJpSbSDYk0k2", "daniel": "onwK4e9ZLuTAKqWW03F9",
    "lily": "pFZP5JQG7iQjIQuC4Bku", "brian": "nPczCjzI2devNBz1zQrb", "sarah": "EXAVITQu4vr4xnSDxMaL",
}  # fmt: skip
"""ElevenLabs' own voices that every account has, the British ones first."""


class ElevenlabsEngine(Engine):
    """
    `voices` are ids of the account, "ID" or "name=ID", or names of ElevenLabs' own voices ("george").

    The key comes from the environment variable that `key_env` names, and from nowhere else. Settings below 0 are
    the voice's own. `price_per_1000` is for the report only.
    """

    name = "elevenlabs"
    is_local = False

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        base_url: str = "https://api.elevenlabs.io",
        voices: tuple[str, ...] = tuple(_PREMADE),
        model: str = "eleven_multilingual_v2",
        format: str = "pcm_24000",  # noqa: A002 - the option's name in the profile
        key_env: str = "ELEVENLABS_API_KEY",
        budget_per_day: int = 20_000,
        price_per_1000: float = 0.0,
        currency: str = "USD",
        stability: float = -1.0,
        similarity: float = -1.0,
        style: float = -1.0,
        timeout_s: float = 30.0,
        at_once: int = 2,
        ca_file: str = "",
    ) -> None:
        _check_options(base_url, format, budget_per_day)
        self._ids = dict(_read_voice(entry) for entry in voices or tuple(_PREMADE))
        self._language = language
        self._model = model
        self._format = format
        self._settings = _settings(speed, stability=stability, similarity_boost=similarity, style=style)
        self._client = ModelClient(
            name=self.name, timeout_s=timeout_s, ca_file=ca_file, key_env=key_env, key_header="xi-api-key"
        )
        self._api = ElevenlabsApi(client=self._client, base_url=base_url.rstrip("/"))
        self._folder = folder or data_folder()
        self._budget_per_day = budget_per_day
        self._price, self._currency = price_per_1000, currency
        self._charged, self._lock = 0, Lock()
        self._breaker = CircuitBreaker(self._folder / "elevenlabs-pause.json", name=self.name, first=_PAUSE)
        self.at_once = max(1, at_once)
        self._counts_of: Callable[[str], Counts] = lambda name: CountFile(self._folder / f"{name}.json")

    @property
    def fingerprint(self) -> str:
        settings = json.dumps(self._settings, sort_keys=True)
        named = sorted(f"{name}={voice_id}" for name, voice_id in self._ids.items() if name not in _PREMADE)
        return f"{self._api.base_url} {self._model} {self._format} {settings} {' '.join(named)}"

    @cached_property
    def _budget(self) -> CharacterBudget:
        """One for each key: stations of this user with the same account share it."""
        account = sha256(self._client.key.encode()).hexdigest()[:12]
        counts = self._counts_of(f"elevenlabs-characters-{account}")
        return CharacterBudget(counts, name=self.name, per_day=self._budget_per_day)

    @property
    def provider(self) -> str:
        return self._api.base_url

    def share_counts(self, counts_of: Callable[[str], Counts]) -> None:
        self._counts_of = counts_of
        self._breaker.share(counts_of("elevenlabs-pause"))

    def check(self) -> None:
        self._api.check_key()
        self._breaker.check()
        self._budget.check()
        account = self._api.read_account()
        if account.is_used_up:
            raise EngineUnavailableError(
                f"elevenlabs: the account has used all its {account.limit:,} characters; "
                f"there are new ones on {account.renewed}, or raise its plan"
            )

    def notes(self) -> tuple[str, ...]:
        price = f", {self._cost(1000)} for 1,000" if self._price else ""
        today = f"charged today {self._budget.used:,} of {self._budget_per_day:,} characters (budget_per_day){price}"
        account = self._api.read_account()
        if not account.limit:
            return (today,)
        return today, (
            f"the account has used {account.used:,} of {account.limit:,} characters; new ones on {account.renewed}"
        )

    def receipt(self) -> str:
        with self._lock:
            charged, self._charged = self._charged, 0
        if not charged:
            return ""
        price = f", {self._cost(charged)}" if self._price else ""
        left = max(0, self._budget_per_day - self._budget.used)
        return f"{charged:,} characters charged{price}; {left:,} of today's {self._budget_per_day:,} left"

    def voices(self) -> tuple[Voice, ...]:
        attribution = Attribution(
            name="ElevenLabs",
            licence="ElevenLabs' terms of service",
            url="https://elevenlabs.io/terms-of-use",
        )
        price = f"{self._cost(1000)} for 1,000 characters" if self._price else "paid by the character"
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language=self._language,
                description=f"{self._model}, {price}",
                attribution=attribution,
                pace_wps=_PACE_WPS * float(self._settings.get("speed", 1.0)),
            )
            for name in self._ids
        )

    def may_be_clone(self, voice: Voice) -> bool:
        voice_id = self._ids[voice.name]
        if voice_id in _PREMADE.values():
            return False
        self._api.check_key()
        return self._api.is_clone(voice_id)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self._api.check_key()
        self._breaker.check()
        spoken = [self._say(piece, voice) for piece in split_text(text, most=_CHARACTERS_AT_MOST)]
        self._breaker.close()
        rate_hz = spoken[0][1] if spoken else 0
        write_sentence([samples for samples, _ in spoken], path, rate_hz=rate_hz, engine=self.name, text=text)

    def _say(self, text: str, voice: Voice) -> tuple[Samples, int]:
        self._budget.take(len(text))
        charged = len(text)  # also when no whole answer comes: nobody knows
        try:
            reply = self._ask(text, self._ids[voice.name])
            charged = characters_charged(reply, text)
        except NoConnectionError:
            charged = 0
            raise
        except EngineBusyError as error:
            charged = 0
            self._breaker.open(str(error), at_least_s=error.retry_after_s)
            raise
        finally:
            self._budget.settle(taken=len(text), charged=charged)
            with self._lock:
                self._charged += charged
        return self._read_sound(reply, text)

    def _ask(self, text: str, voice_id: str) -> ModelReply:
        """Only requests that cost nothing are sent again."""
        body: dict[str, Any] = {"text": text, "model_id": self._model, "seed": _SEED}
        if self._settings:
            body["voice_settings"] = self._settings
        if "multilingual_v2" not in self._model:  # that model takes no language
            body["language_code"] = self._language.partition("-")[0]
        speak = with_retries(
            self._api.speak,
            engine=self.name,
            tries=_TRIES,
            timeout_s=1.5 * self._client.timeout_s,
            on=(EngineBusyError, NoConnectionError),
        )
        return speak(voice_id, body, sound_format=self._format)

    def _read_sound(self, reply: ModelReply, text: str) -> tuple[Samples, int]:
        if reply.status != 200:
            raise self._api.refusal(reply)
        kind = reply.headers.get("Content-Type", "")
        if not kind.startswith("audio/"):
            raise BadSpeechError(
                f"elevenlabs: the answer is no sound but {kind or 'unknown'}; check base_url"
            )
        if not reply.body:
            raise BadSpeechError(f'elevenlabs: the server sent no sound for "{text[:60]}"; try another voice')
        codec, _, rest = self._format.partition("_")
        if codec == "pcm":
            return decode_pcm(reply.body, name=self.name, rate_hz=int(rest)), int(rest)
        if codec == "mp3" and not ends_whole(reply.body):
            raise BadSpeechError("elevenlabs: the speech was cut off during the download; trying again later")
        return self._client.read_sound(reply.body)

    def _cost(self, characters: int) -> str:
        return f"about {self._price * characters / 1000:.2f} {self._currency}"


def _check_options(base_url: str, sound_format: str, budget_per_day: int) -> None:
    address = urlsplit(base_url)
    if address.scheme not in ("http", "https") or not address.hostname or address.username:
        raise ConfigError(
            f'{TABLE} base_url = "{address.hostname or base_url}": must begin with https://, without user or password'
        )
    if not _FORMATS.fullmatch(sound_format):
        raise ConfigError(f'{TABLE} format = "{sound_format}": must be like "pcm_24000" or "mp3_44100_128"')
    if budget_per_day < 1:
        raise ConfigError(f"{TABLE} budget_per_day = {budget_per_day}: must be at least 1 character")


def _read_voice(entry: str) -> tuple[str, str]:
    """ "george", "ID" or "name=ID" -> name and id."""
    name, _, given = entry.partition("=")
    voice_id = given.strip() or _PREMADE.get(name.strip().casefold(), name.strip())
    if not name.strip() or ":" in name or not _VOICE_ID.fullmatch(voice_id):
        raise ConfigError(f'{TABLE} voices: "{entry}" is no voice; write an id of the account, or "name=id"')
    return name.strip(), voice_id


def _settings(speed: float, **others: float) -> dict[str, float]:
    """Settings that differ from the voice's own; its speed goes from 0.7 to 1.2."""
    given = {name: min(1.0, value) for name, value in others.items() if value >= 0}
    return given if speed == 1.0 else given | {"speed": min(1.2, max(0.7, speed))}
