"""`bulletin make` for a past hour, while a newer bulletin is on air."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.making.make import command
from bulletin.errors import OutletError
from bulletin.station.open_archive import open_archive
from tests.support.factories import make_article

PROFILE = """\
name = "Hill"
time_zone = "UTC"
length = "up to 0:40"
repeats_freely = true
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm"]
[outputs.fm]
format = "mp3"
"""


def make(folder: Path, *options: str) -> Result:
    arguments = [str(folder / "hill.toml"), "--output", str(folder / "out"), *options]
    return CliRunner().invoke(command, arguments)


@pytest.mark.slow
def test_a_rendition_kept_back_by_an_outlet_gives_exit_code_7(tmp_path: Path) -> None:
    (tmp_path / "hill.toml").write_text(PROFILE, encoding="utf-8")
    now = datetime.now(UTC)
    text = "The bridge over the River Wex closes next month for six weeks of repairs."
    with open_archive(tmp_path / "out") as archive:
        story = make_article(
            feed="station", title="Bridge to close", summary=text, text=text, is_local=True, published=now,
            expires=now + timedelta(days=1),
        )  # fmt: skip
        archive.add_own_story("hill", story)
    first = make(tmp_path, "--json")
    assert first.exit_code == 0, first.output
    before = (tmp_path / "out" / "hill" / "fm.json").read_bytes()
    three_hours_ago = f"{now - timedelta(hours=3):%H:%M}"

    result = make(tmp_path, "--at", three_hours_ago)
    data = json.loads((again := make(tmp_path, "--at", three_hours_ago, "--json")).stdout)

    assert isinstance(result.exception, OutletError)
    assert result.exception.exit_code == again.exit_code == data["exit_code"] == 7
    assert "fm: not published, the fresh bulletin of" in str(result.exception)
    assert "which is newer" in str(result.exception)
    assert {episode["outlet"]: bool(episode["kept_back"]) for episode in data["episodes"]} == {
        "podcast": False,
        "fm": True,
    }
    assert any(note.startswith("podcast: latest.mp3 and the head of the feed stay") for note in data["notes"])
    assert (tmp_path / "out" / "hill" / "fm.json").read_bytes() == before
