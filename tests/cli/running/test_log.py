"""`bulletin log` and `bulletin why`: text for people, and CSV for a regulator."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import RunJournal, WeighedStory
from bulletin.archive.record_dataclasses import RunRecord
from bulletin.cli.newsroom.why import command as why
from bulletin.cli.running.log import command as log
from bulletin.model import Level, Reason
from tests.support.factories import make_article, make_bulletin, make_script, make_story, make_story_script

SUMMER = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
"""00:30 in London, on the day with 25 hours."""
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULLETIN_OUTPUT", raising=False)
    Path("hill.toml").write_text('name = "Hill"\n', encoding="utf-8")
    path = Path("output/.bulletin")
    path.mkdir(parents=True)
    with Archive.open(path / "archive.sqlite") as archive:
        for number in range(25):
            at = SUMMER + number * HOUR
            article = make_article(title="=1+1 [b]Fête[/b]") if number % 2 else make_article()
            story = make_story(
                article, score=3.5, reasons=(Reason(name="sources", value=2.0, note="2 sources"),)
            )
            level = Level.LAST_GOOD if number == 24 else Level.FRESH
            script = make_script(make_story_script(story), at=at, title=f"{number} news")
            archive.record_bulletin(
                "hill", make_bulletin(Path("a.mp3"), script, level=level), made_at=at, timings={}
            )
        other = make_story(make_article(id="herald:2", title="Fair opens"), score=1.0)
        run = RunRecord(
            station="hill", began_at=SUMMER, at=SUMMER, verdict="fresh", timings={"mix": 2.5},
            notes=("no bed",), log=("mix: 1 file",),
        )  # fmt: skip
        RunJournal(archive).keep_run(
            run,
            weighed=[
                WeighedStory(story=story, place=1, verdict="aired"),
                WeighedStory(story=other, place=0, verdict="no room: 1 better"),
            ],
        )


def invoke(command, *args: str) -> Result:
    return CliRunner().invoke(command, args)


def test_a_day_of_25_hours_has_its_25_bulletins_in_the_stations_time() -> None:
    result = invoke(log, "hill.toml", "--day", "2026-10-25", "--all")

    lines = result.stdout.splitlines()
    assert lines[0] == "Sunday 25 October 2026 (+01:00)"
    hours = [line[:5] for line in lines if not line.startswith(" ") and line[:2].isdigit()]
    assert (len(hours), hours[:3], hours[-1]) == (25, ["00:30", "01:30", "01:30"], "23:30")
    assert "stand-by (last-good)" in lines[-2]
    assert "the Wexcombe Gazette" in lines[-1]


def test_a_long_log_is_cut_to_its_newest_bulletins() -> None:
    lines = invoke(log, "hill.toml", "--day", "2026-10-25").stdout.splitlines()

    assert lines[0] == "... and 15 earlier bulletins; --all lists them"
    hours = [line[:5] for line in lines if line[:2].isdigit()]
    assert (len(hours), hours[0], hours[-1]) == (10, "14:30", "23:30")


def test_every_csv_row_has_words_sources_and_level() -> None:
    result = invoke(log, "hill.toml", "--since", "2026-10-25 23:00", "--until", "2026-10-26", "--csv")

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["role"] for row in rows] == ["opening", "story", "closing"]
    story_row = rows[1]
    assert story_row["on_air"] == "2026-10-25T23:30:10+00:00"
    assert (story_row["station"], story_row["level"]) == ("Hill", "last-good")
    assert story_row["words"].startswith("The bridge over the River Wex")
    assert story_row["text"] == "The bridge over the River Wex closes on Monday for six weeks of repairs."
    assert (story_row["sources"], story_row["links"]) == (
        "the Wexcombe Gazette",
        "https://gazette.example/bridge",
    )


def test_formulas_in_titles_are_escaped_for_spreadsheets() -> None:
    result = invoke(log, "hill.toml", "--day", "2026-10-25", "--csv")

    titles = {row["title"] for row in csv.DictReader(io.StringIO(result.stdout)) if row["role"] == "story"}
    assert titles == {"'=1+1 [b]Fête[/b]", "Bridge over the Wex closes for repairs"}


def test_json_is_a_list_even_without_matches() -> None:
    bulletins = json.loads(invoke(log, "hill.toml", "--story", "Fête", "--json").stdout)
    nothing = json.loads(invoke(log, "hill.toml", "--story", "nobody", "--json").stdout)

    assert len(bulletins) == 12
    assert {p["title"] for bulletin in bulletins for p in bulletin["passages"]} == {"=1+1 [b]Fête[/b]"}
    assert nothing == []


def test_markup_of_a_feed_is_printed_as_it_is() -> None:
    assert "=1+1 [b]Fête[/b]" in invoke(log, "hill.toml", "--story", "fête").stdout


def test_days_and_spans_are_not_mixed() -> None:
    assert invoke(log, "hill.toml", "--day", "2026-10-25", "--since", "2026-10-25").exit_code == 2
    assert invoke(log, "hill.toml", "--since", "2026-10-25", "--until", "2026-10-20").exit_code == 2
    assert invoke(log, "hill.toml", "--csv", "--json").exit_code == 2


def test_runs_show_stages_and_notes() -> None:
    lines = invoke(log, "hill.toml", "--runs").stdout.splitlines()

    assert lines == ["25 Oct 00:30:00 +01:00  for 00:30  fresh  2.5 s", "  mix: 1 file", "  no bed"]
    assert json.loads(invoke(log, "hill.toml", "--runs", "--json").stdout)[0]["timings_s"] == {"mix": 2.5}


def test_why_shows_scores_words_and_sources() -> None:
    result = invoke(why, "wex closes", "--station", "hill.toml")

    assert result.exit_code == 0
    out = result.stdout
    assert "Sun 25 Oct 00:30:10 +01:00  0 news" in out
    assert "from the Wexcombe Gazette https://gazette.example/bridge: The bridge over the River Wex" in out
    assert out.count("in the same words as above") == 24
    assert "place 1, score 3.50: aired" in out
    assert "sources       +2.00  2 sources" in out


def test_why_shows_why_a_story_was_dropped() -> None:
    out = invoke(why, "fair", "--station", "hill.toml").stdout

    assert "The story has not aired." in out
    assert "no place, score 1.00: no room: 1 better" in out


def test_words_matching_several_stories_or_none_are_refused() -> None:
    several = invoke(why, "e", "--station", "hill.toml")
    none = invoke(why, "zebra", "--station", "hill.toml")

    assert (several.exit_code, none.exit_code) == (1, 1)
    assert "matches 2 stories" in str(several.exception)
    assert "herald:2  Fair opens" in str(several.exception)
    assert str(none.exception) == 'No story matching "zebra"; `bulletin log` lists those that aired'


def test_why_does_not_list_a_stand_by_that_never_aired_as_aired() -> None:
    with Archive.open(Path("output/.bulletin/archive.sqlite")) as archive:
        script = make_script(make_story_script(make_story()), at=SUMMER + 30 * HOUR, title="spare news")
        spare = make_bulletin(Path("a.mp3"), script, level=Level.LAST_GOOD)
        fresh = make_bulletin(Path("a.mp3"), replace(script, title="full news"), level=Level.FRESH)
        for made, minutes in ((spare, 20), (fresh, 5)):
            at = script.at - timedelta(minutes=minutes)
            archive.record_bulletin("hill", made, made_at=at, timings={})

    told = json.loads(invoke(why, "gazette:1", "--station", "hill.toml", "--json").stdout)["told"]

    assert [item["bulletin"] for item in told][-1] == "full news"
    assert "spare news" not in [item["bulletin"] for item in told]


def test_why_as_data() -> None:
    data = json.loads(invoke(why, "gazette:1", "--station", "hill.toml", "--json").stdout)

    assert len(data["told"]) == 25
    assert data["told"][-1]["level"] == "last-good"
    assert data["told"][0]["sentences"][0]["sources"][0]["credit"] == "the Wexcombe Gazette"
    assert data["weighed"][0]["reasons"] == [{"name": "sources", "value": 2.0, "note": "2 sources"}]
