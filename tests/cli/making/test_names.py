from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.making.names import command
from bulletin.errors import NewsroomError

TEXT = (
    "The bridge over the river closes next month for six weeks of repairs. "
    "The council said drivers should use the other road. The work will cost two million pounds."
)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A station with a story that has no unusual names."""
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    (tmp_path / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>G</title><item><title>Bridge to close</title>'
        f"<guid>1</guid><pubDate>{date}</pubDate><description>{TEXT}</description></item></channel></rss>",
        encoding="utf-8",
    )
    path = tmp_path / "hill.toml"
    path.write_text('name = "Hill"\nlength = "0:30"\n[[feeds]]\nurl = "gazette.rss"\n', encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "No unusual names in the next bulletin, so none to add to [pronunciations].\n"),
        (("--quiet",), ""),
    ],
)
def test_a_bulletin_without_unusual_names_says_so_unless_quiet(
    profile: Path, options: tuple[str, ...], message: str
) -> None:
    output = str(profile.parent / "out")

    done = CliRunner(mix_stderr=False).invoke(command, [str(profile), "--output", output, *options])

    assert (done.exit_code, done.stdout, done.stderr) == (0, "", message)


def names(*args: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(command, args)


@pytest.mark.slow
def test_a_respelling_is_saved_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hill.toml").write_text('name = "Hill"\n[speech]\nchain = ["tone"]\n', "utf-8")
    call = ("--station", "hill.toml", "--editor", "ann")

    saved = names("save", "Llandeilo", "Thlan-dye-loh", *call)
    said = names("say", "Llandeilo", "--as", "Lan-dye-loh", "--to", "a.wav", "--station", "hill.toml")
    removed = names("remove", "Llandeilo", *call, "--json")

    assert saved.stdout == '"Llandeilo" is read as "Thlan-dye-loh" from the next bulletin on\n'
    assert said.stdout == "Thlan-dye-loh. Lan-dye-loh.\n"
    assert json.loads(removed.stdout) == {"station": "hill", "removed": "Llandeilo"}
    assert isinstance(names("remove", "Llandeilo", *call).exception, NewsroomError)
