"""Run record in the journal, however the run ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.config.load_profile import load_profile
from bulletin.errors import ArchiveError, NoStoryError
from bulletin.model import Level
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.station.build_station_object import Station, open_station
from tests.support.factories import NOW, make_article

TOML = (
    'name = "Hill"\nlength = "0:30"\nrepeats_freely = true\n[speech]\nchain = ["tone"]\n[stories]\nmost = 1\n'
)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    path = tmp_path / "hill.toml"
    path.write_text(TOML, encoding="utf-8")
    with open_station(load_profile(str(path)), output=tmp_path / "out") as station:
        yield station


def add(station: Station, name: str, title: str, text: str) -> None:
    article = make_article(
        id=name, title=title, text=text, summary=text, published=NOW, link=f"https://a.example/{name}"
    )
    station.archive.add_own_story("hill", article)


@pytest.mark.slow
def test_aired_and_refused_articles_are_recorded_with_reasons(station: Station) -> None:
    long = (
        "The bridge over the River Wex in Wexcombe will close on Monday for six weeks, the county council said. "
        "Engineers told the council that they had found cracks in two arches of the bridge. "
        "The council said drivers must use the road through Oakfold. "
        "The council said the work would cost three million pounds."
    )
    add(station, "bridge", "Bridge to close", long)
    add(
        station,
        "school",
        "Police shut school after fire",
        "Police shut a school at Oakfold on Monday after a fire.",
    )
    add(station, "short", "Fair", "No.")

    make_bulletin(station, now=NOW)

    journal = RunJournal(station.archive)
    (run,) = journal.runs("hill", limit=5)
    assert run.verdict == Level.FRESH
    assert run.bulletin_id is not None
    assert [line.split(":")[0] for line in run.log] == list(run.timings)
    verdicts = sorted(article.verdict for article in journal.considered("hill"))
    assert verdicts == ["aired", "no room: 1 better"]
    assert all(article.reasons for article in journal.considered("hill"))
    assert [(entry.article_id, entry.reason) for entry in journal.left_out("hill")] == [
        ("short", "too few words")
    ]


def test_a_run_without_a_story_is_recorded_with_its_reason(station: Station) -> None:
    with pytest.raises(NoStoryError):
        make_bulletin(station, now=NOW)

    (run,) = RunJournal(station.archive).runs("hill", limit=5)
    assert run.verdict == "NoStoryError"
    assert "there are no feeds yet" in run.error


@pytest.mark.slow
def test_a_bulletin_is_published_without_a_writable_run_record(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(
        station, "bridge", "Bridge to close", "The bridge over the River Wex closes next month for six weeks."
    )

    def fail(*args: object, **more: object) -> None:
        raise ArchiveError("locked")

    monkeypatch.setattr(RunJournal, "keep_run", fail)

    assert make_bulletin(station, now=NOW).episodes
