"""Feed with hostile titles and ids through the pipeline, into tags, cart chunks, captions, pages and file names."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.config.load_profile import load_profile
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.station.build_station_object import open_station
from tests.audio.playout_readers import sndfile_cart
from tests.publishing.podcast.feed_rules import broken_rules
from tests.support.hostile_texts import HOSTILE, broken_promises

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 25, 7, 1, tzinfo=UTC)
FEED = '[[feeds]]\nurl = "evil{number}.json"\ncredit = "the <i>Gazette</i> {number}"\n'
FEEDS = 4
PROFILE = """\
name = "Valley <b>Radio</b>"
slogan = "News & \\"views\\" \\u202eall day"
length = "3:00"
repeats_freely = true
{feeds}
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm", "speaker", "stories"]
[outputs.page]
on = true
[outputs.podcast]
base_url = "https://news.example/"
email = "news@valley.example"
"""
EVENTS = (
    (
        "Barn fire near Oakfold",
        "Thirty firefighters fought a blaze at a barn near Oakfold on Tuesday evening.",
    ),
    (
        "School garden wins prize",
        "Pupils at Thornley primary school have won a national prize for their garden.",
    ),
    (
        "Tractor stolen in Marlbridge",
        "A tractor worth £40,000 was taken from a farmyard in Marlbridge overnight.",
    ),
    (
        "Library to open by the station",
        "Councillors agreed to build a library beside the railway station in Pennick.",
    ),
    (
        "Flood warning lifted",
        "The River Wex fell overnight and people in Dartholm may go home, the agency said.",
    ),
    (
        "Bus drivers vote on pay",
        "Bus drivers at the Wexcombe depot will vote next week on an offer of five per cent.",
    ),
    (
        "Lido asks for volunteers",
        "The open-air swimming pool at Ashwater needs forty volunteers to open in May.",
    ),
    (
        "Quarry plan is withdrawn",
        "A company has withdrawn its plan to reopen the limestone quarry at Corfe Hill.",
    ),
)


def write_feeds(folder: Path) -> None:
    items = []
    for number, (title, text) in enumerate(EVENTS):
        first_attack, second_attack = HOSTILE[number], HOSTILE[-1 - number]
        items.append(
            {
                "id": f"{number}{first_attack[:100]}",
                "url": f'https://gazette.example/{number}?"><script>{second_attack[:50]}',
                "title": f"{title} {first_attack[:60]}",
                "content_text": f"{text} {second_attack}",
                "date_published": (NOW - timedelta(minutes=5 * number + 5)).isoformat(),
            }
        )
    for number in range(FEEDS):
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": items[number::FEEDS]}
        # JSON can hold half a surrogate pair, but only as an escape
        (folder / f"evil{number}.json").write_text(json.dumps(feed), encoding="ascii")


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_feeds(folder)
    path = folder / "valley.toml"
    feeds = "".join(FEED.format(number=number) for number in range(FEEDS))
    path.write_text(PROFILE.replace("{feeds}", feeds), encoding="utf-8")
    with open_station(load_profile(str(path)), output=folder / "output") as station:
        run = make_bulletin(station, now=NOW)
    assert len(run.bulletin.story_ids) >= 4
    return folder / "output" / "valley"


def test_hostile_text_is_no_markup_path_cue_or_control_character(public: Path) -> None:
    assert list(broken_promises(public)) == []
    assert broken_rules((public / "feed.xml").read_bytes()) == []


def test_tags_are_plain_lines(public: Path) -> None:
    for path in [*public.glob("*.mp3"), *(public / "stories").glob("*.mp3")]:
        report = inspect(path)
        for words in (report.title, *(chapter.title for chapter in report.chapters)):
            assert words.isprintable(), path
            assert not re.search(r"<[A-Za-z/!?]", words), path
            assert len(words) <= 255, path


def test_the_cart_chunk_is_ascii(public: Path) -> None:
    cart = sndfile_cart(public / "fm.wav")  # decodes every field as ASCII

    assert cart["title"]
    assert all(word.isprintable() for word in (cart["title"], cart["artist"], cart["cut_id"]) if word)
    head = (public / "fm.wav").read_bytes().partition(b"data")[0]
    for chunk in (b"bext", b"cart"):
        assert chunk in head
    assert b"\x1b" not in head.partition(b"bext")[2][4:300]  # description of the bext chunk
