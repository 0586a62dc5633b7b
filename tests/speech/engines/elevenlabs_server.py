"""Stand-in for ElevenLabs' API; its own client from the package index agrees with it (test_elevenlabs_client.py)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lameenc

from tests.speech.engines.google import speech_samples, speech_wav
from tests.support.loopback import Loopback

KEY = "sk_0123456789abcdef"
GEORGE = "JBFqnCBsd6RMkjVDRZzb"
JO = "jo7Clone9ofThePresenter"
_VOICES = {GEORGE: ("George", "premade"), JO: ("Jo", "cloned"), "pr0fessional": ("Pat", "professional")}
_REFUSALS: dict[str, tuple[int, str]] = {
    "401": (401, "invalid_api_key"),
    "quota": (401, "quota_exceeded"),
    "402": (402, "payment_required"),
    "422": (422, "invalid_parameters"),
    "429": (429, "too_many_concurrent_requests"),
    "500": (500, "internal_error"),
}


@dataclass(kw_only=True)
class ElevenlabsStandIn(Loopback):
    """
    `mode`: "ok", those of `_REFUSALS`, "hang", "empty", "html", "cut" (fewer bytes than announced), "torn" (half a
    value, or half an MP3 frame, at the end), "half" (half of the words), "cheap" (charges half); "429 once" fails
    the first time only.
    """

    mode: str = "ok"
    retry_after: str = "7"
    used: int = 1_200
    may_read_account: bool = True
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(_Handler):
            stand_in = server

        return Handler

    @property
    def characters(self) -> int:
        """Characters of all texts that it was sent."""
        return sum(len(asked["text"]) for asked in self.asked)


class _Handler(BaseHTTPRequestHandler):
    stand_in: ElevenlabsStandIn

    def log_message(self, *args: Any) -> None:
        """No log output in tests."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.stand_in.paths.append(path)
        if self.headers.get("xi-api-key") != KEY:
            self._refuse(401, "invalid_api_key")
        elif path == "/v1/user/subscription":
            if self.stand_in.may_read_account:
                self._reply_json(200, _account(self.stand_in.used))
            else:
                self._refuse(401, "missing_permissions")
        elif (voice_id := path.removeprefix("/v1/voices/")) in _VOICES:
            self._reply_json(200, _voice(voice_id))
        elif path == "/v1/voices":
            self._reply_json(200, {"voices": [_voice(voice_id) for voice_id in _VOICES]})
        else:
            self._refuse(404, "voice_not_found")

    def do_POST(self) -> None:
        stand_in = self.stand_in
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        stand_in.asked.append(body)
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        stand_in.paths.append(path)
        mode, _, once = stand_in.mode.partition(" ")
        mode = "ok" if once and len(stand_in.asked) > 1 else mode
        if self.headers.get("xi-api-key") != KEY:
            self._refuse(401, "invalid_api_key")
        elif mode in _REFUSALS:
            self._refuse(*_REFUSALS[mode])
        elif path.removeprefix("/v1/text-to-speech/") not in _VOICES:
            self._refuse(404, "voice_not_found")
        elif not set(body) <= _FIELDS:
            self._refuse(422, "invalid_parameters")
        else:
            self._speak(mode, body["text"], query.get("output_format", ["mp3_44100_128"])[0])

    def _speak(self, mode: str, text: str, sound_format: str) -> None:
        if mode == "hang":
            self.stand_in.released.wait(20)
            return
        if mode == "html":
            self._reply(200, b"<html>Welcome</html>", kind="text/html")
            return
        sound = _sound(text[: len(text) // 3] if mode == "half" else text, sound_format)
        if mode == "torn":
            sound = sound[:-1]
        cost = len(text) // 2 if mode == "cheap" else len(text)
        kind = "audio/mpeg" if sound_format.startswith("mp3") else "audio/pcm"
        self._reply(
            200,
            b"" if mode == "empty" else sound,
            kind=kind,
            lost=500 if mode == "cut" else 0,
            headers={"character-cost": str(cost), "request-id": "r1"},
        )

    def _refuse(self, status: int, code: str) -> None:
        message = f"{code.replace('_', ' ')} for {self.headers.get('xi-api-key')}"
        self._reply_json(status, {"detail": {"status": code, "message": message}})

    def _reply_json(self, status: int, data: Any) -> None:
        headers = {"Retry-After": self.stand_in.retry_after} if status == 429 else {}
        self._reply(status, json.dumps(data).encode(), kind="application/json", headers=headers)

    def _reply(
        self, status: int, data: bytes, *, kind: str, lost: int = 0, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data) + lost))
        self.end_headers()
        self.wfile.write(data)


_FIELDS = {
    "text", "model_id", "seed", "voice_settings", "language_code", "previous_text", "next_text",
    "apply_text_normalization",
}  # fmt: skip


def _voice(voice_id: str) -> dict[str, Any]:
    name, category = _VOICES[voice_id]
    return {"voice_id": voice_id, "name": name, "category": category, "labels": {}, "samples": None}


def _account(used: int) -> dict[str, Any]:
    return {
        "tier": "creator",
        "character_count": used,
        "character_limit": 30_000,
        "max_credit_limit_extension": 0,
        "can_extend_character_limit": False,
        "allowed_to_extend_character_limit": False,
        "next_character_count_reset_unix": 1_796_083_200,  # 1 December 2026
        "voice_slots_used": 1,
        "professional_voice_slots_used": 0,
        "professional_voice_slots_used_in_workspace": 0,
        "voice_limit": 30,
        "voice_add_edit_counter": 0,
        "professional_voice_limit": 1,
        "can_extend_voice_limit": False,
        "can_use_instant_voice_cloning": True,
        "can_use_professional_voice_cloning": True,
        "current_overage": {"amount": "0", "currency": "usd"},
        "status": "active",
    }


def _sound(text: str, sound_format: str) -> bytes:
    codec, rate_hz, *_ = re.split("_", sound_format)
    if codec == "mp3":
        return _mp3(text, int(rate_hz))
    if codec == "wav":
        return speech_wav(text)
    return bytes((speech_samples(text) * 32_767).astype("<i2").tobytes())


@cache
def _mp3(text: str, rate_hz: int) -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(128)
    encoder.set_in_sample_rate(24_000)
    encoder.set_out_sample_rate(rate_hz)
    encoder.set_channels(1)
    encoder.silence()
    pcm = (speech_samples(text) * 32_767).astype("<i2").tobytes()
    return bytes(encoder.encode(pcm) + encoder.flush())
