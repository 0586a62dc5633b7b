"""hibari's downloaded voices, from a server on loopback that plays the hub; the file is that of the package's voice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hibari.voices import ASSETS, VOICES

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.installing.verified_files import VerifiedFile
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.engines.hibari_offline_voice import HibariEngine
from bulletin.speech.installing.hibari_files import HubVoice, find_in_registry
from bulletin.speech.installing.install_hibari_voice import install_hibari_voice
from tests.speech.installing.voice_registry import VoiceRegistry
from tests.support.factories import NOW

NAME = "bf_emma.int8.onnx"
PATH = f"/voices/{NAME}"


@pytest.fixture(scope="module")
def model() -> bytes:
    return Path(ASSETS, VOICES["heart"]["file"]).read_bytes()


@pytest.fixture
def hub(model: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[VoiceRegistry]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with VoiceRegistry(files={PATH: model}) as server:
        yield server


@pytest.fixture
def emma(hub: VoiceRegistry, model: bytes) -> HubVoice:
    file = VerifiedFile(name=NAME, size=len(model), sha256=hashlib.sha256(model).hexdigest())
    return HubVoice(file=file, url=f"{hub.root}{PATH}")


def install(folder: Path, voice: HubVoice, *, silence_s: float = 30.0) -> list[int]:
    """Bytes so far, as the progress showed them."""
    steps: list[int] = []
    install_hibari_voice(
        "emma",
        folder,
        now=NOW,
        progress=lambda done, total, what: steps.append(done),
        voice=voice,
        silence_s=silence_s,
    )
    return steps


def speak(folder: Path, name: str = "emma") -> np.ndarray:
    engine = HibariEngine(folder=folder)
    voice = next(voice for voice in engine.voices() if voice.name == name)
    engine.synthesize("The lorry can't pass.", voice, folder / "said.wav")
    return read_sound(folder / "said.wav")[0]


@pytest.mark.slow
def test_an_installed_voice_speaks_british(tmp_path: Path, emma: HubVoice) -> None:
    steps = install(tmp_path, emma)

    assert steps[-1] == emma.file.size
    british, american = speak(tmp_path), speak(tmp_path, "heart")
    assert len(british) != len(american), "the same network with other phonemes"
    installed = {voice.name: not voice.install for voice in HibariEngine(folder=tmp_path).voices()}
    assert installed == {"heart": True, "emma": True, "fable": False, "kore": False, "fenrir": False}


def test_a_voice_that_is_not_installed_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(
        EngineUnavailableError, match="emma is not installed; run `bulletin voices install hibari:emma`"
    ):
        speak(tmp_path)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("404", r"the hub answered 404 .*copy the file to .*bf_emma\.int8\.onnx"),
        ("other", "is not the expected file: it has sha256"),
        ("page", "is not the expected file: it has 36 bytes instead of 7,936,868"),
        pytest.param(
            "hang", r"broke off after [\d,]+ of 7,936,868 bytes \(timed out\)", marks=pytest.mark.slow
        ),
        ("cut", r"broke off after [\d,]+ of 7,936,868 bytes"),
    ],
)
def test_a_download_that_fails_installs_nothing(
    tmp_path: Path, hub: VoiceRegistry, emma: HubVoice, fault: str, message: str
) -> None:
    hub.faults[NAME] = fault

    with pytest.raises(EngineUnavailableError, match=message):
        install(tmp_path, emma, silence_s=0.2)

    assert HibariEngine(folder=tmp_path).voices()[1].install
    assert not (tmp_path / "hibari" / NAME).exists()


def test_a_broken_line_is_taken_up_where_it_broke(tmp_path: Path, hub: VoiceRegistry, emma: HubVoice) -> None:
    part = tmp_path / "hibari" / f"part-{NAME}"
    part.parent.mkdir()
    part.write_bytes(hub.files[PATH][:5_000_000])

    install(tmp_path, emma)

    assert hub.asked == [f"{PATH} bytes=5000000-"]
    assert (tmp_path / "hibari" / NAME).read_bytes() == hub.files[PATH]


def test_kept_bytes_of_another_file_are_fetched_again(
    tmp_path: Path, hub: VoiceRegistry, emma: HubVoice
) -> None:
    part = tmp_path / "hibari" / f"part-{NAME}"
    part.parent.mkdir()
    part.write_bytes(bytes(1000))

    install(tmp_path, emma)

    assert (tmp_path / "hibari" / NAME).read_bytes() == hub.files[PATH]


def test_without_a_hash_the_first_download_is_trusted_and_the_file_held_to_it(
    tmp_path: Path, hub: VoiceRegistry, emma: HubVoice
) -> None:
    unknown = HubVoice(file=VerifiedFile(name=NAME, size=emma.file.size, sha256=""), url=emma.url)

    installed = install_hibari_voice("emma", tmp_path, now=NOW, progress=lambda *step: None, voice=unknown)

    assert installed.sha256 == emma.file.sha256
    assert "first download" in installed.told_by
    assert json.loads((tmp_path / "hibari" / "emma.json").read_text())["sha256"] == emma.file.sha256
    (tmp_path / "hibari" / NAME).write_bytes(bytes(emma.file.size))
    hub.faults[NAME] = "other"
    with pytest.raises(EngineUnavailableError, match="is not the expected file"):
        install(tmp_path, unknown)


def test_a_file_copied_by_hand_is_recorded_without_a_download(
    tmp_path: Path, hub: VoiceRegistry, emma: HubVoice, model: bytes
) -> None:
    (tmp_path / "hibari").mkdir()
    (tmp_path / "hibari" / NAME).write_bytes(model)

    install(tmp_path, emma)

    assert hub.asked == []
    assert not HibariEngine(folder=tmp_path).voices()[1].install


@pytest.mark.parametrize(("size", "message"), [(100, "has 100 bytes instead of"), (None, "has sha256")])
def test_a_damaged_voice_is_named_when_it_is_loaded_and_repaired_by_the_command(
    tmp_path: Path, emma: HubVoice, size: int | None, message: str
) -> None:
    install(tmp_path, emma)
    path = tmp_path / "hibari" / NAME
    path.write_bytes(bytes(emma.file.size if size is None else size))

    with pytest.raises(EngineUnavailableError, match=f"{message}.*bulletin voices install hibari:emma"):
        speak(tmp_path)

    install(tmp_path, emma)
    assert path.stat().st_size == emma.file.size


def test_the_address_and_hash_are_those_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a download. The variable is the hub's own for its mirrors."""
    monkeypatch.setitem(os.environ, "HF_ENDPOINT", "https://mirror.example/")

    for name, entry in VOICES.items():
        voice = find_in_registry(name)
        assert (voice.file.name, voice.file.size, voice.file.sha256) == (
            entry["file"],
            entry["bytes"],
            entry["sha256"],
        )
        assert voice.url.startswith("https://mirror.example/maureesewilliams/hibari/")
