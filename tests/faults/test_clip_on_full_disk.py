"""A clip while the disk is really full: a clear answer at each of three doors, nothing lost, the archive whole."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import soundfile

from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.speech.clips.clip_folder import CLIPS, is_undamaged
from tests.support.clip_doors import DOORS, Doors, open_doors
from tests.support.speech_like_sounds import RATE_HZ, speech_like

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs POSIX")]

FREE_KB = {"no byte": 0, "half of the clip": 300, "the clip, and hardly more": 440}
"""Free space before a clip of 4.5 s arrives as WAV: 432 kB each, the upload and the stored clip."""
MAY_HAVE_ROOM = ("the clip, and hardly more", "command")
"""A command uploads nothing, and the archive's log may have room for one more edit."""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A station whose output is a disk of 32 MB."""
    folder = tmp_path_factory.mktemp("hill")
    disk = folder / "output"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        with open_doors(folder) as opened:
            yield opened
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path, *, free_kb: int) -> Path:
    """Fill the disk with a file until only `free_kb` are free."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    room = os.statvfs(disk)
    with suppress(OSError), ballast.open("wb") as file:
        file.write(bytes(max(0, room.f_bavail * room.f_frsize - free_kb * 1024)))
    return ballast


def assert_whole(doors: Doors) -> None:
    """The archive is undamaged, every stored clip is what its name says, and nothing half-written is left."""
    with sqlite3.connect(doors.desk.output / ".bulletin" / "archive.sqlite") as archive:
        assert archive.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    clips = doors.desk.state / CLIPS
    assert all(is_undamaged(path, path.stem) for path in clips.glob("*.wav"))
    assert not [path for path in clips.glob("*") if path.name.startswith("part-")]
    uploads = doors.desk.output / ".bulletin" / "newsroom" / "uploads"
    assert not [path for path in uploads.rglob("*") if path.is_file()]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("space", FREE_KB)
def test_a_clip_on_a_full_disk_is_refused_with_the_remedy_and_attached_when_there_is_space(
    doors: Doors, tmp_path: Path, space: str, door: str
) -> None:
    sound, words = tmp_path / "mayor.wav", f"{space}, {door}."
    own = 1000 * (DOORS.index(door) + 3 * list(FREE_KB).index(space))  # a clip that is not stored yet
    soundfile.write(sound, speech_like()[own:], RATE_HZ, subtype="PCM_16")
    before = coming_bulletin(doors.desk).find("bridge").sentences
    ballast = fill(doors.desk.output, free_kb=FREE_KB[space])
    try:
        answer = doors.attach(door, sound, words=words)
    finally:
        ballast.unlink()
    assert_whole(doors)

    if not answer.is_done or (space, door) != MAY_HAVE_ROOM:
        assert not answer.is_done
        assert "free some space" in answer.text
        assert "Traceback" not in answer.text
        assert coming_bulletin(doors.desk).find("bridge").sentences == before
        again = doors.attach(door, sound, words=words)
        assert again.is_done, again.text
    assert coming_bulletin(doors.desk).find("bridge").sentences[-1].text == words
    assert_whole(doors)
