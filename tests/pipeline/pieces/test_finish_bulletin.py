"""A bulletin made in pieces is the same as one made in one go."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Event

import pytest

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.errors import OutletError, SpeechError
from bulletin.model import Bulletin, Role, Voice
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.pieces.draft_bulletin import begin_bulletin
from bulletin.pipeline.pieces.draft_in_json import draft_from_json, draft_to_json
from bulletin.pipeline.pieces.finish_bulletin import finish_bulletin
from bulletin.pipeline.pieces.lighten_draft import lighten_draft
from bulletin.pipeline.pieces.sentences_of_draft import sentences_of, speak_sentence
from bulletin.pipeline.write_run_record import RunRecorder
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.speech.assign_readers import distinct_texts, heard_passages
from bulletin.speech.cache.share_speech_of_parallel_runs import say_once
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.engines.tone_for_tests import ToneEngine
from bulletin.station.build_station_object import Station, open_station
from bulletin.station.publication_port import Publication
from tests.pipeline.test_make_bulletin import NOW, profile, station
from tests.pipeline.test_two_languages import two_languages
from tests.support.fake_engines import CountingEngine

pytestmark = pytest.mark.slow


def draft_of(built: Station) -> Draft:
    recorder = RunRecorder(station=built.words.id, began_at=NOW)
    return begin_bulletin(built, now=NOW, recorder=recorder)


def sounds(output: Path) -> dict[str, str]:
    """Hash of each published sound."""
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in (output / "valley").iterdir()
        if path.suffix in (".mp3", ".wav")
    }


def test_a_bulletin_made_in_pieces_is_that_of_one_machine(tmp_path: Path) -> None:
    """Script, rundown and sound are the same to the byte; the last piece speaks only the station's own words."""
    path = profile(tmp_path)
    with station(path, tmp_path / "whole") as built:
        whole = make_bulletin(built, now=NOW)
    with station(path, tmp_path / "pieces") as built:
        data = draft_to_json(lighten_draft(draft_of(built)))
    with station(path, tmp_path / "pieces") as built:
        sentences = sentences_of(built, draft_from_json(data))
        for sentence in sentences:
            speak_sentence(built, sentence)
        left = sentences_of(built, draft_from_json(data))
    with station(path, tmp_path / "pieces") as built:
        run = finish_bulletin(built, draft_from_json(data, words=built.words), now=NOW)
        record = RunJournal(built.archive).runs("valley", limit=1)[0]

    assert (run.draft.whole, run.draft.foreseen) == (whole.draft.whole, whole.draft.foreseen)
    assert run.bulletin.aired == whole.bulletin.aired
    assert sounds(tmp_path / "pieces") == sounds(tmp_path / "whole")
    assert len(sentences) == len({sentence.key for sentence in sentences}) > 2
    assert left == ()
    passages = run.draft.foreseen.script.passages()
    own = distinct_texts([p for p in passages if p.role not in (Role.HEADLINE, Role.STORY)])
    assert [attempt.sentences - attempt.cached for attempt in run.spoken.attempts] == [len(own)]
    assert not {sentence.text for sentence in sentences}.intersection(own)
    assert [line.split(":")[0] for line in record.log if line.endswith("s)")] == list(run.timings)


