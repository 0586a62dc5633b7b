"""Atomic file batch: all files are published complete and in order, or none."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from bulletin.errors import OutletError
from bulletin.publishing.atomic_file_batch import (
    PART,
    Batch,
    cannot_write,
    check_folder,
    measure,
    sweep_parts,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_no_file_is_visible_before_the_commit(tmp_path: Path) -> None:
    source = tmp_path / "sound.wav"
    source.write_bytes(b"sound")
    folder = tmp_path / "public"
    folder.mkdir()

    with Batch(folder) as batch:
        batch.put("a.txt", b"words")
        batch.copy("b.mp3", source)
        assert all(name.startswith(PART) for name in names(folder))
        batch.commit()

    assert names(folder) == ["a.txt", "b.mp3"]
    assert (folder / "b.mp3").read_bytes() == source.read_bytes()


def test_an_abandoned_batch_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Batch(tmp_path) as batch:  # noqa: PT012 - the block itself is under test
        batch.put("a.txt", b"words")
        raise KeyboardInterrupt

    assert names(tmp_path) == []


def test_files_are_published_in_the_order_of_the_batch(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()  # cannot be replaced by a file
    with pytest.raises(OutletError, match="cannot be written"), Batch(tmp_path) as batch:  # noqa: PT012
        for name in ("first", "second", "third"):
            batch.put(name, b"x")
        batch.commit()

    assert names(tmp_path) == ["first", "second"]
    assert (tmp_path / "second").is_dir()


def test_an_unchanged_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"words")
    os.utime(path, (1, 1))

    with Batch(tmp_path) as batch:
        batch.put("a.txt", b"words")
        batch.copy("a.txt", path)
        batch.commit()

    assert path.stat().st_mtime == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_web_server_may_read_what_was_written(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        with Batch(tmp_path) as batch:
            batch.put("a.txt", b"words")
            batch.commit()
    finally:
        os.umask(old)

    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o644


def test_a_file_where_the_folder_should_be_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(
        OutletError, match=r"file: cannot be written \(.+\); move that file away or choose another folder"
    ):
        check_folder(tmp_path / "file", room_bytes=0)


def test_a_folder_is_made_and_left_empty_by_the_check(tmp_path: Path) -> None:
    check_folder(tmp_path / "deep" / "public", room_bytes=1)

    assert names(tmp_path / "deep" / "public") == []


def test_a_disk_without_room_is_noticed_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(OutletError, match=r"MB are free, .* needed; free some space"):
        check_folder(tmp_path, room_bytes=10**18)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space or choose another folder"),
        (errno.EROFS, "give this user write permission or choose another folder"),
        (errno.EACCES, "give this user write permission or choose another folder"),
        (errno.EEXIST, "move that file away or choose another folder"),
        (errno.ENOENT, "create the folder or choose another folder"),
        (errno.EIO, "choose another folder"),
    ],
)
def test_the_remedy_fits_the_cause(number: int, remedy: str) -> None:
    error = cannot_write(Path("public"), OSError(number, os.strerror(number)))

    assert str(error) == f"public: cannot be written ({os.strerror(number)}); {remedy}"


def test_old_part_files_are_swept_and_young_ones_stay(tmp_path: Path) -> None:
    for name in (f"{PART}old", f"{PART}young", "a.mp3"):
        (tmp_path / name).write_bytes(b"x")
    os.utime(tmp_path / f"{PART}old", (time.time() - 7200,) * 2)

    sweep_parts(tmp_path)
    assert names(tmp_path) == ["a.mp3", f"{PART}young"]

    sweep_parts(tmp_path, older_than_s=0)
    assert names(tmp_path) == ["a.mp3"]


def test_an_audio_file_has_size_and_checksum(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"abc")
    (tmp_path / "empty.mp3").write_bytes(b"")

    assert measure(tmp_path / "a.mp3") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        3,
    )
    with pytest.raises(OutletError, match="is empty"):
        measure(tmp_path / "empty.mp3")
    with pytest.raises(OutletError, match="cannot be read"):
        measure(tmp_path / "none.mp3")


@pytest.mark.skipif(os.name != "posix", reason="folders are not synced there")
def test_after_a_power_cut_the_file_is_the_old_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content is flushed to disk before the rename, then the folder: without it 40 of 40 files were lost."""
    source, seen = tmp_path / "sound.wav", list[tuple[str, list[str]]]()
    source.write_bytes(b"sound")
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"old")
    fsync = os.fsync

    def sync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        held = [name for name in names(folder) if not name.startswith(PART)]
        seen.append(("folder" if is_folder else "file", held))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    with Batch(folder) as batch:
        batch.put("a.txt", b"new words")
        batch.copy("b.wav", source)
        assert (folder / "a.txt").read_bytes() == b"old"
        batch.commit()

    assert seen == [("file", ["a.txt"]), ("file", ["a.txt"]), ("folder", ["a.txt", "b.wav"])]
