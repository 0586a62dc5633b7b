"""A bulletin in English and German, from feeds to pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.search_aired_stories import find_stories
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.model import Passage, Role
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.changes.correct_words import correct_words
from bulletin.pipeline.changes.withdraw_story import withdraw_story
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.script.standby_and_corrected_bulletins import write_repeat
from bulletin.station.build_station_object import open_station
from tests.pipeline.test_make_bulletin import FEED, ITEM, NOW, STORY, profile

FIRE = (
    "Bei einem Brand in einem Wohnhaus in Köln sind am Montag zwei Menschen gestorben. "
    "Die Feuerwehr war mit 120 Kräften im Einsatz, wie die Polizei am Dienstag mitteilte. "
    "Die Stadt sperrte die Straße und brachte 35 Bewohner in einer Schule unter."
)
BOTH = '[[feeds]]\nurl = "gazette.rss"\n[[feeds]]\nurl = "zeitung.rss"\nlanguage = "de"\n'

pytestmark = pytest.mark.slow


def two_languages(
    tmp_path: Path, *, english: str, german: str, length: str = "0:30", names: str = ""
) -> LoadedProfile:
    items = ITEM.format(title="Zwei Tote bei Brand in Köln", slug="brand", text=FIRE)
    (tmp_path / "zeitung.rss").write_text(FEED.format(items=items), encoding="utf-8")
    voices = (
        f'[speech]\nchain = ["{english}"]\n[speech.languages]\nde = {german}\n[outputs.page]\non = true\n'
    )
    path = profile(tmp_path, voices + names, feeds=BOTH)
    path.write_text(path.read_text("utf-8").replace('"0:30"', f'"{length}"'), encoding="utf-8")
    return load_profile(str(path))


def make(tmp_path: Path, *, english: str, german: str, length: str = "0:30") -> Run:
    loaded = two_languages(tmp_path, english=english, german=german, length=length)
    with open_station(loaded, output=tmp_path / "out") as station:
        return make_bulletin(station, now=NOW)


def languages(run: Run) -> set[str]:
    return {passage.language for passage in run.bulletin.aired if passage.role is Role.STORY}


def test_two_real_voices_read_and_pages_and_transcripts_name_the_language(tmp_path: Path) -> None:
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")

    run = make(tmp_path, english="hibari", german='["espeak:de"]', length="1:00")

    assert languages(run) == {"", "de"}
    assert (run.spoken.voice.engine, run.spoken.others[0][1].name) == ("hibari", "de")
    german = next(p for p in run.bulletin.aired if p.language and p.role is Role.STORY)
    assert not any(char.isdigit() for char in german.spoken)
    assert "hundertzwanzig" in german.spoken
    folder = tmp_path / "out" / "valley"
    page = (folder / "index.html").read_text("utf-8")
    assert '<li class="part" lang="de"' in page
    (captions,) = folder.glob("*.vtt")
    text = captions.read_text("utf-8")
    assert "<lang de>Bei einem Brand" in text
    assert "<lang de>The bridge" not in text


@pytest.mark.parametrize("german", ['["tests.support.fake_engines:BreakingEngine:low"]', '["espeak-none"]'])
def test_without_a_voice_for_a_language_the_rest_fills_the_bulletin(tmp_path: Path, german: str) -> None:
    if "none" in german:
        german = '["wyoming"]\n[speech.engines.wyoming]\nuri = "tcp://127.0.0.1:1"'

    run = make(tmp_path, english="tone", german=german)

    assert languages(run) == {""}
    assert "The bridge over the River Wex" in " ".join(passage.text for passage in run.bulletin.aired)
    why = " ".join((*run.bulletin.notes, *(left.reason for left in run.bulletin.dropped)))
    assert "no voice for" in why
    assert STORY[:20] in run.bulletin.aired[1].text + run.bulletin.aired[2].text


OWN = "Am 3. Dezember waren in Köln noch 21 Häuser gesperrt."
SAID = "Am dritten Dezember waren in Kölln noch einundzwanzig Häuser gesperrt."
HOUR = timedelta(hours=1)


def german(passages: Iterable[Passage]) -> Passage:
    (found,) = (p for p in passages if p.language == "de" and p.role is Role.STORY)
    return found


def test_corrections_edits_stand_bys_and_kills_keep_the_language_of_a_story(tmp_path: Path) -> None:
    names = '[pronunciations]\n"Wex" = "Wecks"\n[pronunciations.de]\n"Köln" = "Kölln"\n'
    loaded = two_languages(tmp_path, english="tone", german='["tone"]', length="1:00", names=names)
    with open_station(loaded, output=tmp_path / "out") as station:
        aired = german(make_bulletin(station, now=NOW).bulletin.aired)
        assert "Wohnhaus in Kölln" in aired.spoken
        journal = RunJournal(station.archive)
        (fire,) = find_stories(station.archive, "valley", "Köln")
        change = ChangedWords(aired=aired.sentences[1].text, text=OWN)

        correct_words(station, fire, (change,), editor="ann", key="k", now=NOW + HOUR)

        corrected = next(r for r in journal.tellings("valley", fire.ids) if r.corrects_id)
        sentence = german(corrected.running_order).sentences[1]
        assert (sentence.text, sentence.spoken) == (OWN, SAID), "one sentence, with German figures and names"

        later = draft_bulletin(station, now=NOW + HOUR, again=True)
        assert SAID in german(later.script.passages()).spoken, "later bulletins have the words in German, too"

        repeat = write_repeat(
            corrected.running_order,
            heard_at=corrected.at,
            at=NOW + 2 * HOUR,
            station=station.words,
            options=station.profile.script,
            lexicon=station.lexicon,
        )
        assert SAID in german(repeat.passages()).spoken, "the stand-by has the German words"
        assert "River Wecks" in " ".join(passage.spoken for passage in repeat.passages())

        (bridge,) = find_stories(station.archive, "valley", "bridge")
        withdraw_story(station, bridge, now=NOW + 2 * HOUR)
        last = next(r for r in journal.tellings("valley", fire.ids) if r.withdrawn_at is None)
        assert [p.language for p in last.running_order if p.role is Role.STORY] == ["de"]
        assert SAID in german(last.running_order).spoken
