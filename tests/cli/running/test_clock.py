"""`bulletin clock`: text for people and JSON for scripts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.running.clock import command
from bulletin.errors import ConfigError

PROFILE = """\
name = "Wex FM"

[outputs]
make = ["fm", "podcast"]

[clock]
holidays = "{holidays}"

[[clock.slots]]
at = "00:00-02:00"
days = "sun"

[[clock.slots]]
at = "07:00"
days = ["weekdays", "holidays"]
length = "1:30"
outputs = "podcast"
sections = ["news"]
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return write(tmp_path)


def write(folder: Path, *, holidays: str = "GB-ENG", outputs: str = '["podcast"]') -> Path:
    path = folder / "wex.toml"
    text = PROFILE.format(holidays=holidays).replace('outputs = "podcast"', f"outputs = {outputs}")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_day_is_a_line_and_the_repeated_hour_is_marked(profile: Path) -> None:
    result = CliRunner(mix_stderr=False).invoke(
        command, [str(profile), "--from", "2026-10-24", "--days", "3"]
    )

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Sun 25 Oct 2026 00:00 01:00 BST 01:00 GMT 02:00  2:00  fm, podcast",
        "Mon 26 Oct 2026 07:00  1:30  podcast  news only",
    ]
    assert result.stderr.strip() == "5 slots"


def test_the_first_days_of_a_month_have_their_times_behind_the_date(profile: Path) -> None:
    result = CliRunner(mix_stderr=False).invoke(
        command, [str(profile), "--from", "2026-11-01", "--days", "1"]
    )

    assert result.stdout.splitlines() == ["Sun  1 Nov 2026 00:00 01:00 02:00  2:00  fm, podcast"]


def test_the_clock_is_printed_as_json(profile: Path) -> None:
    result = CliRunner(mix_stderr=False).invoke(
        command, [str(profile), "--from", "2026-07-06", "--days", "1", "--json"]
    )

    assert json.loads(result.stdout) == {
        "station": "wex",
        "slots": [
            {
                "due": "2026-07-06T06:00:00+00:00",
                "local": "2026-07-06T07:00:00+01:00",
                "length_s": 90.0,
                "up_to": False,
                "sections": ["news"],
                "outputs": ["podcast"],
            }
        ],
    }


def test_a_station_without_a_clock_gets_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "wex.toml"
    path.write_text('name = "Wex FM"\n', encoding="utf-8")

    result = CliRunner(mix_stderr=False).invoke(command, [str(path)])

    assert (result.exit_code, result.stdout) == (0, "")
    assert "[[clock.slots]]" in result.stderr


def test_mistakes_are_found_with_their_line(tmp_path: Path) -> None:
    for changes, says in (
        ({"holidays": "XX"}, r"wex\.toml:6: \[clock\] holidays = \"XX\""),
        ({"outputs": '["speaker"]'}, 'number 2 asks for the output "speaker"'),
    ):
        result = CliRunner(mix_stderr=False).invoke(command, [str(write(tmp_path, **changes))])

        assert isinstance(result.exception, ConfigError)
        with pytest.raises(ConfigError, match=says):
            raise result.exception


@pytest.mark.parametrize("option", ["--from", "--rehearse"])
def test_an_invalid_date_gets_an_example(profile: Path, option: str) -> None:
    result = CliRunner().invoke(command, [str(profile), option, "25.12.2026"])

    assert result.exit_code == 2
    assert '"25.12.2026" is not a valid date; write it as "2026-11-25"' in result.output


def test_a_station_without_slots_gets_lines_to_paste(tmp_path: Path) -> None:
    bare = tmp_path / "bare.toml"
    bare.write_text('name = "Bare"\n', encoding="utf-8")

    message = CliRunner(mix_stderr=False).invoke(command, [str(bare)]).stderr
    with bare.open("a", encoding="utf-8") as file:
        file.write(message.partition(":\n")[2])

    assert "07:00" in CliRunner().invoke(command, [str(bare)]).output


@pytest.mark.slow
def test_a_rehearsal_off_a_terminal_names_its_work_once_and_data_have_no_progress(profile: Path) -> None:
    read, data = (
        CliRunner(mix_stderr=False).invoke(command, [str(profile), "--rehearse", "2026-10-25", *options])
        for options in ([], ["--json"])
    )

    assert read.stderr.splitlines()[:2] == [
        "Simulating the day",
        "4 of 4 slots would get a bulletin in time; the work for a slot begins 180 s plus [clock] margin_s before the slot",
    ]
    assert (data.stderr, json.loads(data.stdout)["met"]) == ("", 4)


@pytest.mark.slow
def test_a_long_rehearsal_is_cut_and_says_so(profile: Path) -> None:
    text = profile.read_text("utf-8").replace('at = "00:00-02:00"', 'at = "00:00-10:00"\nevery_min = 15')
    profile.write_text(text, "utf-8")

    short, full = (
        CliRunner(mix_stderr=False).invoke(command, [str(profile), "--rehearse", "2026-10-25", *options])
        for options in ([], ["--all"])
    )

    assert len(full.stdout.splitlines()) == 45
    assert short.stdout.splitlines() == [*full.stdout.splitlines()[:30], "... and 15 more; --all lists them"]


@pytest.mark.slow
def test_a_rehearsal_shows_its_progress_on_a_terminal(profile: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "bulletin", "clock", str(profile), "--rehearse", "2026-10-25"]
    shown = b""
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        with suppress(OSError):  # Linux raises when the other end is closed
            while piece := os.read(ours, 1024):
                shown += piece
    os.close(ours)

    percents = [int(percent) for percent in re.findall(rb"(\d+)%", shown)]
    assert process.returncode == 0
    assert percents == sorted(percents)
    assert len(set(percents)) > 4  # more steps than slots
    assert (percents[0], percents[-1]) == (0, 100)
