"""Recorded feeds of real publishers, and the seed article of this project, made into bulletins."""

from __future__ import annotations

import csv
import importlib
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.errors import NoStoryError
from bulletin.model import FeedState, Role
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.pipeline.pieces.gather_and_choose import ask_feeds
from bulletin.station.build_components_from_profile import feeds_of
from bulletin.station.build_station_object import open_station

pytestmark = pytest.mark.judges

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
FATAL = {"FURNITURE", "EMPTY", "SYMBOL", "DEIXIS"}
FALSE_ALARMS = {("FURNITURE", "advertisement")}
"""The judge takes "a growing number of advertisements posted on social media" for an advertising label."""
NEVER = re.compile(
    r"\bhttps?\b|\bwww\b|\bread more\b|\bcontinue reading\b|\bclick\b|\bsubscribe\b|\bnewsletter|\bsign up\b|[©@#]",
    re.IGNORECASE,
)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it)
        """Log no request."""


@pytest.fixture(scope="module")
def recorded(shared: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Address of a server on loopback, and the list of the recorded feeds on it."""
    folder = shared / "data" / "feeds" / "recorded"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    rows = list(csv.DictReader(io.StringIO((folder / "PROVENANCE.csv").read_text(encoding="utf-8"))))
    yield f"http://127.0.0.1:{server.server_port}", rows
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def lint(shared: Path) -> Iterator[ModuleType]:
    """Lint rules of the judge, independent of ours."""
    sys.path.insert(0, str(shared / "tools" / "script"))
    yield importlib.import_module("lib.lint")
    sys.path.remove(str(shared / "tools" / "script"))


def made_at(base: str, name: str) -> str:
    """Time of the recording, by its newest article."""
    from urllib.request import urlopen

    with urlopen(f"{base}/{name}") as answer:
        text = answer.read().decode("utf-8", "replace")
    date_texts = re.findall(r"<pubDate>(?:<!\[CDATA\[)?\s*([^<\]]+)", text)
    iso = re.findall(r"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)?)", text)
    dates = []
    for date_text in date_texts:
        try:
            dates.append(parsedate_to_datetime(date_text.strip()))
        except ValueError:
            continue
    dates += [datetime.fromisoformat(iso_text) for iso_text in iso]
    aware = [d if d.tzinfo else d.replace(tzinfo=UTC) for d in dates]
    past = [d for d in aware if d < NOW]
    return (max(past) if past else NOW).isoformat()


@contextmanager
def drafted(base: str, names: list[str], tmp_path: Path, length: str = "10:00") -> Iterator[Draft]:
    feeds = "".join(
        f'[[feeds]]\nname = "{number}"\nurl = "{base}/{name}"\nprivate = true\npages = false\n'
        f"recording = {{ made_at = {made_at(base, name)} }}\n"
        for number, name in enumerate(names)
    )
    path = tmp_path / "real.toml"
    head = (
        f'name = "Real"\nlength = "{length}"\n[fetch]\nhost_gap_s = 0\n'
        "[stories]\nper_source = 50\nper_category = 50\nmost = 40\n[speech]\nchain = ['tone']\n"
    )
    path.write_text(head + feeds, encoding="utf-8")
    with open_station(load_profile(str(path)), output=tmp_path / "out") as station:
        yield draft_bulletin(station, now=NOW)


def test_all_48_recorded_feeds_are_read(recorded: tuple[str, list[dict[str, str]]], tmp_path: Path) -> None:
    base, rows = recorded
    path = tmp_path / "all.toml"
    feeds = "".join(f'[[feeds]]\nurl = "{base}/{row["file"]}"\nprivate = true\n' for row in rows)
    path.write_text(f'name = "All"\n[fetch]\nhost_gap_s = 0\n{feeds}', encoding="utf-8")
    loaded = load_profile(str(path))

    reports = ask_feeds(feeds_of(loaded), now=NOW, options=loaded.profile.fetch).reports

    assert len(reports) == 48
    assert {r.feed.url.rpartition("/")[2]: r.reason for r in reports if r.state is not FeedState.OK} == {}
    assert all(report.articles for report in reports)


def test_bulletins_from_real_feeds_contain_only_news(
    recorded: tuple[str, list[dict[str, str]]], lint: ModuleType, tmp_path: Path
) -> None:
    """A bulletin from each English news feed: no page furniture, no address, no digit, no markup."""
    base, rows = recorded
    faults: list[str] = []
    passage_count = 0
    for row in rows:
        if row["news"] != "1" or not (row["language"] or "en").lower().startswith("en"):
            continue
        folder = tmp_path / row["file"]
        folder.mkdir()
        try:
            with drafted(base, [row["file"]], folder) as draft:
                passages = [p for p in draft.script.passages() if p.role in (Role.STORY, Role.HEADLINE)]
        except NoStoryError:
            continue
        for passage in passages:
            passage_count += 1
            rules = lint.lint(passage.text, min_words=0, max_words=999)
            faults += [
                f"{row['host']}: {rule} {what}: {passage.text}"
                for rule, _, what in rules
                if rule in FATAL and (rule, what) not in FALSE_ALARMS
            ]
            faults += [
                f"{row['host']}: {match[0]}: {passage.spoken}" for match in NEVER.finditer(passage.spoken)
            ]

    assert passage_count > 200
    assert not faults, "\n".join(faults)


def test_the_seed_article_takes_20_to_35_seconds_without_page_furniture(
    shared: Path, judge: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """The article is added as its page printed it, made into a bulletin, and transcribed."""
    station = tmp_path / "seed.toml"
    station.write_text(
        'name = "Seed Radio"\nfrequencies = ["103.5", "105.3"]\nlength = "1:00"\n', encoding="utf-8"
    )
    common = ["--output", str(tmp_path / "out")]
    seed = str(shared / "data" / "seed-article.txt")
    run = partial(subprocess.run, capture_output=True, text=True, encoding="utf-8", check=True)
    run(
        [
            sys.executable,
            "-m",
            "bulletin",
            "stories",
            "add",
            seed,
            "--station",
            str(station),
            "--category",
            "world",
            *common,
        ]
    )

    made = run(
        [sys.executable, "-m", "bulletin", "make", str(station), "--voice", "hibari", "--json", *common]
    )

    data = json.loads(made.stdout)
    story = next(p for p in data["aired"] if p["role"] == "story")
    text = " ".join(s["text"] for s in story["sentences"])
    chapters = data["renditions"][0]["chapters"]
    start = next(n for n, c in enumerate(chapters) if c["title"] == story["title"])
    seconds = chapters[start + 1]["start_s"] - chapters[start]["start_s"]
    transcript = judge("speech/transcribe.py", data["renditions"][0]["path"]).stdout.casefold()
    print(f"{seconds:.1f} s: {text}")
    assert 20 <= seconds <= 35
    for fact in ("Blinken", "Qin Gang", "China"):
        assert fact in text
    for page in (
        "Read more",
        "Rate this",
        "votes",
        "HOW TO LISTEN",
        "Smart Speaker",
        "Bill Gates",
        "2023",
        "Mobile",
    ):
        assert page.casefold() not in text.casefold()
        assert page.casefold() not in transcript
