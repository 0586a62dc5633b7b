"""Stations of one process, due at the same minute: one request an address, one synthesis a sentence."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import load_profile
from bulletin.model import Level, Slot
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import SlotOutcome
from bulletin.station.open_archive import open_archive
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.faults import voices

PROFILE = """\
name = "Valley Radio"
length = "0:40"
[fetch]
host_gap_s = 0
[[feeds]]
url = "{gazette}"
private = true
[[feeds]]
url = "{herald}"
private = true
[speech]
chain = ["tests.faults.voices:First"]
[outputs]
make = ["fm"]
[outputs.fm]
format = "flac"
"""
SHORT = "The {subject} in {town} will cost {pounds} pounds, the town council said."


def feed(site: Site, path: str, subject: str, town: str, pounds: int) -> str:
    """Feed with one story, whose text is on its page."""
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    words = SHORT.format(subject=subject, town=town, pounds=pounds)
    page = f"{path}.html"
    site.reply(
        page,
        f"<html><body><article><h1>{subject}</h1><p>{words}</p></article></body></html>",
        headers={"Content-Type": "text/html"},
    )
    entry = item(f"{town} {subject} to be built anew", n=pounds, words=words, date=date)
    return site.reply(path, rss(entry), drip_s=0.0005)


@pytest.mark.slow
def test_stations_share_requests_and_speech(tmp_path: Path) -> None:
    voices.DEAD.clear()
    voices.SENTENCES.clear()
    answers, output = ResponseCache(), tmp_path / "output"
    with Site() as site, open_archive(output) as archive:
        gazette = feed(site, "/gazette", "bridge", "Wexcombe", 1000)
        herald = feed(site, "/herald", "library", "Thornley", 2000)
        workers = []
        for name in ("east", "west", "north"):
            path = tmp_path / f"{name}.toml"
            path.write_text(PROFILE.format(gazette=gazette, herald=herald), encoding="utf-8")
            loaded = load_profile(str(path))
            workers.append(StationWorker(loaded=loaded, output=output, archive=archive, answers=answers))

        outcomes = work_side_by_side(workers)

    assert [outcome.level for outcome in outcomes] == [Level.FRESH] * 3
    assert Counter(site.paths()).most_common(1)[0][1] == 1, Counter(site.paths())
    assert {"/gazette", "/herald"} <= set(site.paths())
    assert voices.SENTENCES
    assert Counter(voices.SENTENCES).most_common(1)[0][1] == 1
    assert rows_of_speech(output) == len(voices.SENTENCES)


def work_side_by_side(workers: list[StationWorker]) -> list[SlotOutcome]:
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=4)
    outcomes: list[SlotOutcome] = []

    def work(worker: StationWorker) -> None:
        slot = Slot(station=worker.id, due=due, length_s=40.0)
        outcomes.append(worker.work(slot, ready_by=due))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(200)
    return outcomes


def rows_of_speech(output: Path) -> int:
    with Archive.open(output / ".bulletin" / "archive.sqlite") as archive, archive.reading() as connection:
        count: int = connection.exec_driver_sql(
            "SELECT count(*) FROM speech WHERE said_at IS NOT NULL"
        ).scalar_one()
    return count
