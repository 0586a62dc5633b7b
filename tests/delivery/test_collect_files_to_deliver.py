"""Order of the files in a parcel: a file arrives before the pages and feeds that link to it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.delivery.collect_files_to_deliver import PublicFolderReader
from bulletin.errors import DeliveryError
from bulletin.runtime.files.placeholder_file import read_placeholder, write_placeholder

IN_ORDER = (
    "demo-1.mp3",
    "stories/pier.mp3",
    "demo-1.json",
    "zebra.vtt",
    "fm.wav",
    "fm.json",
    "latest.mp3",
    "flash.json",
    "days/2026-11-24.html",
    "demo-1.html",
    "index.html",
    "feed-2.xml",
    "feed.xml",
)
"""Sound, its text files, files with fixed names, their side files, pages, the index, older feed pages, the feed."""


def test_a_file_that_links_to_others_arrives_after_them(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "demo", tmp_path / "scratch"
    scratch.mkdir()
    for name in sorted(IN_ORDER):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        shelf = PublicFolderReader(folder=folder, station="demo", time_zone="Europe/London", episodes=archive)
        (published,) = shelf.list_published("site")

        parcel = shelf.pack("site", published.guid, scratch=scratch)

    assert parcel is not None
    assert tuple(item.name for item in parcel.items) == IN_ORDER


def test_only_files_with_fixed_names_make_a_new_parcel(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        shelf = PublicFolderReader(
            folder=tmp_path / "demo", station="demo", time_zone="Europe/London", episodes=archive
        )
        shelf.folder.mkdir()
        (shelf.folder / "demo-1.mp3").write_text("sound", "utf-8")
        assert shelf.list_published("site") == ()

        guids = []
        for name in ("fm.wav", "demo-2.mp3", "demo-2.json", "flash.json", "index.html"):
            (shelf.folder / name).write_text("new", "utf-8")
            guids.append(shelf.list_published("site")[0].guid)

    assert guids[0] == guids[1] == guids[2]
    assert len(set(guids)) == 3


def test_a_placeholder_is_delivered_as_the_sound_that_it_names_or_not_at_all(tmp_path: Path) -> None:
    """On a machine of a group old sounds are placeholders, of the right size and date."""
    folder, scratch = tmp_path / "demo", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    sound = b"\xff\xfb" * 5000
    sha256 = hashlib.sha256(sound).hexdigest()
    for name in ("demo-1.mp3", "latest.mp3"):
        write_placeholder(folder / name, sha256=sha256, size=len(sound))
        os.utime(folder / name, ns=(10**18, 10**18))
    store = {sha256: sound}
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        shelf = PublicFolderReader(folder=folder, station="demo", time_zone="Europe/London", episodes=archive)
        (published,) = shelf.list_published("site")
        with pytest.raises(DeliveryError, match="a worker of the group delivers it"):
            shelf.pack("site", published.guid, scratch=scratch)

        shelf = replace(shelf, fetch=lambda sha256, *, name: store[sha256])
        parcel = shelf.pack("site", published.guid, scratch=scratch)

    assert parcel is not None
    assert {item.name: item.path.read_bytes() for item in parcel.items} == dict.fromkeys(
        ("demo-1.mp3", "latest.mp3"), sound
    )
    assert {item.path.stat().st_mtime_ns for item in parcel.items} == {10**18}
    assert read_placeholder(folder / "demo-1.mp3") == sha256
