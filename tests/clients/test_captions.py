"""Independent readers of captions accept ours, and read the same words."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest

from bulletin.model import Cue, Role
from bulletin.publishing.podcast.write_episode_files import to_srt, to_vtt
from tests.clients.conftest import NODE_MODULES, Run

pytestmark = pytest.mark.clients

Station = tuple[str, Path]
VALIDATE = """
const { WebVTTParser } = require(process.argv[1] + "/webvtt-parser");
const text = require("fs").readFileSync(process.argv[2], "utf8");
const { cues, errors } = new WebVTTParser().parse(text, "subtitles/captions/descriptions");
console.log(JSON.stringify({ cues: cues.length, errors }));
"""
SENTENCES = (
    "Good morning, this is the news from Wexcombe Radio.",
    "R&D at <BBC> --> cut by 0.25%; the council said drivers should use the A361 while the work goes on.",
    "Die Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft tagt in Wien.",
    "市議会は月曜日に、老朽化した橋の架け替え工事を来年四月から始めることを全会一致で決めました。",
    "قال المجلس إن الجسر سيغلق الشهر المقبل لمدة ستة أسابيع لإجراء إصلاحات عاجلة بعد الفيضانات.",
    "See https://www.example.org/news/2026/11/28/bridge-over-the-river-wex-closes-for-repairs for more.",
    "No.",
)
CUES = tuple(
    Cue(start_s=7.5 * number, end_s=7.5 * number + 7.2, text=text, role=Role.STORY)
    for number, text in enumerate(SENTENCES)
)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def test_webvtt_py_reads_every_word() -> None:
    webvtt = pytest.importorskip("webvtt", reason="webvtt-py is not installed here")

    captions = webvtt.from_string(to_vtt(CUES, speaker="Valley & Hill <Radio>")).captions

    assert captions[0].voice == "Valley &amp; Hill &lt;Radio&gt;"
    assert all(len(line) <= 65 for caption in captions for line in caption.lines if "&" not in line)
    assert all(len(caption.lines) == 1 for caption in captions)
    assert all(earlier.end_in_seconds <= later.start_in_seconds for earlier, later in pairwise(captions))
    text = "".join(caption.text for caption in captions)
    for escaped, sign in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(escaped, sign)
    assert letters(text) == letters("".join(SENTENCES))


def test_srt_reads_every_word() -> None:
    srt = pytest.importorskip("srt", reason="srt is not installed here")

    items = list(srt.parse(to_srt(CUES)))  # raises at unreadable captions

    assert [item.index for item in items] == list(range(1, len(items) + 1))
    assert all(len(line) <= 32 for item in items for line in item.content.split("\n"))
    assert all(1 <= item.content.count("\n") + 1 <= 2 for item in items)
    assert all(item.end - item.start >= timedelta(seconds=1) for item in items)
    assert all(earlier.end <= later.start for earlier, later in pairwise(items))
    assert srt.compose(items, reindex=False).strip() == to_srt(CUES).strip()
    assert letters("".join(item.content for item in items)) == letters("".join(SENTENCES))


def test_the_validator_of_the_w3c_grammar_finds_nothing(run: Run, home: Path) -> None:
    if not (NODE_MODULES / "webvtt-parser").is_dir():
        pytest.skip("webvtt-parser is not installed here; .ci/tools installs it from npm")
    vtt = to_vtt(CUES, speaker="Valley & Hill <Radio>")
    path = home / "captions.vtt"
    path.write_text(vtt, encoding="utf-8")

    done = run("node", "-e", VALIDATE, str(NODE_MODULES), str(path))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"cues": vtt.count(" --> "), "errors": []}


def test_published_captions_are_read(station: Station) -> None:
    webvtt = pytest.importorskip("webvtt", reason="webvtt-py is not installed here")
    srt = pytest.importorskip("srt", reason="srt is not installed here")
    segments = next(path for path in station[1].glob("valley-*.json") if path.with_suffix(".vtt").exists())

    def served(suffix: str) -> str:
        answer = httpx2.get(station[0] + segments.with_suffix(suffix).name, trust_env=False)
        return answer.raise_for_status().text

    bodies = [segment["body"] for segment in json.loads(segments.read_text(encoding="utf-8"))["segments"]]
    vtt = [caption.text for caption in webvtt.from_string(served(".vtt")).captions]
    shown = [item.content for item in srt.parse(served(".srt"))]
    assert " ".join(vtt) == " ".join(bodies)
    assert " ".join(" ".join(shown).split()) == " ".join(bodies)
    assert max(map(len, vtt)) <= 65
    assert max(len(line) for text in shown for line in text.split("\n")) <= 32
