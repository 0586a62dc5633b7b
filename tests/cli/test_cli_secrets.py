"""No secret of a station is printed, logged, kept in the archive or published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.articles.site import Site
from tests.faults.station_process import QUICK, WORDS, Radio, feed, news

pytestmark = pytest.mark.slow

PATH, TOKEN, OTHER, LOGIN, FTP, SMALL = (
    "env-4711-secret-path",
    "token-4712-secret",
    "token-4713-secret",
    "login-4714-secret",
    "ftp-4715-secret",
    "link-4716-secret",
)
SECRETS = (PATH, TOKEN, OTHER, LOGIN, FTP, SMALL)
DELIVERY = '[[deliveries]]\nkind = "ftp"\nhost = "127.0.0.1"\nport = 1\nuser = "radio"\ntls = "none"\n'


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        yield server


@pytest.fixture
def radio(tmp_path: Path, site: Site) -> Radio:
    """A station with four feeds: one at a secret address, one with tokens, and two that fail."""
    station = Radio(folder=tmp_path)
    words = news().replace("https://", "http://").replace("</link>", f"?auth={TOKEN}&amp;sig={SMALL}</link>")
    assert TOKEN in words
    other = news("Harbour wall to be raised by a metre", n=7, words=WORDS.replace("bridge", "harbour wall"))
    site.reply(f"/{PATH}/feed.xml", other)
    site.reply(f"/open?access_token={TOKEN}", words)
    site.reply(f"/broken?pwd={OTHER}", "no", status=500)
    station.env["WEX_FEED"] = site.url(f"/{PATH}/feed.xml")
    station.profile(
        feed("env:WEX_FEED", more="private = true"),
        feed(site.url(f"/open?access_token={TOKEN}"), "open"),
        feed(site.url(f"/broken?pwd={OTHER}"), "broken"),
        feed(f"http://ann:{LOGIN}@127.0.0.1:{site.port}/x", "login"),
        tables=QUICK + DELIVERY + f'password = "{FTP}"\n',
    )
    return station


def secrets_in(data: bytes) -> list[str]:
    return [secret for secret in SECRETS if secret.encode() in data]


def test_no_command_prints_a_secret_and_no_file_keeps_one(radio: Radio) -> None:
    data = json.loads(radio.make("--json").stdout)  # the delivery fails, since its server is down
    assert {f["name"]: f["state"] for f in data["feeds"]} == {
        "wex_feed": "ok",
        "open": "ok",
        "broken": "failed",
        "login": "failed",
    }
    assert data["feeds"][0]["url"] == "env:WEX_FEED"
    assert data["aired"]
    station = "./valley.toml"
    out = ("--output", "output")
    commands = [
        ("-vv", "make", station, *out, "--again", "--voice", "tone"),
        ("feeds", "show", station, "--json"),
        ("feeds", "export", station),
        ("check", station, *out, "--json"),
        ("log", station, *out, "--json"),
        ("log", station, *out, "--runs", "--json"),
        ("why", "bridge", station, *out, "--json"),
        ("status", station, *out, "--json"),
        ("outbox", station, *out, "--json"),
    ]
    for command in commands:
        done = radio.run(*command)
        assert not secrets_in((done.stdout + done.stderr).encode()), (command, done.stdout, done.stderr)
        if "--json" in command:
            json.loads(done.stdout)
    files = {path: secrets_in(path.read_bytes()) for path in radio.output.rglob("*") if path.is_file()}
    assert {path: secrets for path, secrets in files.items() if set(secrets) - {SMALL}} == {}
    private = {path: secrets for path, secrets in files.items() if radio.state in path.parents}
    assert not any(private.values()), private


def test_check_warns_of_secrets_in_the_profile(radio: Radio) -> None:
    (radio.folder / "valley.toml").chmod(0o644)
    done = radio.run("check", "./valley.toml", "--output", "output", "--offline", "--json")

    messages = [f["message"] for f in json.loads(done.stdout)["findings"] if f["part"] == "secrets"]
    assert [line.partition(": holds")[0].rpartition(": ")[2] for line in messages[:-1]] == [
        "feeds[2].url",
        "feeds[3].url",
        "feeds[4].url",
        "deliveries[1].password",
    ]
    assert "valley.toml:9: " in messages[0]
    assert messages[-1].endswith("may read its secrets; chmod 600 valley.toml")


def test_a_variable_that_is_missing_is_named_with_the_remedy(radio: Radio) -> None:
    del radio.env["WEX_FEED"]

    done = radio.make()

    assert done.returncode == 3
    assert (
        "valley.toml:5: feeds[1].url: environment variable WEX_FEED is not set; set WEX_FEED before you start Bulletin"
        in done.stderr
    )
