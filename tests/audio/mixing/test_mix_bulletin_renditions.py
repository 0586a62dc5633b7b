"""Several renditions of one bulletin, mixed together and checked on their files."""

import struct
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from bulletin.audio.mixing.mix_bulletin import Order, StationJingles, Tags, mix_bulletin
from bulletin.audio.mixing.write_mixed_file import take_turns
from bulletin.audio.quality.inspect_sound_file import QualityLimits, inspect
from bulletin.config.profile_options import AudioOptions
from bulletin.config.tables.output_options import FmOptions, OutputsOptions, PodcastOptions, SpeakerOptions
from bulletin.errors import AudioError
from bulletin.imaging.find_shipped_jingle_sets import default_jingles
from bulletin.model import Role
from bulletin.runtime.read_sound_file import read_sound
from tests.audio.playout_readers import read_bext, read_chunks
from tests.audio.sounds import make_bulletin_script, make_story_script, speak_noise
from tests.support.factories import make_passage

pytestmark = pytest.mark.slow

LOCAL = datetime(2026, 11, 24, 7, 0)  # noqa: DTZ001 - tags hold local time
MADE = datetime(2026, 11, 24, 6, 52, 30, tzinfo=UTC)
TAGS = Tags(artist="Wexcombe Radio", album="Wexcombe Radio News", date=LOCAL, artwork=b"\xff\xd8 a picture")
TARGET_S = 36.0
SUFFIXES = {"fm": ".wav", "podcast": ".mp3", "speaker": ".mp3"}


def make_day():
    script = make_bulletin_script(
        *[make_story_script(name) for name in ("one", "two")],
        make_story_script("cat", headline=False, light=True),
    )
    later = make_passage("Here is the news from Wexcombe Radio.", role=Role.OPENING)
    return replace(script, opening_later=later)


def make_orders(folder, *kinds, **changes):
    outputs = OutputsOptions(**changes)
    orders = []
    for kind in kinds:
        path = folder / (kind if kind == "stories" else f"{kind}{SUFFIXES[kind]}")
        if kind == "stories":
            path.mkdir()
        options = outputs.rendition(kind)
        orders.append(Order(kind=kind, path=path, options=options, is_up_to=bool(options.up_to)))
    return orders


