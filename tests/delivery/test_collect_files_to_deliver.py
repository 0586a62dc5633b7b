"""The public folder in parcels: what arrives first, so that no reader meets a name of what is not there yet."""

from __future__ import annotations

from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.delivery.collect_files_to_deliver import PublicFolderReader

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
"""Sound, the words about it, what keeps its name, what names that, pages, their index, older feed pages, the feed."""


def test_what_names_others_arrives_after_them(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "demo", tmp_path / "scratch"
    scratch.mkdir()
    for name in sorted(IN_ORDER):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        shelf = PublicFolderReader(folder=folder, station="demo", time_zone="Europe/London", episodes=archive)
        (lying,) = shelf.list_published("site")

        parcel = shelf.pack("site", lying.guid, scratch=scratch)

    assert parcel is not None
    assert tuple(item.name for item in parcel.items) == IN_ORDER


def test_only_what_keeps_its_name_makes_another_parcel(tmp_path: Path) -> None:
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
