"""A bulletin from recorded pages in each language: its words, its length, and what a recogniser hears."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from bulletin.language.language_folders import shipped_folder
from bulletin.normalization.normalize_text import make_speakable
from tests.judges.conftest import make
from tests.support.free_ports import free_port

pytestmark = pytest.mark.judges

Judge = Callable[..., subprocess.CompletedProcess[str]]

MOST_UNHEARD = {"de": 0.65, "es": 0.60, "it": 0.60, "nl": 0.85, "pt": 0.80}
"""
Highest share of words that the recogniser (Whisper base) does not hear; languages of this test.

They are read by espeak-ng, since no package carries a natural voice. Of 100 of its words, in their order, the recogniser
heard 52 of German, 64 of Spanish, 67 of Italian, 32 of Dutch and 42 of Portuguese (1 December). The bound finds a
bulletin that lost its words, not one that is badly read. French has no bound: half of espeak-ng's words are heard wrongly
without music, under music whole sentences are invented.
Kokoro's voices are heard far better (Spanish 93, French 90, Italian 85, Portuguese 89 of 100), but speak too slowly for a
test.
"""
FEW_PAGES = {"it": (60.0, 2), "nl": (45.0, 1), "pt": (40.0, 1)}
"""Languages with few recorded pages: length in seconds and fewest stories; the others have two minutes and three."""
TAGS = {"pt": "pt-BR"}
"""Variety of the recorded pages, where it is not the language's own folder."""
LANGUAGES = (*MOST_UNHEARD, "fr")
SHARED_WORDS = {"es": {"euros"}, "fr": {"euros", "million", "point"}}
"""Words that the language writes as English does."""
PROFILE = """
name = "Radio Nova"
language = "{language}"
time_zone = "Europe/Berlin"
length = "{minutes}:{seconds:02}"
[speech]
chain = ["espeak"]
"""


@pytest.fixture(scope="module", params=LANGUAGES)
def bulletin(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Language, and the output of `bulletin make --json` from the recorded pages of that language."""
    language: str = request.param
    folder = shared / "data" / "fresh" / f"day-{language}-dev"
    if not folder.is_dir():
        pytest.skip(f"the recorded pages in {language} are not beside this checkout")
    server = subprocess.Popen(
        [sys.executable, str(folder / "serve.py"), str(free_port()), "--profile"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert server.stdout is not None
    try:
        count = len(list((folder / "feeds").glob("*.xml")))
        feeds = [line for _ in range(count) for line in (server.stdout.readline() for _ in range(6))]
        station = tmp_path_factory.mktemp(language)
        profile = station / "nova.toml"
        length_s, _ = FEW_PAGES.get(language, (120.0, 3))
        minutes, seconds = divmod(round(length_s), 60)
        words = PROFILE.format(language=TAGS.get(language, language), minutes=minutes, seconds=seconds)
        profile.write_text(words + "".join(feeds), encoding="utf-8")
        yield language, make(profile, station / "out")
    finally:
        server.kill()
        server.communicate()


def spoken_words(data: dict[str, Any]) -> list[str]:
    return [sentence["spoken"] for passage in data["aired"] for sentence in passage["sentences"]]


def test_a_bulletin_has_stories_and_its_length(bulletin: tuple[str, dict[str, Any]]) -> None:
    language, data = bulletin
    length_s, fewest = FEW_PAGES.get(language, (120.0, 3))

    assert sum(passage["role"] == "story" for passage in data["aired"]) >= fewest
    assert abs(data["renditions"][0]["duration_s"] - length_s) < 0.1


def test_the_fire_with_twelve_dead_leads_the_spanish_day(bulletin: tuple[str, dict[str, Any]]) -> None:
    """Among newer stories of politics; its own publisher alone tells it, sixth by age."""
    language, data = bulletin
    if language != "es":
        pytest.skip("only the Spanish day has one story that outweighs all others")
    lead = next(passage for passage in data["aired"] if passage["role"] == "story")

    assert "incendio" in " ".join(sentence["spoken"] for sentence in lead["sentences"])


def test_no_figure_and_no_sign_reaches_the_voice(bulletin: tuple[str, dict[str, Any]]) -> None:
    _, data = bulletin

    assert [text for text in spoken_words(data) if re.search(r"[^\w\s,.?!;:'’-]|\d", text)] == []


def test_no_english_word_of_ours_is_said(bulletin: tuple[str, dict[str, Any]]) -> None:
    language, data = bulletin
    ours = {
        "percent",
        "point",
        "hundred",
        "thousand",
        "million",
        "billion",
        "pounds",
        "euros",
        "reports",
        "news",
        "from",
    }
    own = (shipped_folder() / language / "phrases.toml").read_text(encoding="utf-8")

    said = {word for text in spoken_words(data) for word in re.findall(r"\w+", text.casefold())}
    ours -= SHARED_WORDS.get(language, set())
    assert {word for word in said & ours if word not in own} == set()


def test_a_recogniser_hears_the_words(bulletin: tuple[str, dict[str, Any]], judge: Judge) -> None:
    language, data = bulletin
    if language not in MOST_UNHEARD:
        pytest.skip(
            "espeak's French is not understood by the recogniser under music (113 % of the words wrong)"
        )
    done = judge("speech/transcribe.py", data["renditions"][0]["path"], "--language", language, "--json")
    heard = " ".join(part["text"] for part in json.loads(done.stdout)["segments"])

    want, got = (_words(text, language) for text in (" ".join(spoken_words(data)), heard))
    # only missing words count: under music the recogniser invents and repeats others, more or fewer with the hour told
    heard_words = sum(
        block.size for block in SequenceMatcher(None, want, got, autojunk=False).get_matching_blocks()
    )
    share = 1 - heard_words / len(want)
    print(f"{language}: {len(want)} words, not heard {share:.1%}")
    assert share <= MOST_UNHEARD[language]


def _words(text: str, language: str) -> list[str]:
    """Words as they are said; the recogniser writes figures."""
    return re.findall(r"\w+", make_speakable(text, language=language).casefold().replace("-", ""))