class HeldEngine(CountingEngine):
    """Engine that waits in the middle of a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.may_end = Event(), Event()

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        self.began.set()
        self.may_end.wait(60)
        super().synthesize(text, voice, path)


@pytest.mark.parametrize("first", ["piece", "mix"])
def test_a_piece_and_a_mix_that_need_a_sentence_at_the_same_time_speak_it_once(
    tmp_path: Path, first: str
) -> None:
    engine = HeldEngine()
    reader = VoiceReader(engine=engine, voice=engine.voices()[0])
    with station(profile(tmp_path), tmp_path / "out") as opened, scratch_folder(opened.state) as folder:
        built = replace(opened, readers=(reader,))
        sentence = sentences_of(built, draft_of(built))[0]

        def piece() -> None:
            speak_sentence(built, sentence)

        def mix() -> None:
            texts, claims = {sentence.text: sentence.key}, built.claims_of(folder)
            assert [*say_once(texts, reader=reader, cache=built.cache, claims=claims, deadline=None)]

        with ThreadPoolExecutor(2) as pool:
            work = (piece, mix) if first == "piece" else (mix, piece)
            ahead = pool.submit(work[0])
            assert engine.began.wait(60)
            behind = pool.submit(work[1])
            assert not wait([behind], timeout=1).done
            engine.may_end.set()
            ahead.result(60)
            behind.result(60)

    assert engine.spoken_texts == [sentence.text]


def test_where_no_voice_reads_a_language_another_worker_chooses_again(tmp_path: Path) -> None:
    """The draft that travelled has no articles to choose from: they are gathered anew."""
    german = '["tests.support.fake_engines:BreakingEngine:low"]'
    loaded = two_languages(tmp_path, english="tone", german=german, length="2:00")
    runs = []
    for name in ("whole", "pieces"):
        with open_station(loaded, output=tmp_path / name) as built:
            draft = draft_of(built)
            if name == "pieces":
                draft = draft_from_json(draft_to_json(lighten_draft(draft)), words=built.words)
            runs.append(finish_bulletin(built, draft, now=NOW))
            log = RunJournal(built.archive).runs("valley", limit=1)[0].log

    assert {passage.language for passage in draft.script.passages()} == {"", "de"}
    assert {passage.language for passage in runs[1].bulletin.aired} == {""}
    assert runs[1].bulletin.aired == runs[0].bulletin.aired
    assert [line.split(":")[0] for line in log].count("gather") == 2


def test_every_sentence_of_a_server_is_a_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No processor waits for it in a mix."""
    monkeypatch.setattr(ToneEngine, "is_local", False)
    with station(profile(tmp_path), tmp_path / "output") as built:
        draft = draft_of(built)
        asked = {sentence.text for sentence in sentences_of(built, draft)}

    assert asked == set(distinct_texts(heard_passages(draft.script)))


def test_sentences_are_those_of_the_first_voice_that_a_worker_has(tmp_path: Path) -> None:
    speech = {"speech": {"chain": ["tone:high", "tone:low"]}}
    with station(profile(tmp_path), tmp_path / "output", **speech) as built:
        draft = draft_of(built)
        asked = [
            {sentence.voice for sentence in sentences_of(built, draft, voices=voices)}
            for voices in (None, ["tone:low"], ["tone:low", "tone:high"], [])
        ]

    assert asked == [{"tone:high"}, {"tone:low"}, {"tone:high"}, set()]


class RefusedPublication(Publication):
    """A group whose worker is late."""

    def record(self, bulletin: Bulletin, write: Callable[[], None]) -> None:
        assert bulletin.renditions[0].path.is_file()
        raise OutletError("another worker has this piece of work")


def test_a_group_may_refuse_a_publication(tmp_path: Path) -> None:
    """The hook stands around the record, after the files were written."""
    with station(profile(tmp_path), tmp_path / "output") as built:
        late = replace(built, publication=RefusedPublication())

        with pytest.raises(OutletError, match="another worker"):
            make_bulletin(late, now=NOW)

        assert built.archive.bulletins("valley") == ()


def test_a_sentence_of_another_voice_is_refused(tmp_path: Path) -> None:
    """A worker whose profile or voice differs must not put another sound into the cache of all."""
    path = profile(tmp_path)
    with station(path, tmp_path / "a") as built:
        sentence = sentences_of(built, draft_of(built))[0]
    other = {"speech": {"chain": ["tone"], "engines": {"tone": {"pace_wps": 2.5}}}}
    with station(path, tmp_path / "b", **other) as faster, pytest.raises(SpeechError, match="other options"):
        speak_sentence(faster, sentence)
    with (
        station(path, tmp_path / "b", voice="tone:high") as another,
        pytest.raises(SpeechError, match="no voice"),
    ):
        speak_sentence(another, sentence)
