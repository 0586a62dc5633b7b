"""A feed that is down, slow, empty, HTML, huge or broken is reported; the others fill the bulletin."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.articles.site import Site
from tests.faults.station_process import OPTIONS, Radio, feed, news

pytestmark = pytest.mark.faults

BOMB = gzip.compress(b"<rss>" + b" " * 50_000_000)
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "slow": ({"body": news(), "drip_s": 0.05}, "did not answer in full within 2 s"),
    "nothing": ({"body": ""}, "sent an empty answer"),
    "no entries": ({"body": "<rss version='2.0'><channel><title>x</title></channel></rss>"}, "no entry"),
    "html": ({"body": "<!doctype html><html><body><h1>Sorry</h1></body></html>"}, "bulletin feeds add"),
    "huge": ({"body": "<rss>" + " " * 600_000}, "larger than 0.5 MB"),
    "bomb": ({"body": BOMB, "headers": {"Content-Encoding": "gzip"}}, "larger than 0.5 MB"),
    "cut": ({"body": news()[:90]}, "holds no entry"),
    "noise": ({"body": bytes(range(256)) * 20}, "is not a feed"),
    "gone": ({"body": "", "status": 410}, "take it out of the profile"),
    "forbidden": ({"body": "", "status": 403}, "the publisher refuses"),
    "broken server": ({"body": "", "status": 500}, "the server is broken"),
    "circle": ({"body": "", "status": 302, "headers": {"Location": "/bad"}}, "redirects"),
    "elsewhere": ({"body": "", "status": 302, "headers": {"Location": "file:///etc/passwd"}}, "redirects"),
}


@pytest.fixture(scope="module")
def run_among_bad_feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Radio, dict[str, Any]]]:
    """One bulletin with a good feed among all the bad ones, each on its own server."""
    radio = Radio(folder=tmp_path_factory.mktemp("valley"))
    with ExitStack() as running:
        feeds = [
            feed(running.enter_context(Site()).reply("/bad", **reply), kind)
            for kind, (reply, _) in BAD.items()
        ]
        good = running.enter_context(Site()).reply("/good", news())
        radio.profile(*feeds, feed("http://127.0.0.1:9/feed", "down"), feed(good, "gazette"))
        yield radio, radio.make_json()


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_feed_is_reported_with_name_and_reason(
    run_among_bad_feeds: tuple[Radio, dict[str, Any]], kind: str
) -> None:
    report = next(r for r in run_among_bad_feeds[1]["feeds"] if r["name"] == kind)

    assert BAD[kind][1] in report["reason"]
    assert report["articles"] == 0


def test_the_good_feed_among_bad_ones_fills_the_bulletin(
    run_among_bad_feeds: tuple[Radio, dict[str, Any]],
) -> None:
    radio, data = run_among_bad_feeds

    assert [r["name"] for r in data["feeds"] if not r["reason"]] == ["gazette"]
    assert any("bridge" in s["text"] for p in data["aired"] for s in p["sentences"])
    radio.assert_clean()


def test_a_closed_port_is_reported_on_the_terminal_with_the_feeds_name(
    radio: Radio, sites: tuple[Site, Site]
) -> None:
    radio.profile(feed("http://127.0.0.1:9/feed", "rotten"), feed(sites[0].reply("/good", news()), "gazette"))

    done = radio.make()

    assert done.returncode == 0
    assert "feed rotten: cannot be reached" in done.stdout
    assert "1 of 2 feeds" in done.stderr


def test_with_all_feeds_down_no_public_file_changes(on_air: Radio) -> None:
    before = on_air.look()
    on_air.profile(feed("http://127.0.0.1:9/feed", "one"), feed("nowhere.rss", "two"))

    done = on_air.make()

    assert done.returncode == 4
    assert "no feed could be reached" in done.stderr
    assert "one: cannot be reached" in done.stderr
    assert "two: no such file" in done.stderr
    assert "The last bulletin stays" in done.stderr
    assert on_air.look() == before
    on_air.assert_clean()


def test_a_file_that_is_no_feed_is_not_reported_as_a_network_fault(radio: Radio) -> None:
    (radio.folder / "gazette.rss").write_text("no feed at all", encoding="utf-8")

    done = radio.make()

    assert done.returncode == 4
    assert "no feed could be read" in done.stderr
    assert "is there a network?" not in done.stderr


def test_a_feed_that_fails_once_is_replaced_by_its_stored_articles(
    radio: Radio, sites: tuple[Site, Site]
) -> None:
    good, other = sites
    url = good.reply("/good", news())
    radio.profile(
        feed(url, "gazette"), feed(other.reply("/x", news("Swans on the Wex again", n=2)), "herald")
    )
    first = radio.make_json()
    good.reply("/good", "", status=500)

    again = radio.make_json("--again")

    report = next(report for report in again["feeds"] if report["name"] == "gazette")
    assert len(first["feeds"]) == 2
    # the feed was not due yet, or failed and its stored articles replace it
    assert report["articles"] == 1


# -- no network at all


def _unshare() -> tuple[str, ...]:
    """Command prefix for an empty network namespace, without even loopback."""
    command = ("unshare", "-rn")
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare (Linux)")
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may not make a network namespace")
    return command


def test_without_a_network_the_next_voice_reads_the_demo_within_three_seconds(radio: Radio) -> None:
    done = radio.run("make", "demo", "--output", "output", "--json", before=_unshare())

    assert done.returncode == 0
    data = json.loads(done.stdout)
    failed, *later = data["attempts"]  # a second attempt follows when the first missed the length
    assert (failed["engine"], failed["ok"]) == ("gtts", False)
    assert "needs the internet" in failed["reason"]
    assert failed["seconds"] < 3
    assert {(attempt["engine"], attempt["ok"]) for attempt in later} == {("hibari", True)}
    assert data["voice"]["engine"] == "hibari"


def test_without_a_network_a_real_station_reports_it(radio: Radio) -> None:
    done = radio.run("make", "uk-local", "--output", "output", before=_unshare())

    assert done.returncode == 4
    assert "no feed could be reached; check the network" in done.stderr
    assert not list(radio.output.rglob("*.mp3"))


def test_feeds_lists_dead_feeds_in_one_json_document(radio: Radio) -> None:
    radio.profile(feed("http://127.0.0.1:9/feed", "one"), options=OPTIONS)

    done = radio.run("feeds", "./valley.toml", "--json")

    assert done.returncode == 4
    assert "cannot be reached" in json.loads(done.stdout)["feeds"][0]["reason"]
