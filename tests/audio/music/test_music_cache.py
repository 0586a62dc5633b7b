import os

import numpy as np
import pytest

from bulletin.audio.music import load_jingles as jingle_files
from bulletin.audio.music import music_cache as crates
from bulletin.audio.music.load_jingles import StationJingles, load_jingles
from bulletin.audio.music.music_cache import MusicCache
from bulletin.audio.rundown_layout import JingleKind
from tests.audio.music.test_load_jingles import RATE_HZ, save
from tests.audio.sounds import make_music

DAMAGES = {
    "cut short": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "only its start": lambda data: data[:20],
    "zeros at its end": lambda data: data[:-4096] + bytes(4096),
    "one bit": lambda data: data[:-9000] + bytes([data[-9000] ^ 1]) + data[-8999:],
    "one digit of its head": lambda data: data.replace(b'"length_s": 1', b'"length_s": 9', 1),
    "the size of its first array": lambda data: data[:26] + b"\xff" * 2 + data[28:],
    "a text": lambda data: b"jingle\n" * 1000,
}


def load(folder, *, rate_hz=RATE_HZ, lufs=-16.0, mix_points_s=None, **files):
    jingles = StationJingles(**files, mix_points_s=mix_points_s or {}, cache_folder=folder)
    return load_jingles(jingles, rate_hz=rate_hz, voice_lufs=lufs)


@pytest.fixture
def decoded(monkeypatch):
    """Names of the files that were decoded."""
    names = []
    read = jingle_files._read_start

    def tapped(path, **options):
        names.append(path.name)
        return read(path, **options)

    monkeypatch.setattr(jingle_files, "_read_start", tapped)
    return names


def same(one, other):
    return (
        np.array_equal(one.samples, other.samples)
        and np.array_equal(one.powers, other.powers)
        and (one.timing, one.notes) == (other.timing, other.notes)
    )


def test_what_was_made_once_is_read_the_next_time_to_the_sample(tmp_path, decoded):
    files = {
        "ident": save(tmp_path / "ident.wav", make_music(1.5), rate_hz=32_000),
        "bed": save(tmp_path / "bed.wav", np.clip(make_music(2.0) * 9, -1, 1)),
        "sting": save(tmp_path / "sting.wav", make_music(9.0)),
    }

    made, read = load(tmp_path / "kept", **files), load(tmp_path / "kept", **files)

    assert decoded == ["ident.wav", "bed.wav", "sting.wav"]
    assert made.notes == read.notes
    assert len(made.notes) == 2
    assert all(same(made.jingles[music], read.jingles[music]) for music in made.jingles)


def test_what_is_kept_sounds_as_without_a_folder(tmp_path):
    path = save(tmp_path / "ident.wav", make_music(1.5))
    load(tmp_path / "kept", ident=path)

    assert same(
        load(tmp_path / "kept", ident=path).jingles[JingleKind.IDENT],
        load(None, ident=path).jingles[JingleKind.IDENT],
    )


@pytest.mark.parametrize(
    "other", [{"rate_hz": 48_000}, {"lufs": -20.0}, {"mix_points_s": {"ident": 0.5}}, {"sting": True}]
)
def test_another_wish_is_another_record(tmp_path, decoded, other):
    path = save(tmp_path / "ident.wav", make_music(1.5))
    load(tmp_path / "kept", ident=path)

    wish = {"sting": path} if other.pop("sting", False) else {"ident": path}
    load(tmp_path / "kept", **wish, **other)

    assert len(decoded) == 2


def test_a_new_jingle_under_the_old_name_is_heard(tmp_path):
    path = save(tmp_path / "ident.wav", make_music(1.5))
    load(tmp_path / "kept", ident=path)
    before = path.stat()
    save(path, -make_music(1.5))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert same(
        load(tmp_path / "kept", ident=path).jingles[JingleKind.IDENT],
        load(None, ident=path).jingles[JingleKind.IDENT],
    )


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_made_anew(tmp_path, decoded, damage):
    path = save(tmp_path / "ident.wav", make_music(1.5))
    made = load(tmp_path / "kept", ident=path).jingles[JingleKind.IDENT]
    (kept,) = (tmp_path / "kept").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(DAMAGES[damage](whole))
    assert kept.read_bytes() != whole

    mended = load(tmp_path / "kept", ident=path).jingles[JingleKind.IDENT]

    assert same(mended, made)
    assert len(decoded) == 2
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path):
    path = save(tmp_path / "ident.wav", make_music(1.5))
    (tmp_path / "file").write_text("no folder")

    for _ in range(2):
        shelf = load(tmp_path / "file" / "kept", ident=path)

        assert shelf.notes == ()
        assert JingleKind.IDENT in shelf.jingles


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    path = save(tmp_path / "ident.wav", make_music(1.5))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(crates.os, "fsync", full)

    assert JingleKind.IDENT in load(tmp_path / "kept", ident=path).jingles
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_was_played_longest_ago_goes_first(tmp_path):
    record = load(None, ident=save(tmp_path / "ident.wav", make_music(1.0))).jingles[JingleKind.IDENT]
    crate = MusicCache(tmp_path / "kept", cache_bytes=round(3.5 * record.samples.nbytes))
    names = [f"{number}.record" for number in range(4)]
    for age_s, name in zip((30, 20, 10), names, strict=False):
        crate.store(name, record)
        os.utime(tmp_path / "kept" / name, (1e9 - age_s, 1e9 - age_s))
    assert crate.load(names[0])

    crate.store(names[3], record)

    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [names[0], names[2], names[3]]


def test_a_record_that_would_push_out_the_others_is_not_kept(tmp_path):
    record = load(None, ident=save(tmp_path / "ident.wav", make_music(1.0))).jingles[JingleKind.IDENT]

    MusicCache(tmp_path / "kept", cache_bytes=2 * record.samples.nbytes).store("one.record", record)

    assert not (tmp_path / "kept").exists()
