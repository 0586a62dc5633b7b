"""A missing, damaged or unusual jingle: the bulletin is made with or without it, and says so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin.config.load_profile import load_profile
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.stage_timer import Listener
from bulletin.runtime.read_sound_file import read_sound
from bulletin.station.build_station_object import open_station
from tests.audio.sounds import make_music
from tests.faults.station_process import OPTIONS, QUICK, Radio

pytestmark = pytest.mark.faults

RATE_HZ = 44_100
ROOMY = OPTIONS.replace("0:30", "0:50")
"""Profile options with a length that has time for every jingle."""
ROLES = ("ident", "bed", "sting", "closing", "sport", "weather", "travel")
WITHOUT = {
    "nowhere.wav": "no such file",
    "folder": "is a folder",
    "noise.mp3": "cannot be read as sound",
    "empty.wav": "is an empty file",
    "text.mp3": "is plain text",
    "bought.m4p": "is a copy-protected M4P purchase",
    "bought.mp3": "is a copy-protected M4P purchase",
    "phone.m4a": "is MPEG-4",
    "film.wav": "is Matroska or WebM",
    "silence.wav": "is silent",
    "header.wav": "contains no sound",
    "one-hertz.wav": "too low for music",
}
PLAYED = {
    "blink.wav": "",
    "long.flac": "only the first",
    "harsh.wav": "is clipped",
    "telephone.wav": "",
    "surround.wav": "",
    "studio.wav": "",
    "broken-off.ogg": "",
    "not-numbers.wav": "",
}


@pytest.fixture
def shelf(radio: Radio) -> Radio:
    folder = radio.folder
    (folder / "folder").mkdir()
    (folder / "noise.mp3").write_bytes(bytes(range(128, 256)) * 80)
    (folder / "empty.wav").touch()
    (folder / "text.mp3").write_text("This is the ident, believe me.\n" * 100, encoding="ascii")
    for name, brand in (("bought.m4p", b"M4P "), ("bought.mp3", b"M4P "), ("phone.m4a", b"M4A ")):
        (folder / name).write_bytes(b"\0\0\0\x20ftyp" + brand + bytes(20) + bytes(range(256)) * 40)
    (folder / "film.wav").write_bytes(b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 40)
    soundfile.write(folder / "silence.wav", np.zeros((RATE_HZ, 2)), RATE_HZ)
    soundfile.write(folder / "header.wav", np.zeros((0, 2)), RATE_HZ)
    soundfile.write(folder / "one-hertz.wav", make_music(0.1), 1)
    _write_playable(folder)
    return radio


def _write_playable(folder: Path) -> None:
    soundfile.write(folder / "blink.wav", make_music(0.1), RATE_HZ)
    soundfile.write(folder / "long.flac", np.tile(make_music(60.0, rate_hz=8_000), (10, 1)), 8_000)
    soundfile.write(folder / "harsh.wav", (make_music(3.0) * 9).clip(-1, 1), RATE_HZ)
    soundfile.write(folder / "telephone.wav", make_music(3.0, rate_hz=8_000)[:, 0], 8_000, subtype="ULAW")
    soundfile.write(folder / "surround.wav", make_music(3.0, channels=6), 48_000, subtype="PCM_24")
    soundfile.write(folder / "studio.wav", make_music(3.0, rate_hz=192_000), 192_000, subtype="DOUBLE")
    soundfile.write(folder / "whole.ogg", make_music(6.0), RATE_HZ)
    ogg_data = (folder / "whole.ogg").read_bytes()
    (folder / "broken-off.ogg").write_bytes(ogg_data[: len(ogg_data) // 2])
    music = make_music(3.0)
    music[1000:2000] = np.nan
    music[3000, 1] = np.inf
    soundfile.write(folder / "not-numbers.wav", music, RATE_HZ, subtype="FLOAT")


def imaging(chosen: dict[str, str]) -> str:
    lines = "".join(f'{role} = "{jingle}"\n' for role, jingle in chosen.items())
    return f"{QUICK}[imaging]\n{lines}"


def rounds(names: dict[str, str]) -> list[dict[str, str]]:
    """Every name once, in as few runs as the jingle roles allow."""
    listed = list(names)
    return [
        dict(zip(ROLES, listed[start : start + len(ROLES)], strict=False))
        for start in range(0, len(listed), len(ROLES))
    ]


def assert_sound(radio: Radio) -> None:
    """Assert that the published file is readable to its end, not silent, and not over full scale."""
    radio.assert_clean()
    samples, _ = read_sound(radio.public / "latest.mp3")
    assert np.isfinite(samples).all()
    assert 0.1 < np.abs(samples).max() <= 1.0


@pytest.mark.parametrize("chosen", rounds(WITHOUT), ids=lambda chosen: next(iter(chosen.values())))
def test_a_bulletin_is_made_without_unusable_jingles_and_says_why(
    shelf: Radio, chosen: dict[str, str]
) -> None:
    shelf.profile(tables=imaging(chosen))

    notes = shelf.make_json()["notes"]

    for role, jingle in chosen.items():
        assert any(n.startswith(f"without {role}:") and WITHOUT[jingle] in n for n in notes), notes
    assert_sound(shelf)


@pytest.mark.parametrize("chosen", rounds(PLAYED), ids=lambda chosen: next(iter(chosen.values())))
def test_unusual_jingles_are_played(shelf: Radio, chosen: dict[str, str]) -> None:
    shelf.profile(options=ROOMY, tables=imaging(chosen))

    notes = shelf.make_json()["notes"]

    assert not any(note.startswith(f"without {role}:") for note in notes for role in ROLES), notes
    for role, jingle in chosen.items():
        if PLAYED[jingle]:
            assert any(note.startswith(f"{role}:") and PLAYED[jingle] in note for note in notes), notes
    assert_sound(shelf)


@pytest.mark.parametrize("ident", PLAYED)
def test_any_playable_sound_may_be_the_ident(shelf: Radio, ident: str) -> None:
    shelf.profile(options=ROOMY, tables=imaging({"ident": ident, "sting": ident, "closing": ident}))

    assert shelf.make_json()["planned_s"] == 50.0
    assert_sound(shelf)


def test_four_missing_jingles_are_reported_on_the_terminal(shelf: Radio) -> None:
    names = {name: f"{name}.wav" for name in ("ident", "bed", "sting", "closing")}
    shelf.profile(tables=imaging(names))

    done = shelf.make()

    assert done.returncode == 0
    assert done.stdout.count("no such file") == 4
    shelf.assert_clean()


class JingleDeleter(Listener):
    """Listener that deletes the jingles after speaking, just before the mix."""

    def __init__(self, *jingles: Path) -> None:
        self._jingles = jingles

    def end(self, stage: str, seconds: float, summary: str) -> None:
        if stage == "speak":
            for jingle in self._jingles:
                jingle.unlink()


@pytest.mark.parametrize("roles", [("ident",), ("ident", "bed", "sting", "closing")], ids=len)
def test_a_bulletin_is_made_without_jingles_deleted_before_the_mix(
    radio: Radio, roles: tuple[str, ...]
) -> None:
    files = {role: radio.folder / f"{role}.wav" for role in roles}
    for path in files.values():
        soundfile.write(path, make_music(6.0), RATE_HZ)
    profile = radio.profile(options=ROOMY, tables=imaging({role: path.name for role, path in files.items()}))
    with open_station(load_profile(str(profile)), output=radio.output) as station:
        run = make_bulletin(station, now=datetime.now(UTC), listener=JingleDeleter(*files.values()))

    for role in roles:
        assert any(
            note.startswith(f"without {role}:") and "no such file" in note for note in run.bulletin.notes
        )
    assert run.bulletin.renditions[0].duration_s <= 50.1
    assert_sound(radio)


def test_a_missing_folder_of_jingles_is_a_profile_error(shelf: Radio) -> None:
    shelf.profile(tables=imaging({"folder": "nowhere"}))

    done = shelf.make()

    assert done.returncode == 3
    assert "'folder':" in done.stderr
    assert "does not exist; paths are relative to the profile" in done.stderr
