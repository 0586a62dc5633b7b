"""One bulletin with every rendition, by `make_bulletin`: each sentence is requested once from the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.errors import SpeechError
from bulletin.model import Rendition, Role
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.engine_interface import VoiceReader
from bulletin.station.build_station_object import Station, open_station, overrides_from
from tests.support.fake_engines import CountingEngine, FailingEngine

pytestmark = pytest.mark.slow  # the tests share one station with all renditions

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)

ITEM = """<item><title>{title}</title><link>https://g.example/{slug}</link><guid>{slug}</guid>
<pubDate>Tue, 24 Nov 2026 06:00:00 GMT</pubDate><description>{text}</description></item>"""
STORIES = {
    "Bridge over the Wex to close for repairs": "The bridge over the River Wex closes next month for six weeks of "
    "repairs. The county council said drivers should use the A361. "
    "Traders in Bridge Street fear that shoppers will stay away until the spring. "
    "The bus company will run its services along the bypass. "
    "Engineers found cracks in two of the four arches.",
    "Warehouse destroyed by fire in Frome": "A warehouse on the trading estate in Frome burnt down overnight. "
    "Somerset fire service said nobody was hurt. Police closed Station Road until noon. "
    "The owner of the warehouse makes furniture for hotels. "
    "Forty people work at the site.",
    "Two village schools to share a head teacher": "Two primary schools in the valley will share a head teacher "
    "from January. Parents in Nunney were told last week. The governors said it would save money. "
    "A third school in the valley may join them in two years. "
    "The county council has promised new classrooms.",
}


ALL = '["fm", "podcast", "speaker", "stories"]'


@contextmanager
def station(
    folder: Path, *engines: CountingEngine, second: CountingEngine | None = None, make: str = ALL
) -> Iterator[Station]:
    items = "".join(ITEM.format(title=t, slug=f"s{n}", text=x) for n, (t, x) in enumerate(STORIES.items()))
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>', encoding="utf-8"
    )
    path = folder / "valley.toml"
    path.write_text(
        'name = "Valley Radio"\nfrequencies = ["103.5", "105.3"]\nlength = "1:10"\nrepeats_freely = true\n'
        f'[[feeds]]\nurl = "gazette.rss"\n[outputs]\nmake = {make}\n'
        '[outputs.podcast]\nbase_url = "https://v.example/"\nemail = "n@v.example"\n',
        encoding="utf-8",
    )
    loaded = load_profile(str(path))
    overrides = overrides_from(loaded.profile, voice="tone")
    with open_station(loaded, output=folder / "out", overrides=overrides) as built:
        readers = tuple(VoiceReader(engine=engine, voice=engine.voices()[0]) for engine in engines)
        other = VoiceReader(engine=second, voice=second.voices()[-1]) if second else None
        yield replace(built, readers=readers, second=other)


@pytest.fixture(scope="module")
def hours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[str], Run, list[str]]:
    """Two hours with the same news, the second for FM alone: each run with the sentences requested from the engine."""
    folder, engine = tmp_path_factory.mktemp("valley"), CountingEngine()
    with station(folder, engine) as built:
        seven = make_bulletin(built, now=NOW, at="07:00")
    first = list(engine.spoken_texts)
    with station(folder, engine, make='["fm"]') as built:
        eight = make_bulletin(built, now=NOW + timedelta(hours=1), at="08:00")
    return seven, first, eight, engine.spoken_texts[len(first) :]


def kinds(run: Run, kind: str) -> list[Rendition]:
    return [rendition for rendition in run.bulletin.renditions if rendition.kind == kind]


def test_each_sentence_of_four_renditions_is_requested_once(
    hours: tuple[Run, list[str], Run, list[str]],
) -> None:
    run, requested, _, _ = hours

    spoken = {s.spoken for p in run.draft.script.passages() for s in p.sentences}
    assert sorted(requested) == sorted(spoken)
    assert {rendition.kind for rendition in run.bulletin.renditions} == {
        "fm",
        "podcast",
        "speaker",
        "stories",
    }


def test_in_the_next_hour_only_the_time_check_is_requested(
    hours: tuple[Run, list[str], Run, list[str]],
) -> None:
    """Ident words, closing and stories come from the cache."""
    _, _, run, requested = hours

    assert any(p.role is Role.IDENT for p in run.bulletin.aired)
    assert len(requested) == 1
    assert "eight" in requested[0]


def test_only_fm_has_a_time_check(
    hours: tuple[Run, list[str], Run, list[str]],
) -> None:
    run = hours[0]
    opening = {
        kind: next(p for p in kinds(run, kind)[0].aired if p.role is Role.OPENING)
        for kind in ("fm", "podcast", "speaker")
    }

    assert opening["fm"].is_timed
    assert "seven" in opening["fm"].spoken
    for kind in ("podcast", "speaker"):
        assert not opening[kind].is_timed
        assert "seven" not in opening[kind].spoken
    for kind in ("fm", "podcast", "speaker"):
        assert kinds(run, kind)[0].aired[-1].role is Role.CLOSING
        assert "103.5 and 105.3" in kinds(run, kind)[0].aired[-1].text


def test_each_rendition_has_its_length(hours: tuple[Run, list[str], Run, list[str]]) -> None:
    for kind in ("fm", "podcast", "speaker"):
        (rendition,) = kinds(hours[0], kind)
        samples, rate_hz = read_sound(rendition.path)
        length_s = len(samples) / rate_hz

        if kind == "speaker":
            assert length_s <= 70.0
        else:
            assert abs(length_s - 70.0) <= 0.1


def test_ident_words_are_only_in_renditions_with_an_ident(
    hours: tuple[Run, list[str], Run, list[str]],
) -> None:
    for kind, over_ident in (("fm", True), ("podcast", True), ("speaker", False)):
        (rendition,) = kinds(hours[0], kind)

        assert (rendition.aired[0].role is Role.IDENT) is over_ident
        assert (rendition.cues[0].role is Role.IDENT) is over_ident
        if over_ident:
            assert "103.5 and 105.3" in rendition.cues[0].text
            assert rendition.cues[0].start_s > 1.0  # at the mix point, not at the start


def test_chapters_begin_with_the_first_word_in_each_rendition(
    hours: tuple[Run, list[str], Run, list[str]],
) -> None:
    """Chapter times differ by music, time check and gaps."""
    starts = {}
    for kind in ("fm", "podcast", "speaker"):
        (rendition,) = kinds(hours[0], kind)
        first_words: dict[str, float] = {}
        for cue in rendition.cues:
            if cue.role is Role.STORY:
                first_words.setdefault(cue.story_id, cue.start_s)
        chapter_starts = {c.story_id: c.start_s for c in rendition.chapters if c.story_id}

        assert chapter_starts == pytest.approx(first_words, abs=0.001)
        assert rendition.chapters[-1].end_s == pytest.approx(rendition.duration_s, abs=0.001)
        starts[kind] = tuple(chapter_starts.values())
    assert len(set(starts.values())) == 3


def test_each_story_has_its_own_file_without_music(hours: tuple[Run, list[str], Run, list[str]]) -> None:
    run = hours[0]
    files = kinds(run, "stories")

    assert [rendition.aired[0].story_id for rendition in files] == list(run.bulletin.story_ids)
    for rendition in files:
        assert len(rendition.aired) == len(rendition.chapters) == 1
        assert rendition.path.is_file()
        first, last = rendition.cues[0], rendition.cues[-1]
        assert first.start_s == pytest.approx(0.1, abs=0.01)
        assert rendition.duration_s == pytest.approx(last.end_s + 0.2, abs=0.01)


def test_two_readers_alternate_to_the_end(tmp_path: Path) -> None:
    first, second = CountingEngine(name="one"), CountingEngine(name="two")
    with station(tmp_path, first, second=second, make='["speaker"]') as built:
        run = make_bulletin(built, now=NOW, at="07:00")

    stories = [p for p in run.bulletin.aired if p.role is Role.STORY]
    assert [p.by_second for p in stories] == [bool(n % 2) for n in range(len(stories))]
    assert len(stories) >= 2
    for passage in run.bulletin.aired:
        reader = second if passage.by_second else first
        other = first if passage.by_second else second
        for sentence in passage.sentences:
            assert sentence.spoken in reader.spoken_texts
            assert sentence.spoken not in other.spoken_texts


@pytest.mark.parametrize("broken", ["first", "second"])
def test_when_one_of_two_readers_fails_another_voice_reads_all(tmp_path: Path, broken: str) -> None:
    dying = FailingEngine(SpeechError("died"), name="dying", after=int(broken == "first"))
    well, last = CountingEngine(name="well"), CountingEngine(name="last")
    first, second = (dying, well) if broken == "first" else (well, dying)
    with station(tmp_path, first, last, second=second, make='["speaker"]') as built:
        run = make_bulletin(built, now=NOW, at="07:00")

    alone = last if broken == "first" else well
    assert (run.spoken.voice.engine, run.spoken.second) == (alone.name, None)
    assert {s.spoken for p in run.bulletin.aired for s in p.sentences} <= set(alone.spoken_texts)
    assert all(a.reason for a in run.spoken.attempts if a.engine == "dying")
