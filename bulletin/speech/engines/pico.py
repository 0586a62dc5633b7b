"""SVOX Pico, the small voice of early Android phones: plain, quick, in German, English, French, Italian and Spanish."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.suggest_install_command import command_for_package
from bulletin.speech.engine_interface import Engine

_MODULE = "py_nanotts"
_PACKAGE = "py-nanotts"
_TIMEOUT_S = 30.0
_SPEEDS = (0.2, 5.0)
_SVOX = Attribution(name="SVOX Pico", licence="Apache-2.0", url="https://pypi.org/project/py-nanotts/")
_PACE_WPS = {"en-GB": 2.9, "en-US": 2.9, "de-DE": 2.3, "es-ES": 2.9, "fr-FR": 3.0, "it-IT": 2.7}
"""Voice -> words a second of news, pauses at the ends trimmed."""
_VOLUME = "0.5"
"""Of its own, at which single vowels clip; each sentence is levelled afterwards."""
_MARKUP = str.maketrans("<>&", "   ")
"""Pico reads tags of its own in a text."""


class PicoEngine(Engine):
    """Runs the package in a process of its own: a fault in its C code ends no bulletin."""

    name = "pico"
    at_once = 2

    def __init__(self, *, speed: float = 1.0, language: str = "en-GB", folder: Path | None = None) -> None:
        self._language = language
        self._speed = min(_SPEEDS[1], max(_SPEEDS[0], speed))

    @property
    def fingerprint(self) -> str:
        return f"{_PACKAGE} {version(_PACKAGE) if find_spec(_MODULE) else 'absent'} speed={self._speed:.4f}"

    def check(self) -> None:
        if not find_spec(_MODULE):
            raise EngineUnavailableError(
                f"pico: {_PACKAGE} is not installed; {command_for_package(_PACKAGE)}"
            )
        if not any(self._speaks(name) for name in _PACE_WPS):
            raise EngineUnavailableError(
                f"pico: speaks German, English, French, Italian and Spanish, not {self._language}; "
                "name another engine in [speech] chain"
            )

    def voices(self) -> tuple[Voice, ...]:
        """Those of the station's language, its accent first; the English ones where it has none."""
        names = [name for name in _PACE_WPS if self._speaks(name)] or ["en-GB", "en-US"]
        names.sort(key=lambda name: name.lower() != self._language.lower())
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language=name,
                description="woman, plain",
                attribution=_SVOX,
                is_natural=False,
                pace_wps=_PACE_WPS[name] * self._speed,
            )
            for name in names
        )

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.check()
        with atomic_file(path) as part:
            options = ["--output", str(part), "--voice", voice.name, "--speed", f"{self._speed:.4f}"]
            options += ["--volume", _VOLUME]
            command = [sys.executable, "-m", _MODULE, *options, "--", text.translate(_MARKUP)]
            try:
                done = subprocess.run(command, check=False, capture_output=True, timeout=_TIMEOUT_S)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise EngineUnavailableError(f"pico: {_PACKAGE} cannot be run ({error})") from error
            if done.returncode or not part.exists():
                message = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
                raise BadSpeechError(f'pico: no sound for "{text[:60]}" ({message.splitlines()[-1]})')

    def _speaks(self, name: str) -> bool:
        return name.partition("-")[0] == self._language.partition("-")[0].lower()
