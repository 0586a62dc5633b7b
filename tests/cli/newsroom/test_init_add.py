from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.archive.archive import Archive
from bulletin.cli.newsroom.stories import command as stories
from bulletin.cli.setup.init import command as init
from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError

STORY = "Bridge closes\n\nThe bridge over the Wex has closed.\n\nThe council said it would open in May.\n"


def invoke(command: object, *args: str, text: str | bytes = "") -> Result:
    result = CliRunner().invoke(command, args, input=text)  # type: ignore[arg-type]
    if isinstance(result.exception, ConfigError):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    monkeypatch.delenv("BULLETIN_OUTPUT", raising=False)


def test_init_asks_and_writes_a_profile_that_loads() -> None:
    result = invoke(
        init,
        text='Valley "FM"\n101.2, 88.0\nAll day\nen-IE\nEurope/Dublin\n\nbf_emma\nhttps://a.example/rss\n',
    )

    assert result.exit_code == 0
    profile = load_profile("valley-fm").profile
    assert profile.name == 'Valley "FM"'
    assert profile.frequencies == ("101.2", "88.0")
    assert (profile.language, profile.time_zone, profile.length) == ("en-IE", "Europe/Dublin", 120.0)
    assert profile.speech.chain == ("kokoro:bf_emma", "hibari")
    assert profile.feeds[0].url == "https://a.example/rss"


def test_init_takes_options_and_asks_nothing() -> None:
    result = invoke(init, "hill", "--name", "Hill", "--frequency", "99.9", "--length", "3:00")

    assert result.exit_code == 0
    assert load_profile("hill").profile.length == 180.0


def test_init_replaces_nothing_without_force() -> None:
    invoke(init, "hill", "--name", "Hill")

    with pytest.raises(ConfigError, match=r"hill\.toml: exists already; use --force"):
        invoke(init, "hill", "--name", "Other")

    assert load_profile("hill").profile.name == "Hill"
    invoke(init, "hill", "--name", "Other", "--force")
    assert load_profile("hill").profile.name == "Other"


def test_init_refuses_a_wrong_answer_and_leaves_nothing() -> None:
    with pytest.raises(ConfigError, match=r"feeds.hill\.toml:\d+: 'length'.*; nothing was written"):
        invoke(init, "hill", "--name", "Hill", "--length", "nine")

    assert list(Path("feeds").iterdir()) == []


def test_init_without_anybody_to_answer_names_the_option() -> None:
    """In a process of its own: click's own runner answers for ever with nothing."""
    program = [sys.executable, "-m", "bulletin", "init"]
    done = subprocess.run(program, input=b"Hill\n103.5\n", capture_output=True, check=False)

    assert done.returncode == 2
    assert b"nothing was written; use --name" in done.stderr
    assert not Path("feeds").exists()


def test_a_story_from_a_file_lives_for_its_hours() -> None:
    Path("story.txt").write_text(STORY, encoding="utf-8")

    before = datetime.now(UTC)
    result = invoke(stories, "add", "story.txt", "--station", "demo", "--hours", "2", "--breaking")
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
    invoke(stories, "add", "-", "demo", text=STORY)

    listed = invoke(stories, "list", "demo").output
    (data,) = json.loads(invoke(stories, "list", "--station", "demo", "--json").output)["stories"]
    story_id = listed.split()[0]
    removed = invoke(stories, "remove", story_id, "demo")

    assert "Bridge closes" in listed
    assert (data["id"], data["title"], data["category"]) == (story_id, "Bridge closes", "local")
    assert removed.exit_code == 0
    assert invoke(stories, "list", "demo").output == ""


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
    result = invoke(stories, "add", "--station", "demo", *args, text=text)

    assert result.exit_code == 1
    assert "Usage" not in result.output
    assert message in str(result.exception)


def test_a_story_that_is_not_there_is_no_wrong_usage() -> None:
    assert str(invoke(stories, "remove", "x", "demo").exception).startswith("No story with id x")
