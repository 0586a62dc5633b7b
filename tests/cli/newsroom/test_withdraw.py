"""`bulletin withdraw`, end to end: every bulletin with the story is remade without it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from lxml import etree

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.search_aired_stories import KnownStory, find_stories
from bulletin.cli.newsroom.kill import command as kill
from bulletin.cli.newsroom.withdraw import command
from bulletin.config.load_profile import load_profile
from bulletin.errors import NoStoryError, OutletError
from bulletin.model import Article, Bulletin, Episode, Level, Slot, SlotState
from bulletin.pipeline.changes.withdraw_story import withdraw_story
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.publishing.podcast.podcast_outlet import PodcastOutlet
from bulletin.station.build_station_object import Station, open_station
from tests.support.factories import NOW, make_article

HOUR = timedelta(hours=1)
STORIES = {
    "bridge": (
        "Bridge to close",
        "The bridge over the River Wex closes next month for six weeks of repairs.",
    ),
    "school": (
        "School opens its doors",
        "A school with room for six hundred children opened at Oakfold today.",
    ),
    "solar": (
        "Solar farm is refused",
        "Planners turned down a solar farm with nine thousand panels near Upper Dean.",
    ),
}
TOML = """\
name = "Hill"
length = "0:45"
repeats_freely = true
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm", "stories"]
[outputs.fm]
format = "mp3"
[outputs.page]
on = true
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "hill.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


@pytest.fixture
def station(profile: Path, tmp_path: Path) -> Iterator[Station]:
    seconds = itertools.count()

    def clock() -> datetime:
        """A clock that advances a second at each call, since the feed puts the newer hour first within one second."""
        return NOW + 4 * HOUR + timedelta(seconds=next(seconds))

    with open_station(load_profile(str(profile)), output=tmp_path / "out", clock=clock) as station:
        yield station


def own(name: str) -> Article:
    title, text = STORIES[name]
    return make_article(
        id=name, feed="station", title=title, summary=text, text=text, is_local=True, credit="", published=NOW,
        link=f"https://hill.example/{name}", expires=NOW + 24 * HOUR,
    )  # fmt: skip


def make(station: Station, *names: str, after: timedelta) -> Bulletin:
    for name in STORIES:
        station.archive.remove_own_story("hill", name, at=NOW)
    for name in names:
        station.archive.add_own_story("hill", own(name))
    return make_bulletin(station, now=NOW + after).bulletin


def story(station: Station, name: str) -> KnownStory:
    (known_story,) = find_stories(station.archive, "hill", name)
    return known_story


def items(station: Station) -> list[tuple[str, str]]:
    feed = etree.parse(station.folder / "feed.xml")
    return [(item.findtext("title"), item.findtext("guid")) for item in feed.iter("item")]


def everything_readable(station: Station) -> str:
    kinds = {".json", ".vtt", ".srt", ".xml", ".html"}
    return "\n".join(
        path.read_text("utf-8") for path in sorted(station.folder.rglob("*")) if path.suffix in kinds
    )


def sounds(station: Station) -> set[bytes]:
    return {path.read_bytes() for path in station.folder.glob("hill-*.mp3")}


@pytest.mark.slow
def test_bulletins_with_the_story_are_remade_and_old_addresses_serve_them(
    station: Station,
) -> None:
    first = make(station, "school", "bridge", after=0 * HOUR)
    good = make(station, "school", after=HOUR)
    last = make(station, "bridge", "solar", after=2 * HOUR)
    before, addresses = items(station), {path.name for path in station.folder.glob("hill-*.mp3")}

    done = withdraw_story(station, story(station, "bridge"), now=NOW + 3 * HOUR)

    assert [(change.title, change.is_made_again, change.problem) for change in done] == [
        (last.script.title, True, ""),
        (first.script.title, True, ""),
    ]
    # sorted by date as in apps: both corrections are new, that of the newer hour first
    assert [title for title, _ in items(station)] == [
        f"Correction: {last.script.title}",
        f"Correction: {first.script.title}",
        good.script.title,
    ]
    assert {guid for _, guid in items(station)} & {guid for _, guid in before} == {before[1][1]}
    names = {path.name for path in station.folder.glob("hill-*.mp3")}
    assert addresses < names
    assert len(sounds(station)) == 3  # every old address serves the correction
    assert (station.folder / "latest.mp3").read_bytes() in sounds(station)
    assert "bridge" not in everything_readable(station).casefold()
    assert "solar farm" in everything_readable(station).casefold()


