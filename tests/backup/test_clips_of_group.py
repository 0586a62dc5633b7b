"""Recorded clips that an archive names, and those of them that the store of a group still keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.backup.clips_of_group import fetch_named_clips, find_named_clips
from bulletin.config.tables.group_options import GroupOptions
from bulletin.model import RecordedClip
from bulletin.speech.clips.shared_clips import RECORDING_AGE
from tests.support.factories import NOW, make_bulletin, make_passage, make_script

DAY = timedelta(days=1)


def test_a_clip_that_the_store_has_deleted_for_its_age_is_not_missing(tmp_path: Path) -> None:
    ages = {"a": RECORDING_AGE + DAY, "b": RECORDING_AGE - DAY}
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        for letter, age in ages.items():
            passage = make_passage()
            spoken = replace(passage.sentences[0], recording=RecordedClip(sha256=letter * 64, duration_s=5.0))
            aired = (replace(passage, sentences=(spoken,)),)
            bulletin = make_bulletin(Path("a.mp3"), make_script(at=NOW - age), aired=aired)
            archive.record_bulletin("demo", bulletin, made_at=NOW - age, timings={})
        named = find_named_clips(archive, now=NOW)
    group = GroupOptions(database="here", store=str(tmp_path / "store"))

    files, lines = fetch_named_clips(named, group=group, output=tmp_path / "output", to=tmp_path / "to")

    assert named.every == {"a" * 64, "b" * 64}
    assert files == {}
    assert [line.partition(" ")[0] for line in lines] == [f"clips/{'b' * 64}.wav"]
