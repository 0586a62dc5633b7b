"""`bulletin stories add --clip`: stored with the story, or refused with nothing left behind."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result

from bulletin.archive.archive import Archive
from bulletin.cli.newsroom.stories import command
from bulletin.errors import BulletinError
from tests.support.speech_like_sounds import RATE_HZ, speech_like

STORY = "Bridge closes\n\nThe bridge over the Wex has closed.\n"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
STATE = Path("output/.bulletin")


def add(*args: str) -> Result:
    return CliRunner().invoke(command, ["add", "-", "demo", *args], input=STORY)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    monkeypatch.delenv("BULLETIN_OUTPUT", raising=False)


@pytest.mark.slow
def test_a_story_keeps_its_clip_with_the_words_around_it() -> None:
    soundfile.write("mayor.mp3", speech_like(sentences=1), RATE_HZ, format="MP3")

    result = add(
        "--clip", "mayor.mp3", "--in", "Ann  Fox:", "--speaker", "Ann Fox", "--clip-rights", "free", "--json"
    )

    data = json.loads(result.output)["story"]["clip"]
    with Archive.open(STATE / "archive.sqlite") as archive:
        (story,) = archive.own_stories("demo", LONG_AGO)
    assert story.clip is not None
    clip = story.clip.recording
    assert (story.clip.before, clip.speaker, clip.rights) == ("Ann Fox:", "Ann Fox", "free")
    assert data["recording"]["sha256"] == clip.sha256
    assert (STATE / "clips" / clip.file_name).is_file()


def test_a_file_that_is_no_recording_adds_nothing() -> None:
    Path("letter.mp3").write_text("Dear editor")

    result = add("--clip", "letter.mp3")

    assert isinstance(result.exception, BulletinError)
    assert (
        str(result.exception).startswith("letter.mp3: this is no recording"),
        result.exception.exit_code,
    ) == (
        True,
        6,
    )
    assert not list((STATE / "clips").iterdir())
    with Archive.open(STATE / "archive.sqlite") as archive:
        assert not archive.own_stories("demo", LONG_AGO)


def test_options_of_a_clip_need_a_clip() -> None:
    result = add("--in", "Ann Fox:", "--may-cut")

    assert result.exit_code == 2
    assert "--in, --may-cut without --clip" in result.output
