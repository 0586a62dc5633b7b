"""A real voice over real music: the decoded mix is measured at every transition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bulletin.audio.mixing.mix_bulletin import Order, Tags, mix_bulletin
from bulletin.audio.mixing.normalize_voice_loudness import REFERENCE_LUFS
from bulletin.audio.music.ducking import ATTACK_S, RELEASE_S
from bulletin.audio.music.load_jingles import LoadedJingles, StationJingles, load_jingles
from bulletin.audio.place_sounds_on_timeline import Bed, JingleKind, PlayedMusic, Rundown
from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget
from bulletin.audio.rundown.plan_rundown import plan_rundown
from bulletin.config.profile_options import AudioOptions
from bulletin.config.tables.output_options import FmOptions
from bulletin.imaging.find_shipped_jingle_sets import default_jingles
from bulletin.model import Cut, Passage, Role, Script, Sentence, Spoken, StoryScript
from bulletin.runtime.read_sound_file import Samples, read_sound
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.speak_script import speak_script
from bulletin.speech.voice_factory import build_chain
from tests.audio.music_measures import Loudness
from tests.support.factories import make_article, make_passage, make_script, make_story

pytestmark = pytest.mark.slow

RATE_HZ = 48_000
TARGET_S = 50.0
GAP_S = 0.6
BED_UNDER_LU = 20.0
LOCAL = datetime(2026, 11, 24, 7, 0)  # noqa: DTZ001 - tags hold local time

STORIES = {
    "bridge": "The bridge over the River Wex closes on Monday. Drivers should use the other road.",
    "fire": "A warehouse burnt down in the night. Nobody was hurt, the fire service said.",
    "school": "Two village schools will share a head teacher from January. Parents were told last week.",
    "cat": "A cat came home after nine years. She had lived three streets away.",
}


def make_story_script(name: str, text: str) -> StoryScript:
    story = make_story(make_article(id=name, title=name.title()))
    sentences = tuple(
        Sentence(text=sentence, spoken=sentence) for sentence in text.replace(". ", ".|").split("|")
    )
    passage = Passage(role=Role.STORY, sentences=sentences, story_id=name, cut=Cut.NORMAL, title=name.title())
    head = make_passage(f"News of the {name}.", role=Role.HEADLINE, story_id=name)
    return StoryScript(story=story, cuts=(passage,), headline=head if name in ("bridge", "fire") else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Rundown, jingles and decoded samples of a mixed bulletin."""

    rundown: Rundown
    shelf: LoadedJingles
    samples: Samples
    """Decoded sound of the finished file: (frames, 2)."""

    @property
    def sides(self) -> Samples:
        """Difference of the two channels, which holds music only, since the voice is mono."""
        return np.asarray((self.samples[:, 0] - self.samples[:, 1]) / 2)

    def only(self, music: JingleKind) -> PlayedMusic:
        return next(played_music for played_music in self.rundown.played if played_music.jingle is music)


