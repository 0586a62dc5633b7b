"""Servers with OpenAI's POST /v1/audio/speech: OpenAI, Kokoro-FastAPI, LocalAI, openedai-speech."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from bulletin.errors import BadSpeechError, ConfigError, EngineBusyError, EngineUnavailableError, SpeechError
from bulletin.model import Attribution, Voice
from bulletin.speech.cloned_voices.stock_voice_names import is_stock_voice
from bulletin.speech.engine_interface import Engine
from bulletin.speech.join_speech_into_wav_clips import write_sentence
from bulletin.speech.servers.ai_model_http_client import ModelClient, ModelReply
from bulletin.speech.split_text_at_engine_limit import split_text

_CHARACTERS_AT_MOST = 4096
_PACE_WPS = 2.8
_OPENAIS_OWN = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")


class OpenaiEngine(Engine):
    """
    `voices` are the server's own names; the first is the default.

    The key comes from the environment variable that `key_env` names, and from nowhere else. `ca_file`
    names the PEM file of an authority of your own. `not_cloned` are voices that imitate nobody although their names
    are unknown here.
    """

    name = "openai"
    is_local = False
    clone_remedy = '; if it imitates nobody, write not_cloned = ["{voice}"] in [speech.engines.openai]'

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        base_url: str = "https://api.openai.com/v1",
        model: str = "gpt-4o-mini-tts",
        voices: tuple[str, ...] = _OPENAIS_OWN,
        key_env: str = "OPENAI_API_KEY",
        format: str = "wav",  # noqa: A002 - the option's name in the profile
        timeout_s: float = 30.0,
        at_once: int = 2,
        ca_file: str = "",
        not_cloned: tuple[str, ...] = (),
    ) -> None:
        address = urlsplit(base_url)
        if address.scheme not in ("http", "https") or not address.hostname or address.username:
            raise ConfigError(
                f'[speech.engines.openai] base_url = "{address.hostname or base_url}": '
                'must begin with http:// or https://, without user or password: "http://127.0.0.1:8880/v1"'
            )
        if not voices:
            raise ConfigError("[speech.engines.openai] voices: name at least one of the server's voices")
        self._base_url = base_url.rstrip("/")
        self._model = model
        self._voices = voices
        self._format = format
        self._not_cloned = not_cloned
        self._client = ModelClient(name=self.name, timeout_s=timeout_s, ca_file=ca_file, key_env=key_env)
        self._speed = min(4.0, max(0.25, speed))
        self._language = language
        self.at_once = max(1, at_once)

    @property
    def fingerprint(self) -> str:
        return f"{self._base_url} {self._model} speed={self._speed:.4f}"

    @property
    def provider(self) -> str:
        return self._base_url

    def check(self) -> None:
        if urlsplit(self._base_url).hostname == "api.openai.com" and not self._client.key:
            raise EngineUnavailableError(
                f"openai: the environment variable {self._client.key_env} is not set; "
                "put the key there, or set base_url to a server of your own"
            )
        self._client.check(self._base_url)

    def voices(self) -> tuple[Voice, ...]:
        host = urlsplit(self._base_url).hostname or ""
        attribution = Attribution(
            name=f"{self._model} at {host}", licence="the server's terms", url=self._base_url
        )
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language=self._language,
                description=f"at {host}",
                attribution=attribution,
                pace_wps=_PACE_WPS * self._speed,
            )
            for name in self._voices
        )

    def may_be_clone(self, voice: Voice) -> bool:
        return voice.name not in self._not_cloned and not is_stock_voice(voice.name, model=self._model)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        parts, rate_hz = [], 0
        for piece in split_text(text, most=_CHARACTERS_AT_MOST):
            samples, rate_hz = self._client.read_sound(self._ask(piece, voice))
            parts.append(samples)
        write_sentence(parts, path, rate_hz=rate_hz, engine=self.name, text=text)

    def _ask(self, text: str, voice: Voice) -> bytes:
        body = {
            "model": self._model,
            "input": text,
            "voice": voice.name,
            "response_format": self._format,
            "speed": self._speed,
            "stream": False,  # Kokoro-FastAPI streams unless told not to
        }
        reply = self._client.ask_json("POST", f"{self._base_url}/audio/speech", body)
        if reply.status != 200:
            raise _refusal(reply, self._client.key_env)
        return reply.body


def _refusal(reply: ModelReply, key_env: str) -> SpeechError:
    answer = f"(HTTP {reply.status}): {reply.excerpt}"
    if reply.status == 429:
        words = f"openai: the server got too many requests {answer}; wait, or raise the limit of your account"
        return EngineBusyError(words, retry_after_s=reply.retry_after_s(60.0))
    if reply.status in (401, 403):
        return EngineUnavailableError(f"openai: key refused {answer}; set another in {key_env or 'key_env'}")
    if 400 <= reply.status < 500:
        return BadSpeechError(f"openai: the server refuses this {answer}; check [speech.engines.openai]")
    return EngineUnavailableError(f"openai: the server failed {answer}; try again later")
