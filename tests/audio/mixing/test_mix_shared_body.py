"""Bulletins of twenty stations around shared bodies, checked by decoding them."""

import io
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bulletin.audio.formats.encoding_request import Order
from bulletin.audio.formats.write_id3_tags import Head, Tags
from bulletin.audio.metering.detect_clicks import ClickFinder
from bulletin.audio.metering.loudness import MOMENTARY, SHORT_TERM, measure_lufs, measure_powers
from bulletin.audio.mixing.mix_block_by_block import Mixer
from bulletin.audio.mixing.mix_bulletin import StationJingles, mix_bulletin
from bulletin.audio.mixing.mix_shared_body import (
    FOLDER,
    Body,
    body_from_bytes,
    body_key,
    body_to_bytes,
)
from bulletin.audio.mixing.normalize_voice_loudness import VoiceTrack
from bulletin.audio.mixing.write_mixed_file import Level, render_file, take_turns
from bulletin.audio.music.load_jingles import REFERENCE_LUFS, load_jingles
from bulletin.audio.rundown.fit_rundown_to_length import MOST_BEND, LengthTarget
from bulletin.audio.rundown.plan_shared_body import plan_shared_body
from bulletin.config.profile_options import AudioOptions
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.errors import StoreError
from bulletin.imaging.find_shipped_jingle_sets import default_jingles
from bulletin.model import Role
from bulletin.runtime.read_sound_file import read_sound
from bulletin.storage.folder_store import FolderStore
from tests.audio.sounds import (
    make_bulletin_script,
    make_clip,
    make_story_script,
    speak_noise,
)

TAGS = Tags(artist="Wexcombe Radio", album="News", date=datetime(2026, 11, 24, 7, 0))  # noqa: DTZ001 - local
TARGET_S, RATE_HZ, STATIONS = 60.0, 44_100, 20
STYLES = ("bright", "serious", "night", "local")
OPTIONS = AudioOptions()
OWN = (Role.IDENT, Role.OPENING, Role.CLOSING)
slow = pytest.mark.slow


