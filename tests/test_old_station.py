"""A station of an older Bulletin works unchanged: no episode, guid, page or kill is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from bulletin.cli.main import cli

pytestmark = pytest.mark.slow

OLD = Path(__file__).parent / "data" / "old_station"
FEED_GUID = "4852f75a-f706-5d63-a6a4-3725e1ce4945"
KILLED = "wex-20261128T0700Z-cb14bf017971"
AT_EIGHT, AT_NINE = "wex-20261128T0800Z-e94bce840f49", "wex-20261128T0900Z-54b65ec31a4e"
CHOIR = "Wexcombe choir sings on the green"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the old station with its latest.mp3; the archive is private, as the old Bulletin wrote it."""
    home = tmp_path / "home"
    shutil.copytree(OLD, home)
    public = home / "output" / "wex"
    shutil.copyfile(public / "wex-20261128-0900-20261128T180242Z.mp3", public / "latest.mp3")
    (home / "output" / ".bulletin").chmod(0o700)
    for file in (home / "output" / ".bulletin").glob("archive.*"):
        file.chmod(0o600)
    return home


def run(home: Path, command: str, *options: str, station: str | None = "--station") -> Result:
    """Run a command on the station at `home`; `station` is the option that names it, "" for an argument."""
    profile = str(home / "feeds" / "wex.toml")
    named = [] if station is None else [station, profile] if station else [profile]
    arguments = [command, *named, "--output", str(home / "output"), *options]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"
    return result


def feed(home: Path) -> etree._Element:
    return etree.parse(home / "output" / "wex" / "feed.xml").getroot()


def guids(home: Path) -> list[str | None]:
    return [guid.text for guid in feed(home).iter("guid")]


def assert_feed_is_complete(home: Path, *, also: Iterable[str] = (AT_EIGHT, AT_NINE)) -> None:
    """The feed has the old episodes with their sound and pages, but not the withdrawn one."""
    assert set(also) <= set(guids(home))
    assert KILLED not in guids(home)
    assert [guid.text for guid in feed(home).iter("{*}guid") if guid.prefix == "podcast"] == [FEED_GUID]
    for item in feed(home).iter("item"):
        enclosure = item.find("enclosure")
        assert enclosure is not None
        sound = home / "output" / "wex" / str(enclosure.attrib["url"]).rpartition("/")[2]
        assert sound.stat().st_size == int(enclosure.attrib["length"])
        assert sound.with_suffix(".html").is_file()


def test_an_old_station_is_checked_and_read(home: Path) -> None:
    before = (home / "output" / "wex" / "feed.xml").read_bytes()

    assert "failure" not in run(home, "check", station="").output
    aired = json.loads(run(home, "log", "--json", "--day", "2026-11-28", station="").stdout)
    result = run(home, "why", "choir")

    assert json.dumps(aired).count(CHOIR) >= 2
    assert CHOIR in result.output
    assert "Sixty singers take part" in result.output
    assert "furniture warehouse" in run(home, "kill", "--list").output
    assert (home / "output" / "wex" / "feed.xml").read_bytes() == before


def test_an_old_station_is_republished_with_every_page(home: Path) -> None:
    before = {path.name for path in (home / "output" / "wex").rglob("*") if path.is_file()}

    run(home, "republish", station="")

    after = {path.name for path in (home / "output" / "wex").rglob("*") if path.is_file()}
    hashed = {name for name in before - after if name.startswith(("page-", "icon-", "cover-", "artwork-"))}
    assert before - after == hashed  # file names with a hash of the content
    assert_feed_is_complete(home)


@pytest.mark.slow
def test_an_old_station_makes_bulletins_and_its_stories_can_be_killed(home: Path) -> None:
    run(home, "make", "--quiet", station="")
    new = set(guids(home)) - {AT_EIGHT, AT_NINE}
    assert len(new) == 1
    assert_feed_is_complete(home)
    assert "furniture" not in (home / "output" / "wex" / "stories.json").read_text(encoding="utf-8")

    run(home, "kill", "choir")

    assert set(guids(home)) & {AT_EIGHT, AT_NINE} == set()
    assert_feed_is_complete(home, also=())
    listed = run(home, "kill", "--list").output
    assert all(word in listed for word in ("choir", "furniture warehouse", "Sallow Fell"))


def test_a_story_of_an_old_station_is_withdrawn_from_its_last_bulletins(home: Path) -> None:
    run(home, "withdraw", "Corn Bridge")

    assert {AT_EIGHT, AT_NINE} & set(guids(home)) == set()
    assert_feed_is_complete(home, also=())
    for page in (home / "output" / "wex").glob("wex-*.html"):
        assert "Corn Bridge" not in page.read_text(encoding="utf-8")
    assert "furniture warehouse" in run(home, "kill", "--list").output


def test_the_backup_of_an_old_station_is_restored_elsewhere(home: Path, tmp_path: Path) -> None:
    profile, file, there = home / "feeds" / "wex.toml", tmp_path / "old.tar.gz", tmp_path / "there"
    packed = ["backup", str(file), str(profile), "--output", str(home / "output")]
    assert CliRunner().invoke(cli, packed).exit_code == 0

    restored = CliRunner().invoke(cli, ["restore", str(file), "--to", str(there)])

    assert restored.exit_code == 0, restored.output
    assert (there / "feeds" / "names.toml").is_file()
    assert "furniture warehouse" in run(there, "kill", "--list").output
    shutil.copytree(home / "output" / "wex", there / "output" / "wex")
    run(there, "republish", station="")
    assert_feed_is_complete(there)
