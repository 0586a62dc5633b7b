"""Bulletin -> one sound for each story under a permanent name, and stories.json, the index of the newest."""

from __future__ import annotations

import hashlib
import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode, Rendition, StationWords
from bulletin.model.sort_bulletins_by_time import Times, newest_first
from bulletin.publishing.atomic_file_batch import Batch, check_folder, delete_file, measure
from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title
from bulletin.publishing.json_sidecar_file import read_moment, read_side, write_json
from bulletin.publishing.outlet_interface import GUID_HEX, Outlet, make_guid
from bulletin.publishing.podcast_urls import web_link
from bulletin.runtime.latest_credible_time import latest_made

INDEX, FOLDER = "stories.json", "stories"
"""Names in the station's public folder."""

_CHECK_ROOM = 20_000_000
_WORDS_ROOM = 1_000_000
_SLUG_CHARS = 60

Facts = dict[str, Any]


@dataclass(kw_only=True, eq=False)
class StoryFiles(Outlet):
    """
    `stories/<words>-<hash>.mp3`, and the index `stories.json` beside the folder, for an app or a website.

    An address keeps its sound for ever. The index lists each story once, in its newest version: the newest
    bulletin's stories first, in its order, then the stories of the `keep_h` hours before. It is made from
    `stories/<guid>.json`, the list of one bulletin's stories.
    """

    name = "stories"

    folder: Path
    station: StationWords
    keep_h: float = 48.0
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def check(self) -> None:
        """Check the folder and its free space."""
        check_folder(self._sounds, room_bytes=_CHECK_ROOM)

    def place(self, bulletin: Bulletin) -> Episode:
        """Write the sounds, the bulletin's list and the index, in this order."""
        sounds = [made for made in bulletin.renditions if made.kind == self.name]
        if not sounds:
            raise OutletError('the bulletin has no sound files of stories; add "stories" to [outputs] make')
        room = sum(measure(made.path)[1] for made in sounds)
        check_folder(self._sounds, room_bytes=room + _WORDS_ROOM)
        stories = [self._describe(bulletin, made) for made in sounds]
        list_ = self._list(bulletin, stories)
        with Batch(self._sounds) as files:
            for made, story in zip(sounds, stories, strict=True):
                name = Path(story["audio"]).name
                if made.path.resolve() != (self._sounds / name).resolve():
                    files.copy(name, made.path)
            files.put(f"{list_['guid']}.json", write_json(list_))
            files.commit()
        self._write_index()
        return Episode(
            guid=list_["guid"],
            title=bulletin.script.title,
            published=datetime.fromisoformat(list_["made"]),
            outlet=self.name,
            places={
                "index": self.folder / INDEX,
                "folder": self._sounds,
                **{f"audio:{story['id']}": self.folder / story["audio"] for story in stories},
            },
        )

    def withdraw(self, guid: str) -> None:
        """
        Remove a bulletin's stories from the index, then delete the sounds that no other bulletin has.

        An earlier version of a story replaces it. The list is deleted last, so that a second call finishes an
        interrupted one.
        """
        path = self._sounds / f"{Path(guid).name}.json"
        gone = _read(path)
        if gone is None:
            return
        others = (list_ for list_ in self._lists() if list_["guid"] != guid)
        shared = {story["audio"] for list_ in others for story in list_["stories"]}
        try:
            self._write_index(without=guid)
        finally:
            # even if writing the index failed: withdrawn sound must not be audible
            for story in gone["stories"]:
                if story["audio"] not in shared:
                    delete_file(self._sounds, story["audio"])
        delete_file(path.parent, path.name)

    def has(self, guid: str) -> bool:
        """Whether its list exists."""
        return _read(self._sounds / f"{Path(guid).name}.json") is not None

    @property
    def _sounds(self) -> Path:
        return self.folder / FOLDER

    def _describe(self, bulletin: Bulletin, made: Rendition) -> Facts:
        """A story's entry in the index; `audio` is relative to the index."""
        chapter = made.chapters[0] if made.chapters else None
        if chapter is None or not chapter.story_id:
            raise OutletError(f"{made.path}: has no chapter that names its story; run `bulletin make` again")
        sha256, length = measure(made.path)
        title = plain_title(chapter.title) or plain_title(bulletin.script.title)
        best = next((t.story.best for t in bulletin.script.stories if t.story.id == chapter.story_id), None)
        return {
            "id": plain_line(chapter.story_id),
            "title": title,
            "link": web_link(chapter.link) or (web_link(best.link) if best else ""),
            "credit": plain_line(best.credit) if best else "",
            "audio": f"{FOLDER}/{make_slug(title)}-{sha256[:GUID_HEX]}{made.path.suffix}",
            "media_type": made.media_type,
            "duration_s": round(made.duration_s, 3),
            "bytes": length,
            "sha256": sha256,
            "loudness_lufs": round(made.loudness_lufs, 2),
        }

    def _list(self, bulletin: Bulletin, stories: Sequence[Facts]) -> Facts:
        """List of a bulletin's stories; a repeated call keeps its first date."""
        due = bulletin.script.at.astimezone(UTC)
        digest = hashlib.sha256("".join(story["sha256"] for story in stories).encode()).hexdigest()
        guid = make_guid(self.station.id, bulletin, digest, kind="stories")
        before = _read(self._sounds / f"{guid}.json")
        return {
            "guid": guid,
            "title": plain_title(bulletin.script.title),
            "made": before["made"] if before else self.clock().replace(microsecond=0).isoformat(),
            "due": due.isoformat(),
            "stories": list(stories),
        }

    def _lists(self) -> Iterator[Facts]:
        """Lists of all bulletins, the newest hour first, by their names."""
        for path in sorted(self._sounds.glob(f"{self.station.id}-stories-*.json"), reverse=True):
            if list_ := _read(path):
                yield list_

    def _write_index(self, *, without: str = "") -> None:
        until = latest_made(self.clock())
        lists: list[Facts] = []
        for list_ in self._lists():
            if list_["guid"] == without or _times(list_)[1] > until:
                continue
            if lists and _times(list_)[0] < _times(lists[0])[0] - timedelta(hours=self.keep_h):
                break
            lists.append(list_)
        with Batch(self.folder) as front:
            front.put(INDEX, write_json(self._index(newest_first(lists, _times))))
            front.commit()

    def _index(self, lists: Sequence[Facts]) -> Facts:
        newest = lists[0] if lists else {}
        shown: dict[str, Facts] = {}
        for list_ in lists:
            for story in list_["stories"]:
                origin = {"bulletin": list_["guid"], "bulletin_title": list_["title"], "due": list_["due"]}
                shown.setdefault(story["id"], story | origin)
        return {
            "station": self.station.id,
            "name": self.station.name,
            "bulletin": newest.get("guid", ""),
            "made": newest.get("made"),
            "due": newest.get("due"),
            "stories": list(shown.values()),
        }


def make_slug(title: str) -> str:
    """Lower-case words, at most 60 characters, cut at a word: "bridge-over-the-wex-closes"."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("'", "").replace("’", ""))
    words = " ".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))
    return (
        textwrap.shorten(words, _SLUG_CHARS, placeholder="").replace(" ", "-")
        or words[:_SLUG_CHARS]
        or "story"
    )


def _times(list_: Facts) -> Times:
    """Hour of a list's bulletin, and when it was made."""
    due = datetime.fromisoformat(list_["due"])
    return due, read_moment(list_["made"]) or due


def _read(path: Path) -> Facts | None:
    """A bulletin's list; None for a missing or other file."""
    list_ = read_side(path)
    return list_ if {"guid", "title", "made", "due", "stories"} <= list_.keys() else None
