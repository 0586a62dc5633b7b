"""`bulletin correct`: lists what aired, says what will happen, and replaces it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.newsroom.correct import command
from bulletin.station.build_station_object import Station
from tests.cli.newsroom.test_withdraw import (  # noqa: F401 - fixtures
    HOUR,
    everything_readable,
    make,
    profile,
    station,
)


@pytest.mark.slow
def test_words_are_listed_and_corrected_by_their_numbers(station: Station, profile: Path) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    output = station.folder.parent

    def run(*args: str) -> Result:
        rest = ["--station", str(profile), "--output", str(output), "--editor", "ann"]
        return CliRunner().invoke(command, ["bridge", *args, *rest])

    listed = run().output
    assert "       1  The bridge over the River Wex closes next month for six weeks" in listed
    assert "   title  Bridge to close" in listed
    new = "The bridge over the River Wex closes for eight weeks."
    dry = run("--change", "1", new, "--dry-run")
    assert (dry.exit_code, "One bulletin is remade" in dry.output) == (0, True)
    assert "six weeks" in everything_readable(station)

    done = run("--change", "1", new, "--json")
    assert done.exit_code == 0, done.output
    (bulletin,) = json.loads(done.output)["bulletins"]
    assert (bulletin["remade"], bulletin["still_out"], bulletin["outlets"]) == (
        True,
        False,
        ["podcast", "fm", "stories", "page"],
    )
    assert "six weeks" not in everything_readable(station)
    assert "ann" in run().output
    wrong = run("--change", "9", "x y")
    assert "has no sentence" in str(wrong.exception)
