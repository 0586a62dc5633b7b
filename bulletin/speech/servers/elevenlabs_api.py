"""Requests to ElevenLabs, and its refusals in our words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bulletin.errors import BadSpeechError, EngineBusyError, EngineUnavailableError, SpeechError
from bulletin.speech.servers.ai_model_http_client import ModelClient, ModelReply

TABLE = "[speech.engines.elevenlabs]"
_CHECK_TIMEOUT_S = 8.0
_USED_UP = ("quota_exceeded", "insufficient_credits")
_SYNTHETIC = ("premade", "generated")
"""Categories of voices that are no clone: ElevenLabs' own, and those designed in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a subscription says of itself; 0 and "": not told."""

    used: int = 0
    limit: int = 0
    may_exceed: bool = True
    renewed: str = ""
    """Day of the next characters: "1 December"."""

    @property
    def is_used_up(self) -> bool:
        return 0 < self.limit <= self.used and not self.may_exceed


@dataclass(frozen=True, slots=True, kw_only=True)
class ElevenlabsApi:
    """One account: the key is in the client."""

    client: ModelClient
    base_url: str

    def check_key(self) -> None:
        """Raise EngineUnavailableError without a key."""
        if not self.client.key:
            raise EngineUnavailableError(
                f"elevenlabs: the environment variable {self.client.key_env or 'of ' + TABLE + ' key_env'} is not "
                "set; put the account's key there"
            )

    def read_account(self) -> Account:
        """The subscription; all unknown for a key that may speak but not read it. Raises SpeechError."""
        reply = self._get("user/subscription")
        if reply.status == 401 and _detail(reply).get("status") == "missing_permissions":
            return Account()
        if reply.status != 200:
            raise self.refusal(reply)
        data = _read_json(reply)
        at = _number(data, "next_character_count_reset_unix")
        moment = datetime.fromtimestamp(at, UTC) if 0 < at < 2**33 else None
        return Account(
            used=_number(data, "character_count"),
            limit=_number(data, "character_limit"),
            may_exceed=data.get("can_extend_character_limit") is not False,
            renewed=f"{moment.day} {moment:%B}" if moment else "the next month",
        )

    def is_clone(self, voice_id: str) -> bool:
        """Whether the voice imitates a person, or the account does not say that it imitates none. Raises SpeechError."""
        reply = self._get(f"voices/{voice_id}")
        if reply.status != 200:
            raise self.refusal(reply)
        return _read_json(reply).get("category") not in _SYNTHETIC

    def speak(self, voice_id: str, body: Mapping[str, Any], *, sound_format: str) -> ModelReply:
        """Raises EngineBusyError; other refusals are in the answer, for `refusal`."""
        url = f"{self.base_url}/v1/text-to-speech/{voice_id}?output_format={sound_format}"
        reply = self.client.ask_json("POST", url, body)
        if reply.status == 429:
            raise self.refusal(reply)
        return reply

    def refusal(self, reply: ModelReply) -> SpeechError:
        """The error of an answer that is not 200, with the words of the server."""
        detail = _detail(reply)
        words = f"(HTTP {reply.status}): {str(detail.get('message') or reply.excerpt)[:200]}"
        if reply.status == 402 or {str(detail.get("status")), str(detail.get("code"))} & set(_USED_UP):
            return EngineUnavailableError(
                f"elevenlabs: the account's plan or its characters do not allow this {words}; raise the plan"
            )
        if reply.status == 429:
            return EngineBusyError(
                f"elevenlabs: too many requests {words}; lower at_once or wait",
                retry_after_s=reply.retry_after_s(60.0),
            )
        if reply.status in (401, 403):
            return EngineUnavailableError(
                f"elevenlabs: key refused {words}; set another in {self.client.key_env}"
            )
        if reply.status == 404:
            return EngineUnavailableError(f"elevenlabs: voice or model not found {words}; correct {TABLE}")
        if 400 <= reply.status < 500:
            return BadSpeechError(f"elevenlabs: the server refuses this {words}; check {TABLE}")
        return EngineUnavailableError(f"elevenlabs: the server failed {words}; try again later")

    def _get(self, path: str) -> ModelReply:
        return self.client.ask_json("GET", f"{self.base_url}/v1/{path}", timeout_s=_CHECK_TIMEOUT_S)


def characters_charged(reply: ModelReply, text: str) -> int:
    """Characters that an answer cost: by its header where it has one, since some models cost half."""
    if reply.status != 200:
        return 0
    stated = reply.headers.get("character-cost", "")
    return int(stated) if stated.isdecimal() else len(text)


def _detail(reply: ModelReply) -> Mapping[str, Any]:
    try:
        detail = _read_json(reply).get("detail")
    except BadSpeechError:
        return {}
    return detail if isinstance(detail, dict) else {"message": str(detail or "")}


def _read_json(reply: ModelReply) -> Mapping[str, Any]:
    try:
        data = json.loads(reply.body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadSpeechError("elevenlabs: the answer is not ElevenLabs'; check base_url")
    return data


def _number(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    return value if type(value) is int else 0
