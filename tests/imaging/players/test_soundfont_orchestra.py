"""Recorded instruments: loudness, missing ones, damaged files, and the choice of what plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bulletin.errors import AudioError
from bulletin.imaging.mastering.measure_music_loudness import loudest_lufs
from bulletin.imaging.players import choose_orchestra as choosing
from bulletin.imaging.players.check_soundfont_file import check_soundfont_file
from bulletin.imaging.players.find_soundfont import find_soundfont
from bulletin.imaging.players.orchestra import DRUMS, INSTRUMENTS, SynthesisOrchestra
from bulletin.imaging.players.soundfont_orchestra import SoundfontOrchestra, read_instruments
from bulletin.imaging.sounds.oscillators import RATE_HZ, Random
from tests.imaging.soundfont_maker import make_soundfont

ALL = {(part.bank, part.preset) for part in read_instruments().values()}


def test_every_instrument_and_drum_is_in_the_table() -> None:
    assert set(read_instruments()) == {*INSTRUMENTS, *DRUMS}


def test_what_a_soundfont_lacks_is_synthesised_and_named(tmp_path: Path) -> None:
    pytest.importorskip("tinysoundfont")
    timpani = read_instruments()["timpani"]
    path = make_soundfont(tmp_path / "small.sf2", ALL - {(timpani.bank, timpani.preset)})
    choice = choosing.choose_orchestra(path)
    played = choice.orchestra.play("timpani", 45, 0.5, Random(2))

    assert choice.notes == (
        f"Instruments: {path}.",
        "small.sf2 has no timpani: synthesised instead",
    )
    assert np.array_equal(played, SynthesisOrchestra().play("timpani", 45, 0.5, Random(2)))


def test_a_recorded_instrument_is_as_loud_as_the_synthesised_one_and_plays_the_note(tmp_path: Path) -> None:
    pytest.importorskip("tinysoundfont")
    orchestra = SoundfontOrchestra(make_soundfont(tmp_path / "tone.sf2", ALL))
    first, again = (orchestra.play("horns", 66, 0.6, Random(3)) for _ in range(2))
    computed = SynthesisOrchestra().play("horns", 66, 0.6, Random(3))
    power = np.abs(np.fft.rfft(first.mean(axis=1), 2**17)) ** 2
    pitch_hz = float(np.argmax(power)) * RATE_HZ / 2**17

    assert np.array_equal(first, again)
    assert loudest_lufs(first, tenths=4) == pytest.approx(loudest_lufs(computed, tenths=4), abs=1.0)
    assert 69 + 12 * np.log2(pitch_hz / 440) == pytest.approx(66, abs=0.15)
    assert np.abs(first[-40:]).max() < 0.001 * np.abs(first).max()


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _no_samples(data: bytes) -> bytes:
    return data.replace(b"smpl", b"xmpl")


def _wrong_sample(data: bytes) -> bytes:
    """The zone of the instrument refers to sample 900."""
    return data.replace(b"\x35\0\0\0", b"\x35\0\x84\3")


def _far_sample(data: bytes) -> bytes:
    """The sample ends a gigabyte behind the data."""
    at = data.index(b"shdr") + 8 + 24
    return data[:at] + b"\0\0\0\x40" + data[at + 4 :]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: b"", "is empty, not a soundfont; install it again"),
        (lambda data: b"MThd" + data, "is not a soundfont"),
        (_cut, "is cut off after .* bytes; install it again"),
        (_no_samples, "it has no samples.*; install it again"),
        (_wrong_sample, "refers to a sample that does not exist"),
        (_far_sample, "a sample lies outside the data"),
    ],
)
def test_a_damaged_soundfont_is_an_error_before_the_player_reads_it(damage, message, tmp_path: Path) -> None:
    path = make_soundfont(tmp_path / "whole.sf2", ALL)
    check_soundfont_file(path)
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(AudioError, match=f"whole.sf2: .*{message}"):
        check_soundfont_file(path)


def test_an_installed_soundfont_that_is_damaged_leaves_the_synthesis_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tinysoundfont")
    folder = tmp_path / ".local/share/soundfonts"
    folder.mkdir(parents=True)
    path = folder / "MuseScore_General_Lite.sf3"
    path.write_bytes(b"RIFF")
    monkeypatch.setenv("HOME", str(tmp_path))
    choice = choosing.choose_orchestra()

    assert choice.orchestra.name == "synthesis"
    assert choice.notes[0] == "Instruments: synthesis."
    assert choice.notes[1].startswith(f"{path}: is not a soundfont")
    with pytest.raises(AudioError, match="is not a soundfont"):
        choosing.choose_orchestra(path)


def test_without_recorded_instruments_the_synthesis_plays_and_one_command_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choosing, "find_soundfont", lambda: None)
    choice = choosing.choose_orchestra()

    assert choice.orchestra.name == "synthesis"
    assert choice.notes[1].startswith("Recorded instruments sound better; they")
    assert choice.notes[1].endswith("installed by: bulletin imaging install")


@pytest.mark.slow
def test_the_soundfont_of_the_shipped_sets_has_every_instrument() -> None:
    pytest.importorskip("tinysoundfont")
    path = find_soundfont()
    if path is None or path.name != "MuseScore_General_Lite.sf3":
        pytest.skip("MuseScore_General_Lite is not installed; `bulletin imaging install`")

    assert SoundfontOrchestra(path).missing == ()


def _real_soundfont() -> bytearray:
    path = find_soundfont()
    if path is None or path.name != "MuseScore_General_Lite.sf3":
        pytest.skip("MuseScore_General_Lite is not installed; `bulletin imaging install`")
    return bytearray(path.read_bytes())


@pytest.mark.slow
def test_a_real_soundfont_without_some_instruments_plays_the_others(tmp_path: Path) -> None:
    """Timpani and glockenspiel (presets 47 and 9, in each bank) are renamed to a preset that nobody asks for."""
    pytest.importorskip("tinysoundfont")
    data, path = _real_soundfont(), tmp_path / "reduced.sf3"
    first = data.index(b"phdr") + 8
    last = first + int.from_bytes(data[first - 4 : first], "little")
    for record in range(first, last, 38):
        if data[record + 20] in (9, 47):
            data[record + 20] = 127
    path.write_bytes(data)
    choice = choosing.choose_orchestra(path)

    assert choice.notes[1] == "reduced.sf3 has no glockenspiel, timpani: synthesised instead"
    for name in ("timpani", "glockenspiel", "horns"):
        assert np.abs(choice.orchestra.play(name, 50, 0.4, Random(1))).max() > 0.1


@pytest.mark.slow
def test_a_real_soundfont_with_a_hole_in_its_samples_is_an_error(tmp_path: Path) -> None:
    data, path = _real_soundfont(), tmp_path / "hole.sf3"
    data[10_000_000:12_000_000] = bytes(2_000_000)
    path.write_bytes(data)

    with pytest.raises(
        AudioError, match=r"hole.sf3: the soundfont is damaged \(\d+ of its \d+ samples cannot"
    ):
        check_soundfont_file(path)
