"""espeak-ng, an optional program: robotic, tiny, speaks a hundred languages."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.speech.engine_interface import Engine

_WORDS_A_MINUTE = 165
_TIMEOUT_S = 30.0
_ESPEAK = Attribution(
    name="espeak-ng", licence="GPL-3.0-or-later (the program)", url="https://github.com/espeak-ng/espeak-ng"
)
_ENGLISH = {
    "en-gb": ("en-GB", "British"),
    "en-gb-x-rp": ("en-GB", "British, received pronunciation"),
    "en-gb-scotland": ("en-GB", "Scottish"),
    "en-us": ("en-US", "American"),
}


_VARIETIES = {"pt-BR": "pt-br", "es-MX": "es-419", "fr-BE": "fr-be", "fr-CH": "fr-ch"}
"""Varieties that have a voice of their own; others are read by their language's."""


class EspeakEngine(Engine):
    """Runs the program, and never links it: its licence is the GPL."""

    name = "espeak"
    at_once = 2

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        program: str = "espeak-ng",
    ) -> None:
        self._language = language
        self._program = program
        self._words_a_minute = round(_WORDS_A_MINUTE * speed)

    @property
    def fingerprint(self) -> str:
        return f"espeak-ng wpm={self._words_a_minute}"

    def check(self) -> None:
        if not shutil.which(self._program):
            raise EngineUnavailableError(
                f"espeak: the program {self._program} was not found; apt install espeak-ng, "
                "brew install espeak-ng, or github.com/espeak-ng/espeak-ng/releases"
            )
        self._run(["--version"])

    def voices(self) -> tuple[Voice, ...]:
        if self._language.startswith("en"):
            known = {name: whose for name, whose in _ENGLISH.items() if whose[0] == self._language} | _ENGLISH
        else:
            own = _VARIETIES.get(self._language, self._language.partition("-")[0])
            known = {own: (self._language, "")}
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language=language,
                description=description,
                attribution=_ESPEAK,
                is_natural=False,
                pace_wps=self._words_a_minute / 60 * 1.1,  # faster by the trimmed silence at the ends
            )
            for name, (language, description) in known.items()
        )

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        with atomic_file(path) as part:
            # Text on standard input: a sentence that begins with a dash is not an option.
            options = ["-v", voice.name, "-s", str(self._words_a_minute), "-w", str(part), "--stdin"]
            self._run(options, text=text)
            if not part.exists():
                raise BadSpeechError(f'espeak: no sound for "{text[:60]}"; try another voice')

    def _run(self, options: Sequence[str], *, text: str = "") -> None:
        try:
            done = subprocess.run(
                [self._program, *options],
                check=False,
                input=text.encode(),
                capture_output=True,
                timeout=_TIMEOUT_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EngineUnavailableError(f"espeak: {self._program} cannot be run ({error})") from error
        if done.returncode:
            message = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
            raise EngineUnavailableError(f"espeak: {self._program} failed: {message.splitlines()[-1]}")
