"""Pipeline from feed file to episode by `make_bulletin`: offline, with the engine `tone`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bulletin.config.load_profile import load_profile
from bulletin.errors import NoStoryError, NoVoiceError, OutletError
from bulletin.language.english_grammar_parser import has_parser
from bulletin.model import Rendition, Role
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.make_bulletin import STAGES, make_bulletin
from bulletin.runtime.read_sound_file import read_sound
from bulletin.station.build_station_object import Station, open_station, overrides_from
from tests.support.made_once import made_once

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)

FEED = """<rss version="2.0"><channel><title>Gazette</title><link>https://g.example/</link>{items}</channel></rss>"""
ITEM = """<item><title>{title}</title><link>https://g.example/{slug}</link><guid>{slug}</guid>
<pubDate>Tue, 24 Nov 2026 06:00:00 GMT</pubDate><description>{text}</description></item>"""
STORY = (
    "The bridge over the River Wex closes next month for six weeks of repairs. "
    "The county council said drivers should use the A361. "
    "Councillor Joan Pethick said the work would cost 3.5 million pounds. "
    "Traders in Bridge Street fear that shoppers will stay away until the spring."
)


def profile(tmp_path: Path, extra: str = "", *, feeds: str = '[[feeds]]\nurl = "gazette.rss"\n') -> Path:
    items = ITEM.format(title="Bridge over the Wex to close for repairs", slug="bridge", text=STORY)
    (tmp_path / "gazette.rss").write_text(FEED.format(items=items), encoding="utf-8")
    path = tmp_path / "valley.toml"
    path.write_text(
        'name = "Valley Radio"\nfrequencies = ["103.5"]\nlength = "0:30"\n'
        f'{extra}\n{feeds}\n[outputs.podcast]\nbase_url = "https://v.example/"\nemail = "n@v.example"\n',
        encoding="utf-8",
    )
    return path


@contextmanager
def station(name: str | Path, output: Path, **changes: Any) -> Iterator[Station]:
    loaded = load_profile(str(name))
    overrides = overrides_from(loaded.profile, voice=changes.pop("voice", "tone"))
    with open_station(loaded, output=output, overrides=overrides | changes) as built:
        yield built


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def rendition(run: Run, kind: str) -> Rendition:
    return next(candidate for candidate in run.bulletin.renditions if candidate.kind == kind)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    def make(output: Path) -> tuple[Run, Path]:
        with station("demo", output) as built:
            return make_bulletin(built, now=NOW), output

    return made_once(tmp_path_factory, "demo-output", make)


def test_the_demo_becomes_an_episode(demo: tuple[Run, Path]) -> None:
    run, output = demo
    folder = output / "demo"
    sound = rendition(run, "podcast")

    feed = etree.parse(folder / "feed.xml")
    enclosure = feed.find("channel/item/enclosure")

    assert set(run.timings) == set(STAGES)
    assert sound.path.parent == folder
    assert enclosure is not None
    assert enclosure.get("url", "").endswith(sound.path.name)
    assert enclosure.get("length") == str(sound.path.stat().st_size)
    assert (folder / "latest.mp3").read_bytes() == sound.path.read_bytes()
    assert list(output.rglob("part-*")) == []
    assert list((output / ".bulletin").glob("run-*")) == []


@pytest.mark.slow
def test_the_demo_has_every_part_of_a_bulletin(demo: tuple[Run, Path]) -> None:
    run, _ = demo
    aired = run.bulletin.aired

    roles = [passage.role for passage in aired]

    assert roles[:2] == [Role.IDENT, Role.OPENING]
    assert roles[-1] is Role.CLOSING
    assert roles.count(Role.HEADLINE) == (
        3 if has_parser() else 1
    )  # without the parser few titles are sure to be statements
    assert roles.count(Role.STORY) >= 4
    assert "one-oh-three point five" in aired[0].spoken  # spoken over the ident, and not repeated at once
    assert "point five" not in aired[1].spoken
    for passage in (aired[0], aired[-1]):
        assert "one-oh-three point five and one-oh-five point three" in passage.spoken