class Studio:
    """A script spoken once, which can be mixed with any bed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.script: Script = make_script(
            *(make_story_script(name, text) for name, text in STORIES.items()),
            ident=make_passage("This is Wexcombe Radio.", role=Role.IDENT),
        )
        chain = build_chain(["hibari"], engines={}, speed=1.0, language="en-GB")
        cache = SpeechCache(folder / "speech", limit_mb=50)
        self.spoken: Spoken = speak_script(self.script, chain=chain, cache=cache, folder=folder / "clips")

    def mix(self, bed: Bed) -> Heard:
        ours = default_jingles()
        jingles = StationJingles(
            ident=ours["ident"], bed=ours["bed"], sting=ours["sting"], closing=ours["closing"]
        )
        options = FmOptions(bed=bed)
        order = Order(kind="fm", path=self.folder / f"{bed}.wav", options=options)
        made = mix_bulletin(
            self.script,
            self.spoken,
            jingles=jingles,
            options=AudioOptions(gap_s=GAP_S, bed_under_lu=BED_UNDER_LU),
            orders=[order],
            target_s=TARGET_S,
            tags=Tags(artist="Wexcombe Radio", album="News", date=LOCAL),
        )
        shelf = load_jingles(jingles, rate_hz=RATE_HZ, voice_lufs=REFERENCE_LUFS)
        plan = plan_rundown(
            self.script,
            self.spoken,
            {} if bed == "none" else shelf.timings,
            LengthTarget(target_s=TARGET_S, gap_s=GAP_S, rate_hz=RATE_HZ, bend=0.05, bed=bed),
        )
        samples, rate_hz = read_sound(made.renditions[0].path)
        assert (rate_hz, len(samples)) == (RATE_HZ, plan.rundown.frames)
        return Heard(rundown=plan.rundown, shelf=shelf, samples=samples)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="module")
def heard(studio: Studio) -> dict[Bed, Heard]:
    beds: tuple[Bed, ...] = ("headlines", "whole", "none")
    return {bed: studio.mix(bed) for bed in beds}


def bed_levels_db(made: Heard) -> tuple[PlayedMusic, npt.NDArray[np.float64]]:
    """
    Level of the bed in the mix, relative to the prepared jingle, every 10 ms.

    Both are measured on the difference of left and right, which is music only. It begins after the ident.
    """
    bed = made.only(JingleKind.BED)
    record = made.shelf.jingles[JingleKind.BED].samples
    plain = np.resize((record[:, 0] - record[:, 1]) / 2, bed.end - bed.start)
    mixed = made.sides[bed.start : bed.end]
    hop, width = RATE_HZ // 100, RATE_HZ // 20
    starts = range(0, len(plain) - width, hop)
    power = [
        (
            np.dot(mixed[n : n + width], plain[n : n + width]),
            np.dot(plain[n : n + width], plain[n : n + width]),
        )
        for n in starts
    ]
    gains = np.array([max(over / under, 1e-6) for over, under in power])
    return bed, 20.0 * np.log10(gains)


def level_at(levels_db: npt.NDArray[np.float64], bed: PlayedMusic, at_s: float) -> float:
    """Level at a time of the bulletin, in a window centred on it."""
    return float(levels_db[round((at_s - bed.start / RATE_HZ - 0.025) * 100)])


def spans_of(made: Heard, *roles: Role) -> list[tuple[float, float]]:
    return [
        (voiced.start / RATE_HZ, voiced.end / RATE_HZ)
        for voiced in made.rundown.voiced
        if voiced.clip.passage.role in roles
    ]


def test_the_bed_is_down_before_the_first_word_and_comes_up_after_the_last(heard: dict[Bed, Heard]) -> None:
    made = heard["headlines"]
    bed, levels_db = bed_levels_db(made)
    spans = spans_of(made, Role.OPENING, Role.HEADLINE)
    first_s, last_s = spans[0][0], spans[-1][1]

    under = [level_at(levels_db, bed, at) for at in np.arange(first_s + 0.05, last_s - 0.05, 0.1)]
    down = float(np.median(under))
    up = level_at(levels_db, bed, last_s + RELEASE_S + 0.1)

    assert max(under) - min(under) < 1.0  # the bed does not pump between headlines
    assert up - down == pytest.approx(BED_UNDER_LU - 5.0, abs=0.5)
    # The bed is up before the attack, half-way down in the middle of it, and down at the first word.
    assert level_at(levels_db, bed, first_s - ATTACK_S) == pytest.approx(up, abs=1.0)
    assert down + 4.0 < level_at(levels_db, bed, first_s - ATTACK_S / 2) < up - 4.0
    assert level_at(levels_db, bed, first_s) == pytest.approx(down, abs=1.0)
    assert down + 4.0 < level_at(levels_db, bed, last_s + RELEASE_S / 2) < up - 4.0


def test_the_beds_tail_fades_to_nothing(heard: dict[Bed, Heard]) -> None:
    bed, levels_db = bed_levels_db(heard["headlines"])
    sting = heard["headlines"].only(JingleKind.STING)
    fade = levels_db[round((bed.end / RATE_HZ - bed.fade_out_s - bed.start / RATE_HZ) * 100) :]
    alone = fade[: len(fade) - round((bed.end - sting.start) / RATE_HZ * 100) - 5]

    assert bed.fade_out_s >= 0.6
    assert (np.diff(alone) < 0.2).all()
    assert alone[-1] < alone[0] - 12.0
    after = heard["headlines"].sides[sting.end + 10 :]
    assert rms_db(after[: RATE_HZ // 2]) < -70.0  # no music under the stories


def test_a_bed_under_everything_ends_with_the_words(heard: dict[Bed, Heard]) -> None:
    made = heard["whole"]
    bed, levels_db = bed_levels_db(made)
    words = spans_of(made, Role.STORY)

    for start_s, end_s in words:
        under = [level_at(levels_db, bed, at) for at in np.arange(start_s + 1.0, end_s - 0.1, 0.1)]
        assert float(np.median(under)) == pytest.approx(level_at(levels_db, bed, words[0][1] - 0.5), abs=1.0)
    assert bed.fade_out_s >= 0.6


def test_every_passage_is_as_loud_as_the_others_with_a_bed_and_without(heard: dict[Bed, Heard]) -> None:
    """Passages differ by at most 0.5 LU; passages under 1.5 s are too short to measure."""
    for made in heard.values():
        loudness = {
            voiced.clip.passage.text: Loudness(
                resample_to_44k1(made.samples[voiced.start : voiced.end])
            ).integrated_lufs
            for voiced in made.rundown.voiced
            if voiced.end - voiced.start > 1.5 * RATE_HZ and voiced.clip.passage.role is not Role.IDENT
        }

        assert len(loudness) >= 5
        assert max(loudness.values()) - min(loudness.values()) <= 0.5, loudness


def resample_to_44k1(samples: Samples) -> Samples:
    """Resample to 44.1 kHz, the rate of the tests' meter."""
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(samples, 147, 160, axis=0), dtype=np.float32)


