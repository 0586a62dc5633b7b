"""Edits and approval at the service: a stand-by until somebody approves, and edits while the archive is locked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.config.load_profile import load_profile
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.model import Level, Slot
from bulletin.newsroom.actions.approve_bulletin import approve_bulletin
from bulletin.newsroom.actions.edit_stories import drop_story
from bulletin.newsroom.actions.published.correct_story import correct_story
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.pipeline.decisions.read_edits_of_bulletin import held_edits
from bulletin.publishing.json_sidecar_file import SideFile
from bulletin.service.open_archive_or_fallback import stand_in
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import SlotOutcome, is_retry_worthwhile
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, NEWS, newsroom

FM = '[outputs]\nmake = ["fm"]\n'
WORDS = "Corn Bridge is shut, and nobody can cross it."
SLOT = Slot(station="hill", due=NOW + HOUR, length_s=60.0, outputs=("fm",))


def work(folder: Path, archive: Archive, *, minute: int = 55) -> SlotOutcome:
    """The service's work on the slot."""
    now = NOW + timedelta(minutes=minute)
    loaded = load_profile(str(folder / "hill.toml"))
    worker = StationWorker(loaded=loaded, output=folder / "out", archive=archive, clock=lambda: now)
    return worker.work(SLOT, ready_by=SLOT.due)


def words_of(record: BulletinRecord) -> list[str]:
    return [s.text for p in record.running_order if p.role == "story" for s in p.sentences]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program keeps the archive, and lets nobody read it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.faults
@pytest.mark.slow
def test_a_stand_by_airs_until_somebody_approves_and_then_exactly_the_approved_words(tmp_path: Path) -> None:
    with newsroom(tmp_path, f'{FM}[newsroom]\napproval = "required"\n') as desk:
        reword_sentence(desk, story="bridge", sentence="1", text=WORDS)
        first = work(tmp_path, desk.archive)
        assert first.level in (Level.IDENT, Level.EVERGREEN)
        assert "nobody has approved this bulletin" in first.note
        assert is_retry_worthwhile(first, now=NOW, takes=timedelta(seconds=30), ready_by=SLOT.due)

        coming = coming_bulletin(desk)
        approve_bulletin(desk, fingerprint=coming.fingerprint)
        second = work(tmp_path, desk.archive, minute=56)
        aired = next(r for r in desk.archive.bulletins("hill") if r.level is Level.FRESH)

    assert second.level is Level.FRESH
    assert words_of(aired) == [s.text for p in coming.aired if p.role == "story" for s in p.sentences]
    assert WORDS in words_of(aired)


@pytest.mark.faults
@pytest.mark.slow
def test_edits_hold_for_a_bulletin_that_is_made_while_the_archive_is_locked(tmp_path: Path) -> None:
    with newsroom(tmp_path, FM) as desk:
        reword_sentence(desk, story="bridge", sentence="1", text=WORDS)
        drop_story(desk, story="nurses")
        path = desk.archive.path
    with locked(path), stand_in(tmp_path / "out", why="locked") as fallback:
        outcome = work(tmp_path, fallback)
        aired = next(r for r in fallback.bulletins("hill") if r.level is Level.FRESH)

    assert (outcome.level, "without memory" in outcome.note) == (Level.FRESH, True)
    assert WORDS in words_of(aired)
    assert not any("Nurses" in text for text in words_of(aired))
    with open_archive(tmp_path / "out") as archive:  # merged when the lock is gone
        assert [words_of(record) for record in archive.bulletins("hill")] == [words_of(aired)]


@pytest.mark.faults
@pytest.mark.slow
def test_a_stand_by_repeats_a_corrected_story_in_the_new_words(tmp_path: Path) -> None:
    """The bulletin that it repeats was on air no more when the story was corrected: another stand-by was."""
    with newsroom(tmp_path, FM) as desk:
        loaded = load_profile(str(tmp_path / "hill.toml"))

        def air(hours: int) -> list[str]:
            """Words on air at a slot, for which the service has worked."""
            due = NOW + hours * HOUR
            slot, moment = replace(SLOT, due=due), due - timedelta(minutes=5)
            output, archive = tmp_path / "out", desk.archive
            before = StationWorker(loaded=loaded, output=output, archive=archive, clock=lambda: moment)
            outcome = before.work(slot, ready_by=due)
            if outcome.level is not Level.FRESH:
                later = StationWorker(loaded=loaded, output=output, archive=archive, clock=lambda: due)
                assert later.swap_in(due)
            guid = SideFile.read(output / "hill" / "fm.json").guid
            record = next(r for r in archive.bulletins("hill") if any(to["guid"] == guid for to in r.went_to))
            return words_of(record)

        (told,) = (text for text in air(1) if "Corn Bridge" in text)
        for name, *_ in NEWS:
            desk.archive.remove_own_story("hill", name, at=NOW + HOUR)
        assert told in air(2)
        editor = replace(desk, now=lambda: NOW + 2 * HOUR)
        correct_story(editor, story="bridge", changes=[ChangedWords(aired=told, text=WORDS)])
        words = air(3)

    assert WORDS in words
    assert told not in words


@pytest.mark.faults
def test_an_approval_is_known_also_while_the_archive_is_locked(tmp_path: Path) -> None:
    with newsroom(tmp_path, '[newsroom]\napproval = "required"\n') as desk:
        approve_bulletin(desk)
        path = desk.archive.path
    with locked(path), stand_in(tmp_path / "out", why="locked") as fallback:
        held = held_edits(fallback, "hill", due=SLOT.due, now=NOW)

    assert [edit.action for edit in held] == ["approve"]
