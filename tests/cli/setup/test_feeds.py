from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.setup.feeds import command
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_template import write_profile
from bulletin.errors import BulletinError, ConfigError
from tests.articles.site import Site

PAGE = '<html><head><link rel="alternate" type="application/rss+xml" href="/news.rss" title="Valley"></head></html>'
RSS = (
    "<rss version='2.0'><channel><title>Valley News</title><link>http://x.example/</link>"
    "<item><title>Bridge closes</title><guid>1</guid><description>It has closed.</description></item>"
    "</channel></rss>"
)
OPML = (
    '<opml version="2.0"><head/><body><outline text="Sport">'
    '<outline type="rss" text="One" xmlUrl="https://one.example/rss"/></outline>'
    '<outline type="rss" text="Two" xmlUrl="https://two.example/rss"/></body></opml>'
)


@pytest.fixture
def site() -> Iterator[str]:
    """A site with a page that names its feed."""
    with Site() as server:
        server.reply("/", PAGE, headers={"Content-Type": "text/html"})
        server.reply("/news.rss", RSS, headers={"Content-Type": "application/rss+xml"})
        yield server.url("/")


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "feeds" / "valley.toml"
    path.parent.mkdir()
    path.write_text(write_profile(name="Valley"), encoding="utf-8")
    return path


def invoke(*args: str) -> Result:
    result = CliRunner().invoke(command, args)
    if isinstance(result.exception, BulletinError):
        raise result.exception
    return result


@pytest.mark.slow
def test_a_sites_feed_is_found_and_added(site: str, profile: Path) -> None:
    result = invoke("add", site, "--station", "valley", "--private", "--category", "local")

    feed = load_profile("valley").profile.feeds[0]
    assert result.exit_code == 0
    assert feed.url == f"{site}news.rss"
    assert feed.credit == ""
    assert feed.category == "local"
    assert feed.private
    assert "You need the right to broadcast" in result.output


def test_an_address_of_the_own_network_is_not_asked_unless_allowed(site: str, profile: Path) -> None:
    with pytest.raises(BulletinError, match=r"127\.0\.0\.1.*of your own network: --private$"):
        invoke("add", site, "--station", "valley")

    assert load_profile("valley").profile.feeds == ()


@pytest.mark.slow
def test_a_known_feed_is_reported(site: str, profile: Path) -> None:
    for _ in range(2):
        result = invoke("add", site, "--station", "valley", "--private")

    assert result.output.startswith(f"{site}news.rss is in ")
    assert "already" in result.output
    assert len(load_profile("valley").profile.feeds) == 1


@pytest.mark.slow
def test_a_name_that_another_feed_has_is_refused(site: str, profile: Path) -> None:
    with profile.open("a", encoding="utf-8") as file:
        file.write('\n[[feeds]]\nurl = "https://one.example/rss"\n')
        file.write('\n[[feeds]]\nurl = "https://two.example/rss"\nname = "two"\n')
    before = profile.read_text(encoding="utf-8")

    for name in ("two", "one-example"):  # a name from the profile, and one derived from an address
        with pytest.raises(ConfigError, match=rf'another feed is called "{name}"; choose another --name$'):
            invoke("add", site, "valley", "--private", "--name", name)
    assert profile.read_text(encoding="utf-8") == before

    added = invoke("add", site, "valley", "--private", "--name", "three")
    again = invoke("add", site, "valley", "--private", "--name", "three")
    assert added.output.startswith("Added ")
    assert "already" in again.output


