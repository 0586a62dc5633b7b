"""Rewriter on the command line: rewritten stories, refused ones, and the reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from bulletin.cli.making.script import command as script
from bulletin.cli.setup.check import command as check
from tests.rewriter.chat_server import ChatServer

ITEM = "<item><title>{0}</title><guid>{0}</guid><pubDate>{2}</pubDate><description>{1}</description></item>"
BRIDGE = (
    "The bridge over the River Wex in Wexcombe closes on Monday for six weeks of repairs. "
    "About 45 people were moved from 12 houses beside the bridge. "
    "The diversion will run along the main road through Brenford and past the old mill."
)
POOL = (
    "The swimming pool at Marlbridge opens again on Friday after a boiler was mended. "
    "Swimmers have been without it for 9 weeks since a pipe was broken in the autumn. "
    "The town council paid for the work out of its savings for the winter."
)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    def model(messages: Any) -> str:
        return BRIDGE if "River Wex" in messages[1]["content"] else POOL.replace("9", "19")

    with ChatServer(model=model) as running:
        yield running


@pytest.fixture
def profile(tmp_path: Path, server: ChatServer) -> Path:
    now = format_datetime(datetime.now(UTC))
    items = ITEM.format("Bridge to close for repairs", BRIDGE, now) + ITEM.format("Pool to open", POOL, now)
    feed = (
        f'<rss version="2.0"><channel><title>G</title><link>https://g.example/</link>{items}</channel></rss>'
    )
    (tmp_path / "gazette.rss").write_text(feed, encoding="utf-8")
    path = tmp_path / "valley.toml"
    path.write_text(
        'name = "Valley Radio"\n[[feeds]]\nurl = "gazette.rss"\n'
        f'[script.rewriter]\nbase_url = "{server.base_url}"\nmodel = "local"\nkey_env = ""\n',
        encoding="utf-8",
    )
    return path


def run(command: click.Command, *arguments: str | Path) -> str:
    done = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.slow
def test_script_says_which_stories_were_rewritten(profile: Path, tmp_path: Path) -> None:
    printed = run(script, profile, "--output", tmp_path / "out")

    assert "rewritten: Bridge to close for repairs" in printed
    assert "not rewritten (refused): Pool to open" in printed
    assert "19" in printed


@pytest.mark.slow
def test_json_lists_rewritten_stories_too(profile: Path, tmp_path: Path) -> None:
    data = json.loads(run(script, profile, "--json", "--output", tmp_path / "out"))

    states = {rewrite["title"]: rewrite["state"] for rewrite in data["rewrites"]}
    assert states == {"Bridge to close for repairs": "rewritten", "Pool to open": "refused"}


@pytest.mark.slow
def test_check_asks_the_server(profile: Path, tmp_path: Path, server: ChatServer) -> None:
    assert server.base_url in run(check, profile, "--output", tmp_path / "out")
