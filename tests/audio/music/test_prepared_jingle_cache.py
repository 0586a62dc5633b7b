"""Cache of prepared jingles: each is prepared once, and a damaged cache file is ignored."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bulletin.audio.music import prepared_jingle_cache
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle, cached_jingle
from bulletin.audio.place_sounds_on_timeline import JingleTiming
from bulletin.errors import AudioError


def jingle(seed: int = 1) -> PreparedJingle:
    planes = np.random.default_rng(seed).standard_normal((2, 4_410)).astype(np.float32)
    return PreparedJingle(
        samples=planes.T,
        powers=np.array([0.25]),
        timing=JingleTiming(length_s=0.1, talk_from_s=0.05, talk_until_s=0.08),
        notes=("ident: name.wav lasts 0.10 s only; was it cut off?",),
    )


def load_through_cache(
    folder: Path | None, source: tuple[object, ...] = ("ident.wav", 1)
) -> tuple[PreparedJingle, bool]:
    """Load the jingle; return it and whether it was prepared again."""
    prepared = []

    def prepare() -> PreparedJingle:
        prepared.append(jingle())
        return prepared[0]

    return cached_jingle(folder, source, prepare), bool(prepared)


def test_a_later_run_gets_the_same_jingle_without_preparing_it(tmp_path: Path) -> None:
    first, was_prepared = load_through_cache(tmp_path / "jingles")
    second, is_prepared = load_through_cache(tmp_path / "jingles")

    assert (was_prepared, is_prepared) == (True, False)
    np.testing.assert_array_equal(second.samples, first.samples)
    np.testing.assert_array_equal(second.powers, first.powers)
    assert (second.timing, second.notes) == (first.timing, first.notes)
    assert second.samples.dtype == np.float32
    assert second.samples.T.flags.c_contiguous


def test_another_source_is_prepared(tmp_path: Path) -> None:
    load_through_cache(tmp_path)

    _, is_prepared = load_through_cache(tmp_path, ("ident.wav", 2))

    assert is_prepared


def test_another_version_of_the_program_prepares_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_through_cache(tmp_path)
    monkeypatch.setattr(prepared_jingle_cache, "__version__", "0.0.1")

    _, is_prepared = load_through_cache(tmp_path)

    assert is_prepared


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-30]),
        lambda path: path.write_bytes(path.read_bytes()[:9_000] + b"?" + path.read_bytes()[9_001:]),
        lambda path: path.write_bytes(b"\xff\xfe\x00" * 90),
        lambda path: np.savez(path, planes=np.zeros((2, 9))),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_damaged_file_is_prepared_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    first, _ = load_through_cache(tmp_path)
    (file,) = tmp_path.iterdir()
    damage(file)

    again, is_prepared = load_through_cache(tmp_path)

    assert is_prepared
    np.testing.assert_array_equal(again.samples, first.samples)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_an_unwritable_folder_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "jingles").write_text("a file", encoding="utf-8")

    _, is_prepared = load_through_cache(tmp_path / "jingles")

    assert is_prepared


def test_without_a_folder_nothing_is_stored(tmp_path: Path) -> None:
    load_through_cache(None)

    assert load_through_cache(None)[1]


def test_an_unusable_jingle_is_not_stored(tmp_path: Path) -> None:
    def refuse() -> PreparedJingle:
        raise AudioError("ident.wav is silent; name another file")

    with pytest.raises(AudioError, match="is silent"):
        cached_jingle(tmp_path, ("ident.wav",), refuse)

    assert not list(tmp_path.iterdir())


def test_the_jingles_unused_for_the_longest_time_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        load_through_cache(tmp_path, (number,))
    for age_s, file in enumerate(sorted(tmp_path.iterdir(), key=lambda file: file.stat().st_mtime_ns)):
        os.utime(file, (1_000_000 + age_s, 1_000_000 + age_s))
    size = max(file.stat().st_size for file in tmp_path.iterdir())
    load_through_cache(tmp_path, (0,))
    monkeypatch.setattr(prepared_jingle_cache, "MOST_BYTES", 2 * size + 100)

    load_through_cache(tmp_path, (3,))

    assert [load_through_cache(tmp_path, (number,))[1] for number in (3, 0)] == [False, False]
    assert len(list(tmp_path.iterdir())) == 2
