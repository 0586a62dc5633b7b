"""`bulletin doctor` on the command line: text, data, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.doctor import command
from tests.doctor.conftest import published


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Published just now: the command compares the feed with the real clock."""
    with published(tmp_path_factory.mktemp("published"), now=datetime.now(UTC)) as found:
        yield found


@pytest.mark.slow
def test_a_station_that_is_well(station: tuple[str, Path]) -> None:
    done = CliRunner().invoke(command, [station[0], "--private"])

    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "0 errors, 0 warnings")


@pytest.mark.slow
def test_one_that_is_not_is_told_as_data_and_by_the_exit_code(station: tuple[str, Path]) -> None:
    done = CliRunner().invoke(command, [f"{station[0]}missing.xml", "--private", "--json"])

    told = json.loads(done.output)
    assert (done.exit_code, told["healthy"]) == (1, False)
    assert told["findings"][0]["verdict"] == "error"


def test_a_stations_name_is_no_address() -> None:
    done = CliRunner().invoke(command, ["valley"])

    assert done.exit_code == 2
    assert '"valley" is no address; write where the station is published, "https://' in done.output


def test_one_error_is_one_error(station: tuple[str, Path]) -> None:
    done = CliRunner().invoke(command, [f"{station[0]}missing.xml", "--private"])

    assert done.output.splitlines()[-1] == "1 error, 0 warnings"
