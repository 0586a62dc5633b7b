"""Stations that take the desk's running order: the same stories and sound between words of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.audio.mixing.mix_shared_body import FOLDER as BODIES
from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError, NoStoryError
from bulletin.model import Edit, EditAction, EditState, Role
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.changes.delete_old_files import apply_limits
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.pipeline.pieces.finish_bulletin import finish_bulletin
from bulletin.station.build_station_object import Station, open_station, overrides_from
from bulletin.station.desk_of_station import RUNNING_ORDERS

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
FEED = (
    '<rss version="2.0"><channel><title>Gazette</title><link>https://g.example/</link>{items}</channel></rss>'
)
ITEM = """<item><title>{title}</title><link>https://g.example/{slug}</link><guid>{slug}</guid>
<pubDate>Tue, 24 Nov 2026 0{hour}:00:00 GMT</pubDate><description>{text}</description></item>"""
STORIES = {
    "bridge": """Bridge over the Wex to close for repairs
The bridge over the River Wex closes next month for six weeks of repairs. The county council said drivers should use
the A361. Councillor Joan Pethick said the work would cost 3.5 million pounds.""",
    "hospital": """Hospital opens a second ward for children
Wexcombe hospital has opened a second ward for children. Doctors said forty more beds were needed before the winter.
The ward cost two million pounds and took a year to build.""",
    "fire": """Fire destroys a warehouse in Harbour Road
A fire has destroyed a warehouse in Harbour Road. Fifty firefighters fought the flames for six hours, the fire service
said. Nobody was hurt. Police are looking for witnesses.""",
    "school": """Council votes to keep the village school open
