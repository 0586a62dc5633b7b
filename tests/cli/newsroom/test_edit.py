"""`bulletin next`, `edit`, `undo`, `edits` and `approve`: numbers, answers, JSON, and words from an editor program."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.cli.newsroom.approve import command as approve
from bulletin.cli.newsroom.edit import command as edit
from bulletin.cli.newsroom.edits import command as edits
from bulletin.cli.newsroom.next import command as next_
from bulletin.cli.newsroom.undo import command as undo
from bulletin.config.load_profile import load_profile
from bulletin.errors import NewsroomError
from bulletin.station.open_archive import open_archive
from tests.support.newsroom_desk import NEWS, add_news, prepare, write_profile


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station with nine stories and a prepared bulletin, by the real clock: commands ask it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULLETIN_OUTPUT", raising=False)
    loaded, now = write_profile(tmp_path, '[newsroom]\napproval = "by-deadline"\n'), datetime.now(UTC)
    with open_archive(Path("output")) as archive:
        add_news(archive, now=now)
    prepare(loaded, Path("output"), now=now, due=now + timedelta(hours=1))
    return tmp_path


def invoke(command: click.Command, *args: str) -> Result:
    return CliRunner().invoke(command, [*args, "hill.toml"], catch_exceptions=False)


def shown() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(invoke(next_, "--stale", "--json").output)
    return data


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_numbers_of_next_are_those_that_edit_takes() -> None:
    third = shown()["stories"][2]
    done = invoke(edit, "move", "3", "1")
    invoke(edit, "drop", "2", "--editor", "ben")
    listed = invoke(edits, "list").output

    assert done.output.startswith(f'Moved "{third["title"]}" to 1 for ')
    assert shown()["stories"][0]["id"] == third["id"]
    assert "ben  drop" in listed
    assert "move by " in invoke(next_, "--stale").output


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_a_move_past_the_end_names_the_position_that_the_story_has() -> None:
    stories = shown()["stories"]

    assert f'Moved "{stories[0]["title"]}" to {len(stories)} for ' in invoke(edit, "move", "1", "99").output


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_text_is_refused_with_the_remedy(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unset variable of a shell."""
    monkeypatch.chdir(tmp_path)
    write_profile(tmp_path)
    result = invoke(edit, "reword", "1", "1", "--text", text)

    assert result.exit_code == click.UsageError.exit_code
    assert "--text is empty" in result.output
    assert "--leave-out" in result.output


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_words_come_from_the_option_or_from_the_editor_program(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def write(text: str, **_: Any) -> str:
        asked.append(text)
        return "# a remark\nWords from the program.\n"

    invoke(edit, "reword", "bridge", "1", "--text", "Words from 1 option.")
    monkeypatch.setattr(click, "edit", write)
    invoke(edit, "reword", "bridge", "2")
    data = shown()
    (bridge,) = (s for s in (*data["stories"], *data["others"]) if s["id"] == "bridge")
    sentences = bridge["sentences"]

    assert [s["text"] for s in sentences[:2]] == ["Words from 1 option.", "Words from the program."]
    assert sentences[0]["spoken"] == "Words from one option."
    assert "# source: " in asked[0]


@pytest.mark.slow
def test_words_stand_for_the_sentence_that_was_read_though_the_story_was_written_anew_meanwhile(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(text: str, **_: Any) -> str:
        name, title, story = NEWS[0]
        first, engineers, traders, buses = (f"{part.rstrip('.')}." for part in story.split(". "))
        loaded, now = load_profile(str(home / "hill.toml")), datetime.now(UTC)
        with open_archive(Path("output")) as archive:
            add_news(archive, [(name, title, f"{first} {traders} {engineers} {buses}")], now=now)
        prepare(loaded, Path("output"), now=now, due=now + timedelta(hours=1))
        return "Words for the engineers.\n"

    monkeypatch.setattr(click, "edit", write)
    invoke(edit, "reword", "bridge", "2")
    with open_archive(Path("output")) as archive:
        (made,) = EditLedger(archive).history("hill")

    assert made.replaced.startswith("Engineers told the council")


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_words_that_cannot_be_saved_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "edit", lambda text, **_: "word " * 400)
    result = CliRunner().invoke(edit, ["reword", "bridge", "1", "hill.toml"])

    assert "at most 1500" in str(result.exception)
    assert "Your words were: word word" in result.output


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_an_unchanged_text_records_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "edit", lambda text, **_: text)
    with pytest.raises(NewsroomError, match="--leave-out leaves it out"):
        invoke(edit, "reword", "1", "1")
    with open_archive(Path("output")) as archive:
        assert EditLedger(archive).history("hill") == ()


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_an_approval_is_shown_until_an_undo_withdraws_it() -> None:
    seen = shown()["fingerprint"]
    invoke(edit, "pin", "4")
    with pytest.raises(NewsroomError, match="has changed since you read it"):
        invoke(approve, "--fingerprint", seen)
    assert f"--fingerprint {shown()['fingerprint']}`" in invoke(next_, "--stale").output
    invoke(approve, "--editor", "ben", "--fingerprint", shown()["fingerprint"])
    assert "Approved by ben at " in invoke(next_, "--stale").output

    invoke(undo, "1", "--editor", "ann")

    assert "Approval by ben withdrawn by an edit of ann" in invoke(next_, "--stale").output
    assert shown()["approval"]["holds"] is False
