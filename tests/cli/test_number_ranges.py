"""Wrong numbers and kinds on the command line are refused in plain words."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from bulletin.cli.newsroom.edit import command as edit
from bulletin.cli.newsroom.requests import command as requests
from bulletin.cli.newsroom.undo import command as undo
from bulletin.cli.setup.imaging import command as imaging


@pytest.mark.parametrize(
    ("command", "args", "said"),
    [
        (edit, ("move", "1", "abc"), '"abc" is not a whole number from 1 to 99'),
        (edit, ("move", "1", "100"), '"100" is not a whole number from 1 to 99'),
        (undo, ("abc",), '"abc" is not a whole number of at least 1'),
        (imaging, ("mix", "ident", "x"), '"x" is not a number from 0 to 60'),
        (requests, ("ask", "abc"), "'abc' is not one of 'make-now', 'preview', 'publish'"),
    ],
)
def test_a_wrong_value_is_refused_in_plain_words(
    command: click.Command, args: tuple[str, ...], said: str
) -> None:
    refused = CliRunner().invoke(command, args)

    assert refused.exit_code == click.UsageError.exit_code
    assert said in " ".join(refused.output.split())
