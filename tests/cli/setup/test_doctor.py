"""`bulletin doctor` on the command line: text, data, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.setup.doctor import command
from tests.diagnostics.remote.conftest import published

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A published station; it is new, because the command compares the feed with the real clock."""
    with published(tmp_path_factory.mktemp("published"), now=datetime.now(UTC)) as address_and_folder:
        yield address_and_folder


@pytest.mark.slow
def test_a_healthy_station_has_no_errors(station: tuple[str, Path]) -> None:
    done = CliRunner().invoke(command, [station[0], "--private"])

    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "0 errors, 0 warnings")


@pytest.mark.slow
def test_an_unhealthy_station_gives_json_and_an_exit_code(station: tuple[str, Path]) -> None:
    done = CliRunner().invoke(command, [f"{station[0]}missing.xml", "--private", "--json"])

    report = json.loads(done.output)
    assert (done.exit_code, report["healthy"]) == (1, False)
    assert report["findings"][0]["verdict"] == "error"


@pytest.mark.slow
def test_a_folder_is_examined_under_a_given_address(station: tuple[str, Path]) -> None:
    address, folder = station

    for where in (address, address.rstrip("/"), f"{address}feed.xml"):
        done = CliRunner().invoke(command, [str(folder), "--as", where])
        assert (done.exit_code, done.output.splitlines()[-1]) == (0, "0 errors, 0 warnings"), done.output


def test_a_folder_for_another_address_is_one_error(station: tuple[str, Path]) -> None:
    done = CliRunner().invoke(command, [str(station[1]), "--as", "https://news.example/valley/"])

    (finding,) = [line for line in done.output.splitlines() if line.startswith(("error", "warning"))]
    assert done.exit_code == 1
    assert (
        f"says that its address is {station[0]}feed.xml, not https://news.example/valley/feed.xml; check [outputs.podcast]"
        in finding
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["."],
            '"." is a folder on this computer; add the web address at which it will be published: --as "https://',
        ),
        (
            ["valley"],
            '"valley" is not a valid address; write the address of the published station, "https://',
        ),
        (
            ["missing", "--as", "https://news.example/"],
            '"missing" is not a folder; name the folder to be published at',
        ),
    ],
)
def test_an_unexaminable_target_is_an_error_without_usage(args: list[str], message: str) -> None:
    done = CliRunner().invoke(command, args)

    assert (done.exit_code, done.output) == (1, "")
    assert str(done.exception).startswith(message)


def test_an_invalid_address_is_wrong_usage() -> None:
    done = CliRunner().invoke(command, [".", "--as", "news.example"])

    assert done.exit_code == 2
    assert '"news.example" is not a valid address of a folder; write "https://' in done.output


def test_one_error_is_one_error(station: tuple[str, Path]) -> None:
    done = CliRunner().invoke(command, [f"{station[0]}missing.xml", "--private"])

    assert done.output.splitlines()[-1] == "1 error, 0 warnings"
