"""`bulletin republish`: a new name, colour or address in every feed and page; sound stays unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.running.republish import command
from bulletin.config.load_profile import load_profile
from bulletin.pipeline.changes.delete_old_files import keep_within_limits
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.station.build_station_object import Station, open_station
from tests.cli.newsroom.test_withdraw import HOUR, TOML, own
from tests.support.factories import NOW

pytestmark = pytest.mark.slow

SPEAKER = TOML.replace('make = ["podcast", "fm", "stories"]', 'make = ["podcast", "speaker"]')
CHANGED = SPEAKER.replace('name = "Hill"', 'name = "Radio Hill"').replace(
    "[outputs]\n",
    '[imaging]\ncolour = "#0b6e4f"\n[outputs.podcast]\nbase_url = "https://new.example/"\n[outputs]\n',
)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "hill.toml"
    path.write_text(SPEAKER, encoding="utf-8")
    with opened(path) as station:
        for number, name in enumerate(("bridge", "school")):
            station.archive.add_own_story("hill", own(name))
            make_bulletin(station, now=NOW + number * HOUR)
    return path


def opened(path: Path):
    return open_station(load_profile(str(path)), output=path.parent / "out")


@pytest.fixture
def station(profile: Path) -> Iterator[Station]:
    profile.write_text(CHANGED, encoding="utf-8")
    with opened(profile) as station:
        yield station


def run(profile: Path) -> Result:
    return CliRunner().invoke(command, [str(profile), "--output", str(profile.parent / "out")])


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_with_the_name_has_the_new_one(profile: Path) -> None:
    folder = profile.parent / "out/hill"
    before = state(folder)
    profile.write_text(CHANGED, encoding="utf-8")

    result = run(profile)

    assert result.exit_code == 0, result.output
    names = [line.partition(":")[0] for line in result.output.splitlines()]
    assert names == ["speaker", "page", "podcast", f"In {folder}/"]
    after = state(folder)
    for name, data in after.items():
        if name.endswith((".html", "feed.xml")):
            assert b"Radio Hill" in data, name
            assert b"<title>Hill" not in data, name
    assert b"https://new.example/hill/speaker.mp3" in after["flash.json"]
    assert b"https://new.example/hill/hill-" in after["feed.xml"]
    kept = {name for name in before if name.endswith((".mp3", ".vtt", ".srt", ".page.json"))}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


@pytest.mark.slow
def test_a_second_republish_reports_no_change(profile: Path) -> None:
    first = run(profile)
    assert first.exit_code == 0, first.output

    assert [line for line in run(profile).output.splitlines() if ":" in line] == [
        "speaker: unchanged",
        "page: unchanged",
        "podcast: unchanged",
    ]


@pytest.mark.slow
def test_damaged_files_are_repaired(profile: Path) -> None:
    folder = profile.parent / "out/hill"
    before = state(folder)
    for path in [*folder.rglob("*.html"), folder / "feed.xml", *(folder / "days").glob("*.json")]:
        path.write_bytes(path.read_bytes()[:-100])

    assert run(profile).exit_code == 0

    after = state(folder)
    (copy,) = after.keys() - before.keys()
    assert copy.startswith("feed.xml.edited-")
    assert {name: after[name] for name in before} == before


@pytest.mark.slow
def test_artwork_of_the_old_colour_is_deleted_at_the_next_cleanup(profile: Path, station: Station) -> None:
    def looks() -> set[str]:
        return {
            path.name for path in station.folder.glob("*-????????.*") if not path.name.startswith("hill-")
        }

    old = looks()
    assert run(profile).exit_code == 0
    new = looks() - old
    assert {name.partition("-")[0] for name in new} == {
        "page",
        "icon",
        "cover",
        "artwork",
        "thumb",
        "preview",
    }

    keep_within_limits(station, now=NOW + timedelta(days=1))

    script = {name for name in old if name.endswith(".js")}  # the script does not contain the colour
    assert looks() == new | script
