"""The checks of `bench.group_day`: each finds a wrong result, and leaves a right one alone."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bench.group_checks import (
    Findings,
    SlotRules,
    check_deliveries,
    check_files,
    check_kills,
    check_prepared,
    check_slot,
    check_still_on_air,
)
from bench.group_day import unmet_freezes, unproved
from bench.group_editor import Editor, uncorrected
from bench.group_faults import FEEDS_AWAY, FREEZE, PlannedFault
from bench.group_history import ON_AIR, PREPARED, File, History, Kill, Story, Told, slot_name
from bench.group_hour import Hour
from bench.group_levels import right_standby
from bench.group_process_checks import FAILED, REFUSED, check_ends, check_memory, is_kept, late_end
from bench.group_processes import End, Freeze, Member
from bench.performance.ways.feed_server import story as feed_story

DUE = datetime(2026, 11, 25, 8, tzinfo=UTC)
AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
"""The slot by the clock of the database."""
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
FERRY = Story(title="Wexcombe ferry closes", words="The ferry in Wexcombe closes. It rained.")
PIER = Story(title="Oakwick pier reopens", words="The pier in Oakwick reopens.")


class Case:
    """A station that had news an hour ago, and has a file on air at its slot; tests change one thing."""

    def __init__(
        self, level: str, *, stories: tuple[Story, ...] = (FERRY, PIER), lasts_s: float = 30.0
    ) -> None:
        self.store: dict[str, bytes] = {}
        self.kills: list[Kill] = []
        self.news = _told(1, "fresh", DUE - HOUR, AT - 60 * SECOND, FERRY, PIER)
        self.now = _told(2, level, DUE, AT - 5 * SECOND, *stories)
        sound = io.BytesIO()
        soundfile.write(sound, np.zeros(round(lasts_s * 8000)), 8000, format="WAV")
        self.side = {
            "station": "hill",
            "level": level,
            "guid": "g2",
            "due": DUE.isoformat(),
            "made": (DUE - HOUR / 2).isoformat(),
            "sha256": self.put(sound.getvalue()),
        }
        self.name, self.noted = ON_AIR, level

    def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        self.store[sha256] = data
        return sha256

    @property
    def history(self) -> History:
        sha256 = self.put(json.dumps(self.side).encode())
        return History(
            told=(self.news, self.now),
            files=(File(station="hill", name=self.name, sha256=sha256, at=self.now.recorded_at),),
            kills=tuple(self.kills),
            levels={("hill", slot_name(DUE)): ((AT - 4 * SECOND, self.noted),)},
            ids={"g1": 1, "g2": 2},
        )

    def kill(self, entry: str, *, at: datetime, station: str = "*") -> None:
        self.kills.append(Kill(station=station, entry=entry, at=at))

    def slot(self, **rules: Any) -> Findings:
        found = Findings()
        given: dict[str, Any] = {"station": "hill", "due": DUE, "at": AT, "max_age_h": 2.0} | rules
        check_slot(SlotRules(**given), self.history, self.store, found)
        return found


def _told(number: int, level: str, due: datetime, at: datetime, *stories: Story) -> Told:
    return Told(
        id=number,
        station="hill",
        due=due,
        level=level,
        voice="tone",
        corrects=None,
        recorded_at=at,
        stories=list(stories),
    )


def test_right_slots_have_no_findings() -> None:
    assert not Case("fresh").slot(is_news_due=True, voice="tone").problems
    assert not Case("last-good").slot(is_news_possible=False).problems
    assert not Case("evergreen", stories=()).slot(is_news_possible=False, max_age_h=0.5).problems


def test_a_missed_slot_is_found() -> None:
    late, old = Case("fresh"), Case("fresh")
    late.now.recorded_at = AT + SECOND
    old.side["due"] = (DUE - HOUR).isoformat()
    assert late.slot().missed == ["hill 08:00: nothing is on air"]
    assert old.slot().missed == ["hill 08:00: the file of 07:00 is on air"]


@pytest.mark.parametrize(
    ("level", "rules", "says"),
    [
        ("evergreen", {}, "evergreen in place of last-good"),
        ("ident", {}, "ident in place of last-good"),
        ("last-good", {"max_age_h": 0.5}, "last-good in place of evergreen"),
        ("last-good", {"is_news_due": True}, "last-good, although nothing hindered the news"),
        ("fresh", {"is_news_possible": False}, "fresh, although no feed answered"),
        ("fresh", {"voice": "openai"}, "read by tone in place of openai"),
    ],
)
def test_a_wrong_level_is_found(level: str, rules: dict[str, Any], says: str) -> None:
    assert Case(level).slot(**rules).wrong_levels == [f"hill 08:00: {says}"]


def test_the_ledger_must_have_the_level_on_air_in_time() -> None:
    case = Case("last-good")
    case.noted = "fresh"
    assert "the ledger has 'fresh'" in case.slot().wrong_levels[0]


def test_the_right_stand_by_depends_on_kills_and_withdrawals_before_it() -> None:
    told = [Case("fresh").news]
    both = [Kill(station="*", entry=town, at=AT - 30 * SECOND) for town in ("Wexcombe", "Oakwick")]
    right = right_standby(told, both[:1], due=DUE, at=AT, max_age_h=2.0)
    assert (right.levels, right.must) == (("last-good",), (PIER,))
    assert _levels(told, both) == ("evergreen",)
    assert _levels(told, both, at=AT - HOUR) == ("evergreen",)
    told[0].withdrawn_at = AT - 20 * SECOND
    assert _levels(told, []) == ("evergreen",)
    assert _levels(told, [], at=AT - 30 * SECOND) == ("last-good",)


def _levels(told: list[Told], kills: list[Kill], *, at: datetime = AT) -> tuple[str, ...]:
    return right_standby(told, kills, due=DUE, at=at, max_age_h=2.0).levels


def test_a_kill_of_the_same_deed_in_another_town_may_block_a_story() -> None:
    told = [Case("fresh").news]
    title = feed_story(1, 5)[0]
    told[0].stories = [Story(title=f"Oakwick pier {Story(title=title, words='').deed}", words="")]
    kill = Kill(station="*", entry=title.split()[0], at=AT - 30 * SECOND)
    assert _levels(told, [kill]) == ("last-good", "evergreen")


def test_a_repeat_with_other_stories_is_found() -> None:
    more, fewer = Case("last-good"), Case("last-good", stories=(PIER,))
    more.news.stories.remove(FERRY)
    assert "repeats 'Wexcombe ferry closes', which" in more.slot().wrong_levels[0]
    assert "does not repeat 'Wexcombe ferry closes'" in fewer.slot().wrong_levels[0]


def test_a_wrong_prepared_stand_by_is_found() -> None:
    case = Case("last-good")
    checks = {"max_age_h": 2.0, "store": case.store}
    assert check_prepared("hill", DUE, history=case.history, **checks) == "no stand-by is prepared"  # type: ignore[arg-type]
    case.name = PREPARED
    assert not check_prepared("hill", DUE, history=case.history, **checks)  # type: ignore[arg-type]
    assert "is of 08:00" in check_prepared("hill", DUE + HOUR, history=case.history, **checks)  # type: ignore[arg-type]
    checks["max_age_h"] = 0.5
    assert "last-good in place of evergreen" in check_prepared("hill", DUE, history=case.history, **checks)  # type: ignore[arg-type]


def test_a_story_that_airs_after_its_kill_is_found() -> None:
    case, found = Case("fresh"), Findings()
    case.kill("Wexcombe", at=AT - 9 * SECOND)
    check_kills(case.history, case.store, found)
    assert found.after_kill == [f"hill/{ON_AIR}: 'Wexcombe' published 0:00:04 after its kill"]


def test_kills_of_other_stations_and_later_kills_are_none() -> None:
    case, found = Case("fresh"), Findings()
    case.kill("Wexcombe", at=AT - 9 * SECOND, station="vale")
    case.kill("Oakwick", at=AT)
    check_kills(case.history, case.store, found)
    assert found.after_kill == []
    assert found.checked["texts told before their kill"] == 1


def test_a_story_that_stays_on_air_after_its_kill_is_found() -> None:
    case, kill = Case("fresh"), Kill(station="*", entry="Wexcombe", at=AT)
    assert len(check_still_on_air(kill, AT + SECOND, case.history, case.store)) == 1
    case.now.stories.remove(FERRY)
    assert not check_still_on_air(kill, AT + SECOND, case.history, case.store)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, ""),
        ({"station": "vale"}, "is of vale"),
        ({"made": (DUE - 2 * HOUR).isoformat()}, "made 2026-11-25 06:00"),
        ({"sha256": "0"}, "names a sound that is not in the store"),
    ],
)
def test_a_wrong_side_file_is_found(wrong: dict[str, str], says: str) -> None:
    case, found = Case("fresh"), Findings()
    case.side |= wrong
    check_files(case.history, case.store, found)
    assert says in "".join(found.wrong_files)
    assert bool(found.wrong_files) == bool(says)


def test_a_short_damaged_or_missing_file_is_found() -> None:
    case = Case("fresh", lasts_s=29.0)
    history = case.history
    short, damaged, missing = Findings(), Findings(), Findings()
    check_files(history, case.store, short)
    case.store[history.files[0].sha256] = b"{}"
    check_files(history, case.store, damaged)
    del case.store[history.files[0].sha256]
    check_files(history, case.store, missing)
    assert "lasts 29.00 s" in short.wrong_files[0]
    assert "another content" in damaged.wrong_files[0]
    assert "its object is missing" in missing.wrong_files[0]


@pytest.mark.parametrize(
    ("log", "row", "end"),
    [
        (
            ["late result refused: {}: lost", "piece of work ended: {} seconds=3.0"],
            ("worker-1", 2, "done"),
            REFUSED,
        ),
        (["piece of work failed, tried again if time is left: {} try=1"], ("worker-1", 2, "done"), FAILED),
        (["piece of work left to its lease, the database failed: {}: away"], ("worker-1", 2, "done"), FAILED),
        (
            ["piece of work lost, its result will be refused: {}", "piece of work ended: {} seconds=3.0"],
            ("worker-1", 2, "done"),
            "its late result was not refused",
        ),
        (
            ["late result refused: {}0: lost"],
            ("worker-1", 2, "done"),
            "its late result has no end in the log",
        ),
        ([], ("worker-1", 2, "done"), "its late result has no end in the log"),
        (["late result refused: {}: lost"], ("worker-1", 1, "done"), "no other worker took it"),
        (["late result refused: {}: lost"], None, "is not in the ledger"),
    ],
)
def test_the_end_of_a_late_result_is_in_the_log(log: list[str], row: Any, end: str) -> None:
    frozen = Member(name="worker-0", command=(), database=None)  # type: ignore[arg-type]
    freeze = Freeze(worker=frozen, key="hill@8", fence=1, logged=4)
    lines = [line.format("piece=mix/hill@8") for line in ("old", *log)]
    assert late_end(freeze, log="\n".join(lines), row=row) == end


@pytest.mark.parametrize(
    ("owner", "fence", "says"), [("worker-0", 1, True), ("worker-0", 2, False), ("worker-1", 2, False)]
)
def test_a_frozen_worker_holds_a_piece_that_nobody_claimed_since(owner: str, fence: int, says: bool) -> None:
    frozen = Member(name="worker-0", command=(), database=None)  # type: ignore[arg-type]
    assert is_kept(Freeze(worker=frozen, key="hill@8", fence=1, logged=0), (owner, fence, "done")) == says


def test_a_playout_without_the_file_on_air_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.group_checks._DELIVERED_WITHIN_S", -1.0)
    case, found = Case("fresh"), Findings()
    check_deliveries({"hill": tmp_path}, case.history, case.store, found)
    assert len(found.other) == 1
    (tmp_path / "hill.mp3").write_bytes(case.store[str(case.side["sha256"])])
    check_deliveries({"hill": tmp_path}, case.history, case.store, found)
    assert len(found.other) == 1
    assert found.checked["deliveries"] == 1


def test_a_correction_that_no_bulletin_has_is_found() -> None:
    case = Case("fresh")
    editor = Editor(group=None, profiles=())  # type: ignore[arg-type]
    editor.corrected = [("hill", "It rained.", AT), ("hill", "It snowed.", AT)]
    assert uncorrected(editor, case.history) == ["hill: no bulletin has the correction 'It snowed.'"]


def test_a_day_whose_checks_looked_at_nothing_is_found() -> None:
    found = Findings()
    found.checked.update(["prepared stand-bys", "texts told before their kill", "deliveries", "files"])
    assert unproved(found) == ["late results refused: none, so nothing is proved about them"]


def test_freezes_without_a_refused_result_are_found() -> None:
    """None of them could meet its case in an hour without news."""
    freeze, found = PlannedFault(name=FREEZE, after_s=1.0), Findings()
    hours = [Hour(due=DUE), Hour(due=DUE + HOUR, faults=(freeze,), source=FEEDS_AWAY)]
    assert not unmet_freezes(hours, found)
    hours.append(Hour(due=DUE + 2 * HOUR, faults=(freeze,)))
    assert "none of 1 freezes" in unmet_freezes(hours, found)[0]
    found.checked.update([REFUSED])
    assert not unmet_freezes(hours, found)


@pytest.mark.parametrize(
    ("end", "is_right"),
    [
        (End(code=0, was_ready=True), True),
        (End(code=8, was_ready=True), False),
        (End(code=8, was_ready=False), True),
        (End(code=1, was_ready=False), False),
        (End(code=-9, was_ready=True, was_killed=True), True),
        (End(code=-9, was_ready=True), False),
    ],
)
def test_a_wrong_end_of_a_process_is_found(end: End, is_right: bool) -> None:
    found = Findings()
    member = Member(name="worker-0", command=(), database=None, ends=[end])  # type: ignore[arg-type]
    check_ends([member], found)
    assert bool(found.problems) is not is_right


def test_a_worker_that_takes_too_much_memory_is_found() -> None:
    found = Findings()
    check_memory({"worker-0": 599.0, "worker-1": 600.0}, found)
    assert [problem.split(":")[0] for problem in found.problems] == ["worker-1"]