@pytest.mark.parametrize(
    ("kind", "loudness_lufs", "true_peak_dbtp", "rate_hz"),
    [("fm", -23.0, -1.0, 48_000), ("podcast", -16.0, -1.5, 44_100), ("speaker", -14.0, -2.0, 44_100)],
)
@pytest.mark.slow
def test_the_demo_has_its_length_and_loudness(
    demo: tuple[Run, Path], kind: str, loudness_lufs: float, true_peak_dbtp: float, rate_hz: int
) -> None:
    sound = rendition(demo[0], kind)
    samples, own_hz = read_sound(sound.path)

    assert (own_hz, samples.shape[1]) == (rate_hz, 2)
    assert len(samples) / rate_hz == sound.duration_s
    if kind == "speaker":
        assert 90.0 < sound.duration_s <= 120.0
    else:
        assert sound.duration_s == pytest.approx(120.0, abs=0.1)
    assert sound.loudness_lufs == pytest.approx(loudness_lufs, abs=0.2)
    assert sound.true_peak_dbtp <= true_peak_dbtp


@pytest.mark.slow
def test_every_rendition_has_the_same_stories(demo: tuple[Run, Path]) -> None:
    """FM has a time check, the others do not; a rendition without ident has no ident words."""
    run, output = demo
    stories_by_kind = {
        made_rendition.kind: tuple(
            dict.fromkeys(p.story_id for p in made_rendition.aired if p.role is Role.STORY)
        )
        for made_rendition in run.bulletin.renditions
    }

    assert set(stories_by_kind.values()) == {run.bulletin.story_ids}
    assert rendition(run, "fm").aired[1].is_timed
    assert not any(p.is_timed for p in rendition(run, "podcast").aired)
    assert rendition(run, "speaker").aired[0].role is Role.OPENING
    assert {(output / "demo" / name).is_file() for name in ("fm.wav", "fm.json", "speaker.mp3")} == {True}


@pytest.mark.slow
def test_no_digit_and_no_symbol_reaches_the_voice(demo: tuple[Run, Path]) -> None:
    spoken = " ".join(passage.spoken for passage in demo[0].draft.script.passages())

    assert not set(spoken) & set("0123456789£$€%@#&/<>[]()_*")
    assert "http" not in spoken
    assert "www" not in spoken


@pytest.mark.slow
def test_every_sentence_of_a_story_names_its_source(demo: tuple[Run, Path]) -> None:
    passages = [p for p in demo[0].bulletin.aired if p.role in (Role.STORY, Role.HEADLINE)]

    assert all(sentence.origins for passage in passages for sentence in passage.sentences)


@pytest.mark.slow
@pytest.mark.slow
def test_an_aired_story_is_recorded_and_repeated_shorter(tmp_path: Path) -> None:
    """The only story is repeated, shorter, rather than leaving the station silent."""
    path = profile(tmp_path)
    with station(path, tmp_path / "out") as built:
        first = make_bulletin(built, now=NOW)
        aired = built.archive.aired("valley", since=NOW - timedelta(days=1))
        again = make_bulletin(built, now=NOW + timedelta(hours=1))

    assert first.bulletin.story_ids[0] in aired
    assert again.bulletin.story_ids == first.bulletin.story_ids
    assert len(list((tmp_path / "out" / "valley").glob("valley-*.mp3"))) == 2


@pytest.mark.slow
@pytest.mark.slow
def test_a_limit_is_relaxed_before_a_bulletin_is_short_and_noted(tmp_path: Path) -> None:
    """One story per feed is the limit, but the only feed must fill five minutes, or just half a minute."""
    path = profile(tmp_path, "[stories]\nper_source = 1\nonly_hard = false\n[script]\nheadlines = 0\n")
    texts = {
        "bridge": STORY,
        "bakery": "Police have arrested two men over a fire at a bakery in Marlbridge on Monday.",
    }
    items = "".join(ITEM.format(title=text[:40], slug=slug, text=text) for slug, text in texts.items())
    (tmp_path / "gazette.rss").write_text(FEED.format(items=items), encoding="utf-8")
    with station(path, tmp_path / "out", length=300.0) as built:
        short = make_bulletin(built, now=NOW)
    with station(path, tmp_path / "out", length=30.0) as built:
        full = make_bulletin(built, now=NOW, again=True)

    assert len(short.bulletin.story_ids) == 2
    gave_way = "[stories] per_source gave way: the bulletin would be short (1 more story)"
    assert gave_way in short.bulletin.notes
    assert short.bulletin.notes[-1].endswith("there is too little news")
    assert not any("gave way" in note for note in full.bulletin.notes)


