from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.archive.archive import Archive
from bulletin.cli.newsroom.stories import command

STORY = "Bridge closes\n\nThe bridge over the Wex has closed.\n\nThe council said it would open in May.\n"


def stories(*args: str, text: str | bytes = "") -> Result:
    return CliRunner().invoke(command, args, input=text)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    monkeypatch.delenv("BULLETIN_OUTPUT", raising=False)


def test_a_story_from_a_file_lives_for_its_hours() -> None:
    Path("story.txt").write_text(STORY, encoding="utf-8")

    before = datetime.now(UTC)
    result = stories("add", "story.txt", "--station", "demo", "--hours", "2", "--breaking")
    after = datetime.now(UTC)

    assert result.exit_code == 0
    with Archive.open(Path("output/.bulletin/archive.sqlite")) as archive:
        story = archive.own_stories("demo", after)[0]
    assert story.title == "Bridge closes"
    assert story.text.startswith("The bridge over the Wex has closed.")
    assert story.is_breaking
    assert story.is_local
    assert story.expires is not None
    assert before <= story.expires - timedelta(hours=2) <= after


def test_a_story_from_standard_input_is_listed_and_taken_back() -> None:
    stories("add", "-", "demo", text=STORY)

    listed = stories("list", "demo").output
    (data,) = json.loads(stories("list", "--station", "demo", "--json").output)["stories"]
    story_id = listed.split()[0]
    removed = stories("remove", story_id, "demo")

    assert "Bridge closes" in listed
    assert (data["id"], data["title"], data["category"]) == (story_id, "Bridge closes", "local")
    assert removed.exit_code == 0
    assert stories("list", "demo").output == ""


@pytest.mark.slow
def test_old_spellings_of_add_work_and_name_the_new_ones() -> None:
    def run(*args: str) -> subprocess.CompletedProcess[str]:
        program = [sys.executable, "-m", "bulletin", *args]
        return subprocess.run(program, input=STORY, capture_output=True, text=True, check=True)

    added = run("add", "--station", "demo", "-")
    listed = run("add", "--list", "--station", "demo")
    removed = run("add", f"--remove={listed.stdout.split()[0]}", "--station", "demo")

    assert "Bridge closes" in listed.stdout
    assert '"bulletin add" is now "bulletin stories add"' in added.stderr
    assert '"bulletin stories --list" is now "bulletin stories list"' in listed.stderr
    assert removed.stdout.startswith("Removed own-")


@pytest.mark.parametrize(
    ("args", "text", "message"),
    [
        (("-",), "", "a story needs a title"),
        (("-",), "Only a title", "a story needs a title"),
        (("nowhere.txt",), "", "nowhere.txt: cannot be read"),
        (("-",), b"caf\xe9\n\nlatin", "not UTF-8 text"),
    ],
)
def test_a_story_that_cannot_be_taken_is_refused_with_the_reason(
    args: tuple[str, ...], text: str | bytes, message: str
) -> None:
    result = stories("add", "--station", "demo", *args, text=text)

    assert result.exit_code == 1
    assert "Usage" not in result.output
    assert message in str(result.exception)


def test_an_embargo_that_has_passed_is_refused_without_usage() -> None:
    result = stories("add", "-", "demo", "--embargo", "2020-01-01T07:00", text=STORY)

    assert (result.exit_code, result.output) == (1, "")
    assert str(result.exception) == "--embargo: 01 Jan 2020 07:00 has passed already; name a later time"
    assert stories("list", "demo").output == ""


def test_an_unknown_story_is_no_wrong_usage() -> None:
    assert str(stories("remove", "x", "demo").exception).startswith("No story with id x")