def test_a_file_is_no_sites_address(profile: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.rss"
    path.write_text(RSS, encoding="utf-8")

    with pytest.raises(BulletinError, match=r"news\.rss: is a file.* lines to .*valley\.toml:\n") as refused:
        invoke("add", str(path), "--station", "valley")

    with profile.open("a", encoding="utf-8") as file:
        file.write(str(refused.value).partition(":\n")[2])
    assert Path(load_profile(str(profile)).profile.feeds[-1].url) == path.resolve()


@pytest.mark.slow
def test_the_result_of_each_feed_is_shown(site: str, profile: Path) -> None:
    with profile.open("a", encoding="utf-8") as file:
        file.write("\n[fetch]\nhost_gap_s = 0\n")
    invoke("add", site, "--station", "valley", "--private")
    with profile.open("a", encoding="utf-8") as file:
        file.write(f'\n[[feeds]]\nurl = "{site}gone.rss"\nname = "gone"\nprivate = true\n')

    shown = json.loads(invoke("valley", "--json").output)["feeds"]

    assert [(feed["state"], feed["articles"]) for feed in shown] == [("ok", 1), ("failed", 0)]
    assert "404" in shown[1]["reason"]


@pytest.mark.slow
def test_on_a_terminal_it_asks_for_name_category_and_credit(site: str, profile: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "bulletin", "feeds", "add", site, "valley", "--private"]
    os.write(ours, b"gazette\nlocal\nthe Gazette\n")
    done = subprocess.run(program, stdin=theirs, capture_output=True, text=True, check=False)
    os.close(ours)

    assert done.returncode == 0, done.stderr
    feed = load_profile("valley").profile.feeds[0]
    assert (feed.name, feed.category, feed.credit) == ("gazette", "local", "the Gazette")


def test_a_feed_is_removed_and_comments_stay(profile: Path) -> None:
    tables = '[[feeds]]\nurl = "https://one.example/rss"\nname = "one"\n\n# two is ours\n[[feeds]]\nurl = "two.rss"\n'
    profile.write_text(f'name = "Valley"\n{tables}[audio]\n', encoding="utf-8")

    removed = invoke("remove", "one", "valley", "--json")

    assert json.loads(removed.output)["removed"] == "https://one.example/rss"
    assert profile.read_text(encoding="utf-8") == (
        'name = "Valley"\n\n# two is ours\n[[feeds]]\nurl = "two.rss"\n[audio]\n'
    )
    with pytest.raises(BulletinError, match=r'name or address "one" \(known: two\.rss\)'):
        invoke("remove", "one", "valley")


@pytest.mark.slow
def test_a_sites_feeds_are_found_without_adding_one(site: str, profile: Path) -> None:
    feeds = json.loads(invoke("find", site, "valley", "--private", "--json").output)["feeds"]

    assert feeds == [{"url": f"{site}news.rss", "title": "Valley News"}]
    assert load_profile("valley").profile.feeds == ()


def test_the_list_shows_names_and_addresses(site: str, profile: Path) -> None:
    with profile.open("a", encoding="utf-8") as file:
        file.write(f'\n[[feeds]]\nurl = "{site}news.rss"\nname = "chosen"\nprivate = true\n')

    lines = invoke("valley").output.splitlines()

    assert any(line.startswith("chosen ") and f"{site}news.rss" in line for line in lines)


def test_a_long_address_is_not_wrapped(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = f"{'a-long-folder/' * 12}gone.rss"
    with profile.open("a", encoding="utf-8") as file:
        file.write(f'\n[[feeds]]\nurl = "{path}"\nname = "gone"\n')

    (row,) = [line for line in invoke("valley").output.splitlines() if line.startswith("gone ")]

    assert row.rstrip().endswith(str(Path("feeds", path)))


def test_an_opml_list_comes_in_once_and_goes_out(profile: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.opml"
    listed.write_text(OPML, encoding="utf-8")

    first = invoke("import", str(listed), "--station", "valley")
    second = invoke("import", str(listed), "--station", "valley")
    out = invoke("export", "valley").output

    feeds = load_profile("valley").profile.feeds
    assert "Added 2 of 2" in first.output
    assert "Added 0 of 2" in second.output
    assert [(feed.url, feed.category) for feed in feeds] == [
        ("https://one.example/rss", "sport"),
        ("https://two.example/rss", "news"),
    ]
    assert "https://one.example/rss" in out


def test_feeds_that_are_files_are_not_exported_and_noted(profile: Path) -> None:
    with profile.open("a", encoding="utf-8") as file:
        file.write('\n[[feeds]]\nurl = "gazette.rss"\nname = "gazette"\n')
        file.write('\n[[feeds]]\nurl = "https://one.example/rss"\nname = "one"\n')

    opml = invoke("export", "valley").output

    assert 'xmlUrl="https://one.example/rss"' in opml
    assert "gazette.rss" not in opml
    assert opml.endswith(
        "Feeds not exported: gazette; OPML lists no local file and no address with a password\n"
    )


def test_a_station_without_feeds_gets_a_remedy(profile: Path) -> None:
    with pytest.raises(BulletinError, match="bulletin feeds add URL"):
        invoke("show", "valley")
