"""Deadline of a run: slow feeds and voices are left out, and the rest is published in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.ledgers.claim_sentences_before_speaking import LEASE
from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.config.load_profile import load_profile
from bulletin.model import Level
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.runtime.deadline import Deadline
from bulletin.station.build_station_object import open_station
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.faults import voices

PROFILE = """\
name = "Valley Radio"
length = "2:00"
[fetch]
timeout_s = 100
budget_s = 100
host_gap_s = 0
{feeds}
[speech]
chain = [{chain}]
[outputs]
make = ["fm"]
[outputs.fm]
format = "flac"
"""
FEED = '[[feeds]]\nurl = "{url}"\nprivate = true\npages = false\n'
EVENTS = (
    ("Bridge collapses in Wexcombe", "A bridge in Wexcombe has collapsed in heavy rain"),
    ("Library in Thornley is robbed", "Two men have robbed a library in Thornley"),
    ("Ferry sinks off Upper Sallow", "A ferry with {number} people on board has sunk off Upper Sallow"),
    ("Traders strike in Marlbridge", "Market traders in Marlbridge have gone on strike over rents"),
    ("Theatre in Hollin Brook burns down", "A fire has destroyed a theatre in Hollin Brook"),
    ("Quarry worker dies on Pennick Hill", "A rock fall on Pennick Hill has killed a quarry worker"),
)


def news(*, first: int = 0) -> str:
    """Six stories of three sentences."""
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    return rss(
        *(
            item(
                title,
                n=first + number,
                words=f"{event.format(number=first + 40)}, police said on Monday. "
                f"Police said they had {first + 12 + number} calls from people who live near by. "
                f"Sergeant Joan Pike said {first + 30 + number} officers were still there in the evening.",
                date=date,
            )
            for number, (title, event) in enumerate(EVENTS, 1)
        )
    )


@contextmanager
def make_in_time(folder: Path, *urls: str, chain: str, seconds: float) -> Iterator[tuple[Run, float]]:
    """A bulletin made with a deadline in `seconds`, and the time that it took."""
    voices.DEAD.clear()
    feeds = "".join(FEED.format(url=url) for url in urls)
    path = folder / "valley.toml"
    path.write_text(PROFILE.format(feeds=feeds, chain=chain), encoding="utf-8")
    with open_station(load_profile(str(path)), output=folder / "output") as station:
        begun = time.monotonic()
        run = make_bulletin(station, now=datetime.now(UTC), deadline=Deadline.after(seconds))
        took_s = time.monotonic() - begun
        assert inspect(folder / "output" / "valley" / "fm.flac").faults == ()
        yield run, took_s


@pytest.mark.faults
def test_a_slow_feed_is_left_out(tmp_path: Path) -> None:
    """The feed would drip for an hour; its share of the time is a good third."""
    with Site() as quick, Site() as slow:
        urls = quick.reply("/rss", news()), slow.reply("/rss", news(first=50), drip_s=1.0)
        with make_in_time(tmp_path, *urls, chain='"tests.faults.voices:First"', seconds=30.0) as (run, _):
            states = {report.feed.url: str(report.state) for report in run.draft.gathered.reports}
            reasons = [report.reason for report in run.draft.gathered.reports if report.reason]

    assert states == {urls[0]: "ok", urls[1]: "failed"}
    assert "were over before it was read" in reasons[0]
    assert run.bulletin.level is Level.FRESH
    assert run.timings["gather"] < 29.0


@pytest.mark.faults
def test_a_voice_that_hangs_is_replaced_by_the_next(tmp_path: Path) -> None:
    with Site() as site:
        url = site.reply("/rss", news())
        chain = '"tests.faults.voices:Hanging", "tests.faults.voices:First"'
        with make_in_time(tmp_path, url, chain=chain, seconds=30.0) as (run, _):
            attempts = [(attempt.engine, attempt.ok) for attempt in run.spoken.attempts]

    assert attempts == [("hanging", False), ("first", True)]
    assert "too slow" in run.spoken.attempts[0].reason
    assert run.bulletin.level is Level.FRESH
    assert run.bulletin.voice.engine == "first"


@pytest.mark.faults
def test_claims_of_a_dead_run_cost_the_next_run_no_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The dead run has claimed every sentence for half a minute; the next run has less time than that."""
    with Site() as site:
        url = site.reply("/rss", news())
        chain = '"tests.faults.voices:First"'
        with make_in_time(tmp_path, url, chain=chain, seconds=60.0) as _:
            claim_again(tmp_path / "output" / ".bulletin")
        with caplog.at_level("INFO"), make_in_time(tmp_path, url, chain=chain, seconds=28.0) as (run, _):
            assert "sentences of interrupted runs spoken now" in caplog.text

    assert run.bulletin.level is Level.FRESH
    assert run.spoken.attempts[0].sentences
    assert run.spoken.attempts[0].cached == 0


def claim_again(state: Path) -> None:
    """Leave the speech cache as a run does that is killed before its first sentence is ready."""
    for sound in state.rglob("speech/*/*.wav"):
        sound.unlink()
    with Archive.open(state / "archive.sqlite") as archive, archive.writing() as connection:
        now = datetime.now(UTC)
        claimed = update(tables.speech).values(owner="run-dead", begun_at=now, lease_until=now + LEASE)
        assert connection.execute(claimed).rowcount


@pytest.mark.faults
def test_at_the_deadline_the_spoken_part_is_published(tmp_path: Path) -> None:
    """The only voice would need a minute and a half; at the deadline it has read the opening and some stories."""
    with Site() as site:
        url = site.reply("/rss", news())
        with make_in_time(tmp_path, url, chain='"tests.faults.voices:Slow"', seconds=40.0) as (run, took_s):
            unsaid = [dropped for dropped in run.bulletin.dropped if dropped.reason == "was not spoken"]

    assert run.bulletin.level is Level.PARTIAL
    assert run.bulletin.story_ids
    assert unsaid
    assert took_s < 85.0