@pytest.mark.slow
def test_a_station_without_feeds_gets_the_command_to_add_one(tmp_path: Path) -> None:
    with (
        station(profile(tmp_path, feeds=""), tmp_path / "out") as built,
        pytest.raises(NoStoryError, match="no feeds yet: `bulletin feeds add URL`"),
    ):
        make_bulletin(built, now=NOW)


@pytest.mark.slow
@pytest.mark.slow
def test_all_feeds_down_leaves_the_last_bulletin(tmp_path: Path) -> None:
    path = profile(tmp_path)
    with station(path, tmp_path / "out") as built:
        make_bulletin(built, now=NOW)
    before = files(tmp_path / "out" / "valley")
    (tmp_path / "gazette.rss").unlink()

    with (
        station(path, tmp_path / "out") as built,
        pytest.raises(NoStoryError, match=r"gazette: no such file") as caught,
    ):
        make_bulletin(built, now=NOW + timedelta(hours=1))

    assert "no feed could be reached" in str(caught.value)
    assert caught.value.exit_code == 4
    assert files(tmp_path / "out" / "valley") == before


@pytest.mark.slow
@pytest.mark.slow
def test_broken_feeds_are_reported_and_the_others_fill_the_bulletin(tmp_path: Path) -> None:
    texts = ("", "<html><body>Sorry</body></html>", "\x00\x01\x02", "<rss><channel><item><title>x", "{}")
    names = ["gazette", *(f"broken-{number}" for number in range(len(texts)))]
    path = profile(tmp_path, feeds="".join(f'[[feeds]]\nurl = "{name}.rss"\n' for name in names))
    for name, text in zip(names[1:], texts, strict=True):
        (tmp_path / f"{name}.rss").write_text(text, encoding="utf-8")

    with station(path, tmp_path / "out") as built:
        run = make_bulletin(built, now=NOW)

    reports = {report.feed.name: report for report in run.draft.gathered.reports}
    assert all(reports[name].articles == 0 and reports[name].reason for name in names[1:])
    assert len(run.bulletin.story_ids) == 1


@pytest.mark.slow
@pytest.mark.slow
def test_a_bulletin_is_made_without_a_missing_or_broken_jingle(tmp_path: Path) -> None:
    (tmp_path / "text.mp3").write_text("no sound at all", encoding="utf-8")
    extra = '[imaging]\nident = "nowhere.wav"\nsting = "text.mp3"\nbed = "none"\n'

    with station(
        profile(tmp_path, feeds='[[feeds]]\nurl = "gazette.rss"\n' + extra), tmp_path / "out"
    ) as built:
        run = make_bulletin(built, now=NOW)

    notes = " ".join(run.bulletin.notes)
    assert "nowhere.wav" in notes
    assert "text.mp3" in notes
    assert run.bulletin.renditions[0].duration_s > 10


@pytest.mark.slow
def test_no_voice_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with (
        station(profile(tmp_path), tmp_path / "out", voice="openai") as built,
        pytest.raises(NoVoiceError, match="OPENAI_API_KEY"),
    ):
        make_bulletin(built, now=NOW)

    assert not list((tmp_path / "out").rglob("*.mp3"))
    assert not list((tmp_path / "out").rglob("part-*"))


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_named_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file in the way", encoding="utf-8")

    with (
        pytest.raises(OutletError, match=r"out.*cannot be written"),
        station(profile(tmp_path), tmp_path / "out"),
    ):
        pass


@pytest.mark.slow
@pytest.mark.slow
def test_an_own_story_airs_without_any_feed(tmp_path: Path) -> None:
    from tests.support.factories import make_article

    path = profile(tmp_path, feeds="")
    own = make_article(
        id="own-1", feed="station", text=STORY, published=NOW, expires=NOW + timedelta(hours=2)
    )
    with station(path, tmp_path / "out") as built:
        built.archive.add_own_story("valley", own)
        run = make_bulletin(built, now=NOW)
        with pytest.raises(NoStoryError):
            make_bulletin(built, now=NOW + timedelta(hours=3))

    assert len(run.bulletin.story_ids) == 1
