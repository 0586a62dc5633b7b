"""Machines of a group, each with its own output folder; one archive and one store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.config.load_profile import load_profile
from bulletin.model import Bulletin
from bulletin.pipeline.publish_and_record_bulletin import release_bulletin
from bulletin.pipeline.stage_timer import StageTimer
from bulletin.station.build_station_object import Station, open_station
from bulletin.station.group_files.group_publication import GroupPublication
from bulletin.station.group_files.working_copy import fetch_object
from bulletin.storage.store_interface import Store
from tests.support import factories
from tests.support.factories import NOW, make_article, make_script, make_story, make_story_script

PROFILE = """
name = "Hill"
length = "0:45"
repeats_freely = true
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm"]
[outputs.podcast]
base_url = "https://news.example.org/"
[outputs.page]
on = true
"""


def write_profile(folder: Path, name: str = "hill") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


@contextmanager
def on_machine(
    machine: Path, profile: Path, *, archive: Archive, store: Store, now: datetime = NOW, **changes: Any
) -> Iterator[Station]:
    """The station on one machine of the group."""
    loaded = load_profile(str(profile))
    with open_station(loaded, output=machine, memory=archive, store=store, clock=lambda: now) as station:
        publication = GroupPublication(
            archive=archive, store=store, station=loaded.id, output=machine, **changes
        )
        yield replace(station, publication=publication)


def make_sounds(folder: Path, *, hour: datetime, story: str) -> Bulletin:
    """A bulletin about one story with sound files of noise that no decoder reads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"hill-{hour:%Y%m%d-%H%M}.mp3"
    path.write_bytes(f"sound of {hour} about {story}".encode() * 1000)
    article = make_article(id=story, title=f"News of the {story}", link=f"https://hill.example/{story}")
    script = make_script(make_story_script(make_story(article)), title=f"{hour:%H} news", at=hour)
    made = factories.make_bulletin(path, script)
    on_air = path.with_suffix(".wav")
    on_air.write_bytes(path.read_bytes() * 2)
    wav = replace(made.renditions[0], kind="fm", path=on_air, media_type="audio/wav")
    return replace(made, renditions=(made.renditions[0], wav))


def publish(station: Station, scratch: Path, *, hours: int, story: str = "bridge") -> Bulletin:
    """Publish a bulletin so many hours after NOW."""
    hour = NOW + timedelta(hours=hours)
    bulletin = make_sounds(scratch, hour=hour, story=story)
    release_bulletin(station, bulletin, now=hour, timer=StageTimer())
    return bulletin


def heard(archive: Archive, store: Store, station: str = "hill") -> dict[str, bytes]:
    """What listeners get: every public name with its content."""
    files = PublishedFiles(archive).of_station(station).values()
    return {file.path: fetch_object(file.sha256, store, name=file.path) for file in files}


def faults_of(public: dict[str, bytes]) -> list[str]:
    """What is wrong with public files: side files and feeds must name existing files with the right content."""
    faults = []
    for name, data in public.items():
        if b"placeholder of object" in data[:100]:
            faults.append(f"{name}: a placeholder is public")
    for side, sound in (("latest.json", "latest.mp3"), ("fm.json", "fm.wav")):
        if side in public and json.loads(public[side])["sha256"] != hashlib.sha256(public[sound]).hexdigest():
            faults.append(f"{side}: is about another sound")
    pages = (name for name in public if name.endswith(".page.json"))
    silent = (name for name in pages if json.loads(public[name])["audio"] not in public)
    return [*faults, *(f"{name}: its sound is missing" for name in silent)]