def test_a_sting_sounds_between_two_stories_and_nothing_else(heard: dict[Bed, Heard]) -> None:
    made = heard["headlines"]
    stings = [played_music for played_music in made.rundown.played if played_music.jingle is JingleKind.STING]
    stories = spans_of(made, Role.STORY)

    assert len(stings) == len(stories)
    for sting, (start_s, _) in zip(stings, stories, strict=True):
        assert sting.start / RATE_HZ < start_s
        assert rms_db(made.sides[sting.start : sting.start + RATE_HZ // 2]) > -50.0
    for (_, end_s), sting in zip(stories, stings[1:], strict=False):
        gap_s = sting.start / RATE_HZ - end_s
        assert gap_s == pytest.approx(made.rundown.pacing.gap_s, abs=0.001)
        assert rms_db(made.samples[round((end_s + 0.02) * RATE_HZ) : sting.start - 20]) < -60.0


def test_between_dry_stories_there_is_the_gap_and_no_silence_of_the_engines(heard: dict[Bed, Heard]) -> None:
    """Silence at the ends of clips is cut off, so that a pause is at most 0.15 s longer than planned."""
    made = heard["none"]
    voiced = np.abs(made.samples[:, 0]) > 10 ** (-60 / 20)

    for earlier, later in pairwise(made.rundown.voiced):
        end = earlier.start + int(np.flatnonzero(voiced[earlier.start : earlier.end])[-1])
        start = later.start + int(np.flatnonzero(voiced[later.start : later.end])[0])
        planned = (later.start - earlier.end) / RATE_HZ
        assert 0.4 <= planned <= 1.0
        assert planned <= (start - end) / RATE_HZ <= planned + 0.15


def rms_db(samples: Samples) -> float:
    return float(10.0 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def joints(made: Heard) -> Iterator[int]:
    """Frames at which a clip or a jingle begins or ends, or a bed loops."""
    for sound in (*made.rundown.voiced, *made.rundown.played):
        yield from (sound.start, sound.end)
    for bed in made.rundown.played:
        if bed.jingle is JingleKind.BED:
            length = len(made.shelf.jingles[JingleKind.BED].samples)
            yield from range(bed.start + length, bed.end, length)


def jump(samples: Samples, frame: int) -> float:
    """Largest second difference within 1 ms of a frame, relative to the usual one in the 60 ms around it."""
    bends = np.abs(np.diff(samples[max(0, frame - 1440) : frame + 1440], n=2, axis=0)).max(axis=1)
    middle = min(frame, 1440)
    near = bends[max(0, middle - 48) : middle + 48]
    usual = np.quantile(bends, 0.98) if len(bends) else 0.0
    return float(near.max(initial=0.0) / max(usual, 1e-3))


def test_nothing_clicks_at_the_joints(heard: dict[Bed, Heard]) -> None:
    for made in heard.values():
        jumps = {frame / RATE_HZ: jump(made.samples, frame) for frame in joints(made)}

        assert max(jumps.values()) < 3.0, jumps


def test_a_joint_that_clicks_would_be_noticed(heard: dict[Bed, Heard]) -> None:
    """The check itself can fail: here a story begins in the middle of a wave."""
    made = heard["none"]
    story = next(voiced for voiced in made.rundown.voiced if voiced.clip.passage.role is Role.STORY)
    broken = made.samples.copy()
    loud = story.start + int(np.argmax(np.abs(broken[story.start : story.end, 0]) > 0.05))
    broken[story.start : loud] = 0.0

    assert jump(replace(made, samples=broken).samples, loud) > 3.0
