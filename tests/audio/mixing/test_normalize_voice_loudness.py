import gc
import tracemalloc
import weakref

import numpy as np
import pytest

from bulletin.audio.choose_stories_that_fit import take_longest_cuts
from bulletin.audio.metering.loudness import Meter, measure_lufs
from bulletin.audio.mixing.mix_block_by_block import Mixer
from bulletin.audio.mixing.normalize_voice_loudness import VoiceTrack
from bulletin.audio.mixing.time_stretch import can_stretch
from bulletin.audio.place_sounds_on_timeline import Pacing, VoicedPassage, lay_out_rundown
from bulletin.runtime.read_sound_file import write_wav
from tests.audio.sounds import make_bulletin_script, make_clip, make_story_script, speak_noise
from tests.support.factories import make_passage

RATE_HZ = 44_100
CREST_DB = 10.0


def make_voiced(folder, seconds=4.0, *, start=12_345, **changes):
    clip = make_clip(folder, make_passage(), seconds, **changes)
    return VoicedPassage(clip=clip, start=start, end=start + round(clip.duration_s * RATE_HZ))


def normalize_clip(voiced):
    desk = VoiceTrack([voiced.clip])
    return desk.samples(voiced, crest_db=CREST_DB)[:, None], desk


@pytest.mark.parametrize("gain", [0.005, 0.05, 0.5])
def test_quiet_and_loud_clips_come_out_alike(tmp_path, gain):
    voiced = make_voiced(tmp_path, gain=gain)

    mono, desk = normalize_clip(voiced)

    assert len(mono) / desk.rate_hz == voiced.clip.duration_s
    assert measure_lufs(mono, rate_hz=desk.rate_hz) == pytest.approx(-19.0, abs=0.3)


def test_peaks_are_limited_relative_to_the_loudness(tmp_path):
    mono, desk = normalize_clip(make_voiced(tmp_path))
    meter = Meter(rate_hz=desk.rate_hz, channels=1)

    meter.feed(mono)

    assert meter.true_peak_dbtp == pytest.approx(-6.0, abs=0.2)


def test_a_clip_begins_and_ends_without_a_step(tmp_path):
    voiced = make_voiced(tmp_path)
    tone = 0.3 * np.cos(2 * np.pi * 2_000 * np.arange(96_001) / 24_000)
    write_wav(voiced.clip.path, tone.astype(np.float32), rate_hz=24_000)

    mono, _ = normalize_clip(voiced)

    for end in (mono[:96, 0], mono[:-97:-1, 0]):
        # A linear fade of 4 ms: 1/8, 3/8, 5/8 and 7/8 in its quarters.
        loud = np.sqrt(np.square(end).reshape(4, -1).mean(axis=1))
        assert abs(end[0]) < 0.01
        assert loud / loud[-1] == pytest.approx([1 / 7, 3 / 7, 5 / 7, 1.0], abs=0.06)


def test_a_clip_is_read_once_for_several_renditions(tmp_path):
    voiced = make_voiced(tmp_path)
    desk = VoiceTrack([voiced.clip])
    desk.powers(voiced)
    voiced.clip.path.unlink()

    podcast, speaker = (desk.samples(voiced, crest_db=crest_db) for crest_db in (12.0, 8.0))

    assert np.abs(podcast).max() > 1.3 * np.abs(speaker).max()


def test_clips_are_freed_with_the_track_without_a_garbage_collection(tmp_path):
    voiced = make_voiced(tmp_path)
    track = VoiceTrack([voiced.clip])
    track.samples(voiced, crest_db=12.0)
    gone = weakref.ref(track)
    gc.disable()
    try:
        del track

        assert gone() is None
    finally:
        gc.enable()


def test_clips_of_several_rates_are_resampled_to_the_highest(tmp_path):
    high, low = make_voiced(tmp_path, rate_hz=32_000), make_voiced(tmp_path, rate_hz=16_000)
    desk = VoiceTrack([high.clip, low.clip])

    lengths = {len(desk.samples(voiced, crest_db=CREST_DB)) / desk.rate_hz for voiced in (high, low)}

    assert desk.rate_hz == 32_000
    assert lengths == {4.0}


def test_the_predicted_power_is_that_of_the_normalized_clip(tmp_path):
    voiced = make_voiced(tmp_path, 6.0)
    mono, desk = normalize_clip(voiced)

    predicted_lufs = -0.691 + 10 * np.log10(desk.powers(voiced)[:-1].mean())

    assert predicted_lufs == pytest.approx(measure_lufs(mono, rate_hz=desk.rate_hz), abs=0.5)


@pytest.mark.skipif(not can_stretch(), reason="python-stretch has no wheel for this machine")
@pytest.mark.parametrize("stretch", [0.95, 1.05])
def test_a_stretched_clip_fills_its_time_at_the_same_loudness(tmp_path, stretch):
    clip = make_clip(tmp_path, make_passage(), 4.0)
    frames = round(clip.duration_s * stretch * RATE_HZ)
    voiced = VoicedPassage(clip=clip, start=12_345, end=12_345 + frames, stretch=stretch)

    mono, desk = normalize_clip(voiced)

    assert len(mono) == round(4.0 * stretch * desk.rate_hz)
    assert measure_lufs(mono, rate_hz=desk.rate_hz) == pytest.approx(-19.0, abs=0.3)
    # The speech fills the clip: it is neither cut off nor followed by silence.
    assert np.abs(mono[-desk.rate_hz // 20 : -desk.rate_hz // 100]).max() > 0.02


def peak_memory_bytes(stories, spoken_by):
    """Peak memory in bytes while a bulletin of so many stories is measured and rendered."""
    choice = take_longest_cuts(*spoken_by)
    choice_of_many = [choice.stories[n % len(choice.stories)] for n in range(stories)]
    many = type(choice)(
        ident=None, opening=choice.opening, stories=tuple(choice_of_many), closing=choice.closing
    )
    rundown = lay_out_rundown(many, {}, pacing=Pacing(gap_s=0.6), rate_hz=RATE_HZ)
    voice = VoiceTrack(spoken_by[1].clips)
    mixer = Mixer(rundown, {}, voice=voice, voice_crest_db=CREST_DB, bed_under_lu=20.0)
    tracemalloc.start()
    mixer.powers()
    for block in mixer.blocks():
        assert len(block)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.slow
def test_an_hour_needs_hardly_more_memory_than_three_minutes(tmp_path):
    """Mixing streams in blocks; only the data kept for each clip grow with the length."""
    script = make_bulletin_script(
        make_story_script("one", cuts=1, headline=False), make_story_script("two", cuts=1, headline=False)
    )
    spoken = speak_noise(script, tmp_path)

    three_minutes, hour = (peak_memory_bytes(n, (script, spoken)) for n in (12, 246))

    assert hour - three_minutes < 60e6