class Group:
    """Stations with the same stories, each with words and an ident of its own, in one store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "store").mkdir()
        self.store = FolderStore(folder / "store")
        self.script = make_bulletin_script(*map(make_story_script, "abcd"))
        self._stories = speak_noise(self.script, folder, hurry=2)

    def station(self, number):
        """Spoken words and jingles of a station."""
        rng = Random(number)
        own = {
            clip.passage: make_clip(self.folder, clip.passage, rng.uniform(1.0, 3.5))
            for clip in self._stories.clips
            if clip.passage.role in OWN
        }
        clips = tuple(own.get(clip.passage, clip) for clip in self._stories.clips)
        ident = default_jingles(STYLES[number % len(STYLES)])["ident"]
        ours = default_jingles()
        jingles = StationJingles(
            ident=ident, bed=ours["bed"], sting=ours["sting"], closing=ours["closing"], cache=self.folder
        )
        return replace(self._stories, clips=clips), jingles

    def mix(self, spoken, jingles, *, name="news", store=None, **options):
        """The rendition of a station, and its order."""
        order = Order(kind="podcast", path=self.folder / f"{name}.mp3", options=PodcastOptions(**options))
        made = mix_bulletin(
            self.script,
            spoken,
            jingles=jingles,
            options=OPTIONS,
            orders=[order],
            target_s=TARGET_S,
            tags=TAGS,
            bodies=store or self.store,
        )
        return made.renditions[0], order

    def plan(self, spoken, jingles, order):
        """The plan in parts, the key of its body, and what makes its mixes."""
        loaded = load_jingles(jingles, rate_hz=RATE_HZ, voice_lufs=REFERENCE_LUFS)
        length = LengthTarget(target_s=TARGET_S, gap_s=OPTIONS.gap_s, rate_hz=RATE_HZ, bend=MOST_BEND)
        plan = plan_shared_body(self.script, spoken, loaded.timings, length)
        voice = VoiceTrack(spoken.clips)
        key = body_key(plan, order, loaded.jingles, voice_hz=voice.rate_hz, bed_under_lu=OPTIONS.bed_under_lu)
        crest = order.voice_crest_db
        mixer_of = partial(
            Mixer,
            jingles=loaded.jingles,
            voice=voice,
            voice_crest_db=crest,
            bed_under_lu=OPTIONS.bed_under_lu,
        )
        return plan, key, mixer_of

    def bodies(self):
        """Keys of the bodies in the store."""
        return [stored.key for stored in self.store.list(FOLDER)]


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    return Group(tmp_path_factory.mktemp("group"))


@pytest.fixture(scope="module")
def made(group):
    """For each station its decoded bulletin, the rendition, the plan, the decoded body, and what makes its mixes."""
    results = []
    for number in range(STATIONS):
        spoken, jingles = group.station(number)
        rendition, order = group.mix(spoken, jingles, name=f"news{number}")
        plan, key, mixer_of = group.plan(spoken, jingles, order)
        body = read_sound(io.BytesIO(body_from_bytes(group.store.get(key)).data))[0]
        results.append((read_sound(rendition.path)[0], rendition, plan, body, (mixer_of, order)))
    return results


def joints(plan):
    """Samples at which the body begins and ends."""
    return plan.opening.frames, plan.opening.frames + plan.body.frames


@slow
def test_a_body_is_mixed_once_for_stations_with_other_openings(group, made):
    assert len(made) == STATIONS
    assert len({len(sound) for sound, *_ in made}) == 1
    assert len({plan.opening for _, _, plan, _, _ in made}) == STATIONS
    assert len(group.bodies()) <= 6


@slow
def test_every_bulletin_has_its_exact_length_and_passes_the_quality_gate(made):
    for sound, rendition, *_ in made:
        assert len(sound) == round(TARGET_S * RATE_HZ)
        assert rendition.loudness_lufs == pytest.approx(-16.0, abs=0.2)
        assert rendition.true_peak_dbtp <= -1.5
        assert (rendition.quality.faults, rendition.quality.warnings) == ((), ())
        assert [chapter.title for chapter in rendition.chapters][-1] == "Closing"


@slow
def test_the_body_decodes_as_it_does_alone_to_the_sample(made):
    for sound, _, plan, body, _ in made:
        start, end = joints(plan)
        assert np.array_equal(sound[start:end], body)


@slow
def test_no_joint_clicks(made):
    for sound, _, plan, *_ in made:
        finder = ClickFinder(rate_hz=RATE_HZ)
        finder.feed(sound.mean(axis=1))
        near = [at for at in finder.times_s for joint in joints(plan) if abs(at - joint / RATE_HZ) < 0.1]
        assert not near
        for joint in joints(plan):
            assert np.abs(sound[joint - 1152 : joint + 1152]).max() < 1e-4


@slow
def test_the_words_on_both_sides_of_a_joint_are_equally_loud(made):
    def words_lufs(sound, rundown, start):
        spans = [sound[start + v.start : start + v.end] for v in rundown.voiced]
        return measure_lufs(np.concatenate(spans), rate_hz=RATE_HZ)

    for sound, _, plan, *_ in made:
        start, end = joints(plan)
        body_lufs = words_lufs(sound, plan.body, start)
        for part, at in ((plan.opening, 0), (plan.closing, end)):
            assert abs(words_lufs(sound, part, at) - body_lufs) < 0.5


@slow
@pytest.mark.parametrize("hops", [MOMENTARY, SHORT_TERM])
def test_loudness_around_a_joint_is_that_of_one_mix(made, hops):
    """Momentary and short-term loudness (EBU Tech 3341), compared with the same rundown mixed in one piece."""
    for sound, rendition, plan, _, (mixer_of, order) in made[:3]:
        path = rendition.path.with_name("whole.mp3")
        head = Head(tags=TAGS, title="Whole")
        take_turns([render_file(mixer_of(plan.plan.rundown), order, path=path, head=head)])
        whole = read_sound(path)[0]
        window = np.ones(hops) / hops
        levels = [
            10 * np.log10(np.convolve(measure_powers(each, rate_hz=RATE_HZ), window) + 1e-7)
            for each in (sound, whole)
        ]
        for joint in joints(plan):
            hop = round(joint / RATE_HZ * 10)
            near = slice(hop - 20, hop + 40)
            assert np.abs(levels[0][near] - levels[1][near]).max() < 0.5


@slow
def test_a_store_that_fails_costs_no_bulletin(group, tmp_path):
    class BrokenStore(FolderStore):
        def get_with_tag(self, key):
            raise StoreError("store: away")

        def put_new(self, key, data, *, headers=None):
            raise StoreError("store: away")

    spoken, jingles = group.station(0)

    rendition, _ = group.mix(spoken, jingles, name="broken", store=BrokenStore(tmp_path))

    assert rendition.duration_s == TARGET_S
    assert not rendition.quality.faults


@slow
def test_a_damaged_body_is_mixed_again(group, tmp_path):
    spoken, jingles = group.station(0)
    rendition, order = group.mix(spoken, jingles, name="first")
    _, key, _ = group.plan(spoken, jingles, order)
    store = FolderStore(tmp_path)
    torn = body_from_bytes(group.store.get(key))
    for data in (b"no body", body_to_bytes(replace(torn, data=torn.data[:-50]))):
        store.put(key, data)

        again, _ = group.mix(spoken, jingles, name="again", store=store)

        assert again.path.read_bytes()
        assert again.duration_s == rendition.duration_s


@slow
def test_words_of_another_voice_are_another_body(group):
    spoken, jingles = group.station(0)
    _, order = group.mix(spoken, jingles)
    plan, key, _ = group.plan(spoken, jingles, order)
    story = next(clip for clip in spoken.clips if clip.passage == plan.body.voiced[0].clip.passage)
    other = make_clip(group.folder, story.passage, story.duration_s)
    changed = replace(spoken, clips=tuple(other if clip == story else clip for clip in spoken.clips))

    other_plan, other_key, _ = group.plan(changed, jingles, order)

    assert replace(other_plan.body, voiced=()) == replace(plan.body, voiced=())
    assert other_key != key


@slow
def test_other_bitrates_and_a_dry_bulletin_are_joined_too(group):
    spoken, jingles = group.station(0)
    before = len(group.bodies())

    for options in ({"bitrate_kbps": 64}, {"bitrate_kbps": 320}, {"bed": "none"}):
        rendition, _ = group.mix(spoken, jingles, name="other", **options)
        assert rendition.duration_s == pytest.approx(TARGET_S, abs=0.05)
        assert not rendition.quality.faults

    assert len(group.bodies()) == before + 3


def test_a_stored_body_is_read_as_it_was_written():
    body = Body(data=b"\xff\xfb\n", level=Level(gain_db=-1.25, ceiling_dbtp=-2.6))

    assert body_from_bytes(body_to_bytes(body)) == body
    with pytest.raises(ValueError, match="another version"):
        body_from_bytes(body_to_bytes(body).replace(b'"form": 1', b'"form": 0'))