def mix(script, spoken, orders, *, target_s=TARGET_S):
    ours = default_jingles()
    jingles = StationJingles(
        ident=ours["ident"], bed=ours["bed"], sting=ours["sting"], closing=ours["closing"]
    )
    return mix_bulletin(
        script,
        spoken,
        jingles=jingles,
        options=AudioOptions(),
        orders=orders,
        target_s=target_s,
        tags=TAGS,
        made=MADE,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A bulletin for FM, podcast and speakers, and as separate stories."""
    folder = tmp_path_factory.mktemp("renditions")
    script = make_day()
    spoken = speak_noise(script, folder, hurry=3)
    return mix(script, spoken, make_orders(folder, "fm", "podcast", "speaker", "stories")), spoken


def rendition_of(made, kind):
    return next(rendition for rendition in made[0].renditions if rendition.kind == kind)


@pytest.mark.parametrize("kind", ["fm", "podcast", "speaker"])
def test_each_rendition_meets_its_own_limits(made, kind):
    options = OutputsOptions().rendition(kind)
    limits = QualityLimits(
        loudness_lufs=options.loudness_lufs,
        loudness_tolerance_lu=0.2,
        true_peak_dbtp=options.true_peak_dbtp,
        duration_s=None if kind == "speaker" else TARGET_S,
        duration_tolerance_s=0.1,
    )

    report = inspect(rendition_of(made, kind).path, limits=limits)

    assert (report.faults, report.warnings) == ((), ())
    assert (report.rate_hz, report.channels) == (48_000 if kind == "fm" else 44_100, 2)
    assert report.duration_s <= TARGET_S + 0.1


def test_the_rendition_for_speakers_has_no_music_and_is_never_longer(made):
    """No music plays: both channels carry the voice, and pauses are silent."""
    sound = rendition_of(made, "speaker")
    decoded, rate_hz = read_sound(sound.path)

    assert sound.duration_s <= TARGET_S
    assert np.abs(decoded[:, 0] - decoded[:, 1]).max() < 0.01
    for first, second in zip(sound.cues, sound.cues[1:], strict=False):
        pause = decoded[round((first.end_s + 0.1) * rate_hz) : round((second.start_s - 0.1) * rate_hz)]
        assert not pause.size or np.abs(pause).max() < 0.01


def test_the_time_is_spoken_on_air_only(made):
    opening = {
        kind: next(p for p in rendition_of(made, kind).aired if p.role is Role.OPENING) for kind in SUFFIXES
    }

    assert opening["fm"] != opening["podcast"]
    assert opening["podcast"] == opening["speaker"]
    assert "Here is the news" in opening["podcast"].text


def test_all_renditions_have_the_same_stories(made):
    story_ids = {
        kind: [p.story_id for p in rendition_of(made, kind).aired if p.role is Role.STORY]
        for kind in SUFFIXES
    }

    assert story_ids["fm"] == story_ids["podcast"] == story_ids["speaker"] == list(made[0].story_ids)
    assert made[0].aired == rendition_of(made, "fm").aired


def test_the_playout_learns_title_validity_and_loudness(made):
    sound = rendition_of(made, "fm")

    chunks = read_chunks(sound.path)
    bext, cart = read_bext(chunks[b"bext"]), chunks[b"cart"]

    assert list(chunks)[:3] == [b"fmt ", b"bext", b"cart"]
    assert bext.originator == "Wexcombe Radio"
    assert bext.originated == datetime(2026, 11, 24, 6, 52, 30)  # noqa: DTZ001 - the wall clock
    assert bext.loudness[0] == pytest.approx(sound.loudness_lufs, abs=0.006)
    assert bext.loudness[2] == pytest.approx(sound.true_peak_dbtp, abs=0.006)
    assert cart[4:68].rstrip(b"\0").decode() == made[0].script.title[:63]
    timers = {name: frame for name, frame in struct.iter_unpack("<4sI", cart[684:748]) if name.strip(b"\0")}
    first_word = min(cue.start_s for cue in sound.cues)
    assert timers[b"AUDe"] == round(sound.duration_s * 48_000)
    assert timers[b"INTe"] == pytest.approx(first_word * 48_000, abs=1)


def test_each_story_is_a_file_of_its_own(made):
    stories = [rendition for rendition in made[0].renditions if rendition.kind == "stories"]

    assert [made.chapters[0].story_id for made in stories] == list(made[0].story_ids)
    for story in stories:
        (passage,) = story.aired
        report = inspect(story.path, limits=QualityLimits(loudness_lufs=-16.0, true_peak_dbtp=-1.5))
        assert passage.role is Role.STORY
        assert report.faults == ()
        clip = next(clip for clip in made[1].clips if clip.passage == passage)
        assert report.duration_s == pytest.approx(clip.duration_s + 0.3, abs=0.01)


def test_the_file_of_a_story_has_its_title_cut_as_its_chapter_has(tmp_path):
    story_script = make_story_script("one")
    story_script = replace(
        story_script, cuts=tuple(replace(cut, title="Ferry stops " * 25) for cut in story_script.cuts)
    )
    script = make_bulletin_script(story_script)
    bulletin = mix(script, speak_noise(script, tmp_path, hurry=3), make_orders(tmp_path, "stories"))

    (story,) = bulletin.renditions
    report = inspect(story.path)
    assert report.title == "Ferry stops " * 9 + "Ferry stops…"
    assert [chapter.title for chapter in report.chapters] == [report.title]
    assert story.aired[0].title == "Ferry stops " * 25


@pytest.mark.slow
def test_one_rendition_alone_is_the_same_file_as_among_others(made, tmp_path):
    bulletin = mix(make_day(), made[1], make_orders(tmp_path, "podcast"))

    assert bulletin.story_ids == made[0].story_ids
    assert bulletin.renditions[0].path.read_bytes() == rendition_of(made, "podcast").path.read_bytes()


def test_a_story_without_room_is_left_out_of_that_rendition_and_noted(tmp_path):
    """The opening for speakers is longer than a story."""
    script = make_bulletin_script(
        make_story_script("one", cuts=1, headline=False), make_story_script("two", cuts=1, headline=False)
    )
    later = make_passage("Here is the news from Wexcombe Radio, at length.", role=Role.OPENING)
    script = replace(script, opening_later=later, ident=None)
    spoken = speak_noise(script, tmp_path, hurry=2)
    long = next(clip for clip in speak_noise(script, tmp_path, hurry=0.2).clips if clip.passage is later)
    clips = tuple(long if clip.passage is later else clip for clip in spoken.clips)
    spoken = replace(spoken, clips=clips)
    orders = make_orders(tmp_path, "fm", "speaker", fm={"bed": "none", "up_to": True})

    bulletin = mix(script, spoken, orders, target_s=26.0)

    assert bulletin.story_ids == ("one", "two")
    assert [p.story_id for p in bulletin.renditions[1].aired if p.role is Role.STORY] == ["one"]
    assert "speaker: no room for Title of two" in bulletin.notes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("flac", "audio/flac"),
        pytest.param("opus", "audio/ogg; codecs=opus", marks=pytest.mark.slow),
        ("mp3", "audio/mpeg"),
    ],
)
def test_the_fm_rendition_may_have_any_format(made, tmp_path, form, media_type):
    path = tmp_path / f"fm.{form}"
    order = Order(kind="fm", path=path, options=FmOptions(format=form))

    bulletin = mix(make_day(), made[1], [order])

    limits = QualityLimits(
        loudness_lufs=-23.0, loudness_tolerance_lu=0.2, true_peak_dbtp=-1.0, duration_s=TARGET_S
    )
    assert bulletin.renditions[0].media_type == media_type
    assert inspect(path, limits=limits).faults == ()


@pytest.mark.slow
def test_the_bed_may_play_under_everything(made, tmp_path):
    path = tmp_path / "news.mp3"
    order = Order(kind="podcast", path=path, options=PodcastOptions(bed="whole"))

    (sound,) = mix(make_day(), made[1], [order]).renditions

    decoded, rate_hz = read_sound(path)
    story = next(cue for cue in sound.cues if cue.role is Role.STORY)
    sides = decoded[round(story.start_s * rate_hz) : round(story.end_s * rate_hz)]
    assert np.abs(sides[:, 0] - sides[:, 1]).max() > 0.01
    limits = QualityLimits(
        loudness_lufs=-16.0, loudness_tolerance_lu=0.2, true_peak_dbtp=-1.5, duration_s=TARGET_S
    )
    assert inspect(path, limits=limits).faults == ()


def test_a_rendition_that_cannot_be_written_leaves_no_partial_files(made, tmp_path):
    """Other renditions may exist, each complete; no partial file is left."""
    orders = make_orders(tmp_path, "podcast")
    orders.append(Order(kind="speaker", path=tmp_path / "missing" / "speaker.mp3", options=SpeakerOptions()))

    with pytest.raises(AudioError, match=r"speaker\.mp3: cannot be written"):
        mix(make_day(), made[1], orders)

    assert not list(tmp_path.rglob("part-*"))


def test_jobs_take_turns_and_one_that_fails_ends_the_others():
    log = []

    def job(name, steps, *, fails=False):
        try:
            for step in range(steps):
                log.append(f"{name}{step}")
                yield
            if fails:
                raise AudioError("no sound")
            return name
        finally:
            log.append(f"{name} ends")

    assert take_turns([job("a", 1), job("b", 3)]) == ["a", "b"]
    assert log == ["a0", "b0", "a ends", "b1", "b2", "b ends"]
    log.clear()
    with pytest.raises(AudioError, match="no sound"):
        take_turns([job("a", 1, fails=True), job("b", 3)])
    assert log == ["a0", "b0", "a ends", "b ends"]