The county council has voted to keep the village school in Upper Wex open. Parents collected four thousand signatures.
The school has thirty pupils.""",
}


def write_feed(folder: Path, *names: str) -> None:
    items = (
        ITEM.format(title=title, slug=name, text=text, hour=5 - number)
        for number, name in enumerate(names)
        for title, _, text in [STORIES[name].partition("\n")]
    )
    (folder / "gazette.rss").write_text(FEED.format(items="".join(items)), encoding="utf-8")


def write_profile(
    folder: Path, name: str, *, desk: str = "desk", extra: str = "", has_feed: bool = False
) -> Path:
    path = folder / f"{name}.toml"
    feeds = '[[feeds]]\nurl = "gazette.rss"\n' if has_feed else ""
    path.write_text(
        f'name = "{name.title()} Radio"\nlength = "0:45"\n{extra}\n[stories]\nrunning_order = "{desk}"\n{feeds}'
        f'[outputs.podcast]\nbase_url = "https://v.example/"\nemail = "n@v.example"\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_feed(tmp_path, *STORIES)
    write_profile(tmp_path, "desk", has_feed=True)
    write_profile(tmp_path, "harbour")
    write_profile(tmp_path, "valley-of-the-seven-hills")
    return tmp_path


@contextmanager
def station(folder: Path, name: str) -> Iterator[Station]:
    loaded = load_profile(str(folder / f"{name}.toml"))
    overrides = overrides_from(loaded.profile, voice="tone")
    with open_station(loaded, output=folder / "output", overrides=overrides) as built:
        yield built


def make(folder: Path, name: str, **wanted: Any) -> Run:
    with station(folder, name) as built:
        return make_bulletin(built, now=NOW, due=DUE, **wanted)


def kept(folder: Path, kind: str) -> list[str]:
    with station(folder, "desk") as built:
        assert built.shared is not None
        return [item.key for item in built.shared.list(kind)]


def stories(run: Run) -> list[tuple[str, str]]:
    return [(p.story_id, p.text) for p in run.bulletin.aired if p.role is Role.STORY]


def kill(folder: Path, name: str, entry: str) -> None:
    with station(folder, name) as built:
        built.archive.add_kill(name, Kill(entry=entry, added_at=NOW))


@pytest.mark.parametrize("first", ["desk", "harbour"])
def test_stations_read_the_desks_stories_between_words_of_their_own(folder: Path, first: str) -> None:
    """Whoever comes first; the feeds change meanwhile, and nobody notices."""
    names = sorted(["desk", "harbour", "valley-of-the-seven-hills"], key=lambda name: name != first)
    runs = {}
    for name in names:
        runs[name] = make(folder, name)
        write_feed(folder, "school", "fire")

    assert len({tuple(stories(run)) for run in runs.values()}) == 1
    assert len(stories(runs["desk"])) >= 2
    openings = {run.bulletin.script.opening.text for run in runs.values()}
    assert len(openings) == 3
    assert "Harbour Radio" in runs["harbour"].bulletin.script.opening.text
    assert [round(run.bulletin.renditions[0].duration_s, 1) for run in runs.values()] == [45.0] * 3
    assert not any(
        made.quality.faults for run in runs.values() for made in run.bulletin.renditions if made.quality
    )
    assert runs["harbour"].draft.log[0].startswith("choose: running order of desk, ")
    assert len(kept(folder, RUNNING_ORDERS)) == 1
    assert 1 <= len(kept(folder, BODIES)) <= 2


def test_a_story_killed_at_one_station_airs_at_the_others(folder: Path) -> None:
    desk = make(folder, "desk")
    killed = stories(desk)[0][0]
    kill(folder, "harbour", killed)

    harbour, valley = make(folder, "harbour"), make(folder, "valley-of-the-seven-hills")

    assert killed not in {story_id for story_id, _ in stories(harbour)}
    assert killed in {story_id for story_id, _ in stories(valley)}
    assert len(kept(folder, BODIES)) >= 2


def test_an_editor_of_one_station_changes_that_one(folder: Path) -> None:
    desk = make(folder, "desk")
    dropped = stories(desk)[0][0]
    drop = Edit(
        station="harbour",
        action=EditAction.DROP,
        editor="ann",
        made_at=NOW,
        key="1",
        due=DUE,
        story_id=dropped,
        article_ids=(dropped,),
    )
    with station(folder, "harbour") as built:
        EditLedger(built.archive).record(drop)

    harbour, valley = make(folder, "harbour"), make(folder, "valley-of-the-seven-hills")

    assert dropped not in {story_id for story_id, _ in stories(harbour)}
    assert [item.state for item in harbour.draft.edits] == [EditState.APPLIED]
    assert stories(valley) == stories(desk)
    assert valley.draft.edits == ()


def test_a_story_killed_at_the_desk_airs_nowhere(folder: Path) -> None:
    """Also where the running order was drafted before the kill."""
    desk = make(folder, "desk")
    killed = stories(desk)[0][0]
    kill(folder, "desk", killed)

    harbour = make(folder, "harbour")

    assert stories(harbour)
    assert killed not in {story_id for story_id, _ in stories(harbour)}


def test_a_kill_at_the_desk_stops_a_bulletin_that_is_being_spoken(folder: Path) -> None:
    make(folder, "desk")
    with station(folder, "harbour") as built:
        draft = draft_bulletin(built, now=NOW, due=DUE)
        built.archive.add_kill("desk", Kill(entry=draft.whole.stories[0].story.best.id, added_at=NOW))

        with pytest.raises(NoStoryError, match="killed meanwhile"):
            finish_bulletin(built, draft, now=NOW)


def test_a_preview_leaves_no_running_order(folder: Path) -> None:
    with station(folder, "harbour") as built:
        drafted = draft_bulletin(built, now=NOW, due=DUE)

        assert len(drafted.whole.stories) >= 2
        assert "Harbour Radio" in drafted.whole.opening.text
    assert kept(folder, RUNNING_ORDERS) == []


@pytest.mark.parametrize(
    ("desk", "extra", "reason"),
    [
        ("nobody", "", "there is no profile nobody.toml"),
        ("desk", 'language = "de"', "the desk speaks en-GB, this station de; name a desk"),
    ],
)
def test_a_station_without_feeds_says_why_it_has_no_running_order(
    folder: Path, desk: str, extra: str, reason: str
) -> None:
    write_profile(folder, "alone", desk=desk, extra=extra)

    with station(folder, "alone") as built, pytest.raises(ConfigError, match=reason):
        draft_bulletin(built, now=NOW, due=DUE)


def test_without_a_desk_a_station_with_feeds_makes_its_own_bulletin(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_profile(folder, "alone", desk="nobody", has_feed=True)

    with station(folder, "alone") as built:
        drafted = draft_bulletin(built, now=NOW, due=DUE)

    assert drafted.whole.stories
    assert "own bulletin, the running order cannot be taken: station=alone desk=nobody" in caplog.text


def test_old_running_orders_and_bodies_are_deleted(folder: Path) -> None:
    make(folder, "desk")

    with station(folder, "harbour") as built:
        apply_limits(built, now=datetime.now(UTC))
        is_kept = bool(kept(folder, BODIES) and kept(folder, RUNNING_ORDERS))
        apply_limits(built, now=datetime.now(UTC) + timedelta(hours=4))

    assert is_kept
    assert kept(folder, BODIES) == kept(folder, RUNNING_ORDERS) == []