@pytest.mark.slow
def test_a_correction_of_an_older_bulletin_is_newest_by_date_but_not_latest(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    newest = make(station, "solar", after=HOUR)
    fronts = ("latest.mp3", "index.html", "player.html")
    before = {
        name: (station.folder / name).read_bytes() for name in fronts if (station.folder / name).exists()
    }
    assert {"latest.mp3", "index.html"} <= set(before)

    withdraw_story(station, story(station, "bridge"), now=NOW + 2 * HOUR)

    titles = [title for title, _ in items(station)]
    assert titles == ["Correction: 7am news, Tuesday 24 November 2026", newest.script.title]
    assert (station.folder / "latest.mp3").read_bytes() == before["latest.mp3"]
    assert json.loads((station.folder / "latest.json").read_text())["title"] == newest.script.title
    assert newest.script.title in (station.folder / "index.html").read_text("utf-8")


@pytest.mark.slow
def test_the_next_bulletin_lacks_the_story_and_the_last_good_one_is_the_correction(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    withdraw_story(station, story(station, "bridge"), now=NOW + HOUR)

    last = station.archive.last_bulletin("hill")
    again = make(station, "school", "bridge", after=2 * HOUR)

    assert last is not None
    assert {p.story_id for p in last.running_order} == {"", "school"}
    assert again.story_ids == ("school",)
    with pytest.raises(NoStoryError):
        make(station, "bridge", after=3 * HOUR)


@pytest.mark.slow
def test_a_second_withdrawal_changes_nothing(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    withdraw_story(station, story(station, "bridge"), now=NOW + HOUR)
    before = {path: path.stat().st_mtime_ns for path in station.folder.rglob("*")}

    assert withdraw_story(station, story(station, "bridge"), now=NOW + 2 * HOUR) == ()
    assert {path: path.stat().st_mtime_ns for path in station.folder.rglob("*")} == before
    assert len(list(RunJournal(station.archive).aired("hill", JournalQuery()))) == 2


@pytest.mark.slow
def test_a_second_story_out_of_the_same_bulletin_changes_every_address(station: Station) -> None:
    make(station, "school", "bridge", "solar", after=0 * HOUR)

    withdraw_story(station, story(station, "bridge"), now=NOW + HOUR)
    withdraw_story(station, story(station, "solar"), now=NOW + 2 * HOUR)

    assert len(items(station)) == 1
    assert items(station)[0][0].count("Correction") == 1
    assert len(list(station.folder.glob("hill-*.mp3"))) == 3
    assert len(sounds(station)) == 1
    assert "solar" not in everything_readable(station).casefold()


@pytest.mark.slow
def test_a_bulletin_with_no_other_story_is_withdrawn(station: Station) -> None:
    make(station, "bridge", after=0 * HOUR)

    (done,) = withdraw_story(station, story(station, "bridge"), now=NOW + HOUR)

    assert (done.is_made_again, done.is_out) == (False, False)
    assert "no other story is left" in done.problem
    assert items(station) == []
    assert list(station.folder.rglob("*.mp3")) == []


class Failing(PodcastOutlet):
    """A podcast outlet that fails after the new episode is out, before it is recorded."""

    error: BaseException
    step: str

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        episode = super().correct(guid, bulletin)
        if self.step == "correct":
            raise self.error
        return episode

    def show(self) -> None:
        super().show()
        if self.step == "show":
            raise self.error


def with_failing(station: Station, error: BaseException, step: str = "correct") -> Station:
    podcast = station.outlets[0]
    failing = Failing.__new__(Failing)
    failing.__dict__.update(podcast.__dict__)
    failing.error, failing.step = error, step
    return replace(station, outlets=(failing, *station.outlets[1:]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("error", "step"),
    [
        (OutletError("fm.wav: cannot be written (No space left on device); free some space"), "correct"),
        (SystemExit("killed"), "correct"),
        (SystemExit("killed"), "show"),
    ],
)
def test_an_interrupted_withdrawal_is_finished_by_the_same_command(
    station: Station, error: BaseException, step: str
) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    known = story(station, "bridge")
    if isinstance(error, OutletError):
        (first,) = withdraw_story(with_failing(station, error, step), known, now=NOW + HOUR)
        assert first.is_out
        assert "fm.wav: cannot be written (No space left on device); free some space" in first.problem
    else:
        with pytest.raises(SystemExit):
            withdraw_story(with_failing(station, error, step), known, now=NOW + HOUR)
    halfway = items(station)
    is_shown = "Correction" in str(halfway)

    (done,) = withdraw_story(station, known, now=NOW + 2 * HOUR)

    assert done.is_made_again
    assert is_shown == (step == "show" or isinstance(error, OutletError))
    assert items(station) == halfway or not is_shown  # the same correction, not a second one
    assert [title.partition(":")[0] for title, _ in items(station)] == ["Correction"]
    assert "bridge" not in everything_readable(station).casefold()


@pytest.mark.slow
def test_an_early_failure_still_keeps_the_story_off_the_next_bulletin(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(station, "school", "bridge", after=0 * HOUR)

    def fail(*args: object, **more: object) -> Bulletin:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr("bulletin.pipeline.changes.withdraw_story.make_correction", fail)
        with pytest.raises(SystemExit):
            withdraw_story(station, story(station, "bridge"), now=NOW + HOUR)

    assert station.archive.episodes("hill") == ()  # no later feed lists the episode
    assert make(station, "school", "bridge", after=2 * HOUR).story_ids == ("school",)
    assert len(withdraw_story(station, story(station, "bridge"), now=NOW + 3 * HOUR)) == 1


# ---- the commands


def run(profile: Path, *args: str) -> Result:
    return CliRunner().invoke(
        command, [*args, "--station", str(profile), "--output", str(profile.parent / "out")]
    )


@pytest.mark.slow
def test_the_command_replaces_a_withdrawn_playout_file_by_a_stand_by(station: Station, profile: Path) -> None:
    made = make(station, "bridge", after=0 * HOUR)

    result = run(profile, "to close")

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == 'station hill airs the story "Bridge to close" no more'
    assert f"Withdrawn: {made.script.title} (podcast, fm, stories, page)" in result.output
    assert "A stand-by (evergreen) is on air in place of fm" in result.output
    assert '"level": "evergreen"' in (station.folder / "fm.json").read_text("utf-8")
    assert (station.folder / "fm.mp3").stat().st_size > 10_000
    assert (
        run(profile, "bridge").output.splitlines()[-1]
        == "No bulletin that can still be heard contained the story."
    )


@pytest.mark.slow
def test_kill_puts_a_stand_by_too_and_a_future_bulletin_is_remade(station: Station, profile: Path) -> None:
    make(station, "bridge", after=0 * HOUR)
    ledger, due = SlotLedger(station.archive), datetime.now(UTC) + timedelta(minutes=4)
    ledger.plan([Slot(station="hill", due=due, length_s=60.0)])
    assert ledger.claim("hill", due, owner="service", now=due, lease=HOUR)
    ledger.finish("hill", due, owner="service", level=Level.FRESH, now=due)

    result = CliRunner().invoke(
        kill, ["to close", "--station", str(profile), "--output", str(profile.parent / "out")]
    )

    assert result.exit_code == 0, result.output
    assert "A stand-by (evergreen) is on air in place of fm. The service remakes the " in result.output
    assert [(row.due, row.state) for row in ledger.open_rows(until=due)] == [(due, SlotState.PLANNED)]
    side_file = json.loads((station.folder / "fm.json").read_bytes())
    assert datetime.fromisoformat(side_file["due"]) == due
    assert datetime.fromisoformat(side_file["valid_until"]) > due
    assert '"level": "evergreen"' in (station.folder / "fm.json").read_text("utf-8")
    assert (station.folder / "fm.mp3").stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.parametrize(("program", "words"), [(kill, "to close"), (command, "bridge")])
def test_a_stand_by_from_the_command_is_valid_until_the_next_slot(
    station: Station, profile: Path, program: click.Command, words: str
) -> None:
    profile.write_text(
        profile.read_text("utf-8") + '[[clock.slots]]\nat = "00:00-23:55"\nevery_min = 5\n', "utf-8"
    )
    make(station, "bridge", after=0 * HOUR)

    result = CliRunner().invoke(
        program, [words, "--station", str(profile), "--output", str(profile.parent / "out")]
    )

    assert "A stand-by (evergreen) is on air in place of fm" in result.output
    side_file = json.loads((station.folder / "fm.json").read_bytes())
    lasts = datetime.fromisoformat(side_file["valid_until"]) - datetime.fromisoformat(side_file["due"])
    assert lasts == timedelta(minutes=5)


@pytest.mark.slow
def test_an_ambiguous_story_is_refused_with_a_list(station: Station, profile: Path) -> None:
    make(station, "bridge", "school", after=0 * HOUR)

    result = run(profile, "o")

    assert result.exit_code == 1
    assert "matches 2 stories" in str(result.exception)
    with Archive.open(profile.parent / "out/.bulletin/archive.sqlite") as archive:
        assert archive.kills("hill") == ()

    # the same command again finishes a withdrawal that was interrupted
    for path in station.folder.glob("fm.*"):
        path.unlink()
    for words, program in (("to close", kill), ("bridge", command)):
        again = CliRunner().invoke(
            program, [words, "--station", str(profile), "--output", str(profile.parent / "out")]
        )
        assert "A stand-by (evergreen) is on air in place of fm" in again.output
        assert (station.folder / "fm.mp3").stat().st_size > 10_000
        for path in station.folder.glob("fm.*"):
            path.unlink()


@pytest.mark.slow
def test_the_command_says_what_it_will_do_and_withdraws_a_whole_bulletin(
    station: Station, profile: Path
) -> None:
    first = make(station, "school", after=0 * HOUR)
    last = make(station, "bridge", after=HOUR)
    (number,) = (r.id for r in station.archive.bulletins("hill") if r.title == last.script.title)

    said = run(profile, "bridge", "--dry-run")
    assert said.exit_code == 0, said.output
    assert "One bulletin is withdrawn, because nothing else is in it" in said.output
    assert len(items(station)) == 2

    result = run(profile, "--bulletin", str(number))

    assert result.exit_code == 0, result.output
    assert f"Withdrawn: {last.script.title}" in result.output
    assert [title for title, _ in items(station)] == [first.script.title]
    assert station.archive.kills("hill") == ()
    assert "has no bulletin 77" in str(run(profile, "--bulletin", "77").exception)


def test_a_story_or_a_bulletin_is_named_not_both(profile: Path) -> None:
    for args in ((), ("bridge", "--bulletin", "1")):
        result = run(profile, *args)
        assert (result.exit_code, "--bulletin NUMBER" in result.output) == (2, True)
