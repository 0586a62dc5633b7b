"""A bulletin in English and German, from feeds to pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.model import Role
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.station.build_station_object import open_station
from tests.pipeline.test_make_bulletin import FEED, ITEM, NOW, STORY, profile

FIRE = (
    "Bei einem Brand in einem Wohnhaus in Köln sind am Montag zwei Menschen gestorben. "
    "Die Feuerwehr war mit 120 Kräften im Einsatz, wie die Polizei am Dienstag mitteilte. "
    "Die Stadt sperrte die Straße und brachte 35 Bewohner in einer Schule unter."
)
BOTH = '[[feeds]]\nurl = "gazette.rss"\n[[feeds]]\nurl = "zeitung.rss"\nlanguage = "de"\n'

pytestmark = pytest.mark.slow


def make(tmp_path: Path, *, english: str, german: str, length: str = "0:30") -> Run:
    items = ITEM.format(title="Zwei Tote bei Brand in Köln", slug="brand", text=FIRE)
    (tmp_path / "zeitung.rss").write_text(FEED.format(items=items), encoding="utf-8")
    voices = (
        f'[speech]\nchain = ["{english}"]\n[speech.languages]\nde = {german}\n[outputs.page]\non = true\n'
    )
    path = profile(tmp_path, voices, feeds=BOTH)
    path.write_text(path.read_text("utf-8").replace('"0:30"', f'"{length}"'), encoding="utf-8")
    with open_station(load_profile(str(path)), output=tmp_path / "out") as station:
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
