"""A rendition with known content: each planted damage is found by its own check."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import numpy as np
import pytest

from bulletin.audio.formats.write_id3_tags import Head, Tags, make_id3
from bulletin.audio.metering.loudness import db_to_gain, measure_lufs
from bulletin.audio.mixing.limiter import limit
from bulletin.audio.quality.inspect_sound_file import examine, inspect, limits_of
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.model import Chapter, Cue, Rendition, Role
from tests.audio.formats.test_mp3_encoder import encode
from tests.audio.sounds import make_music, make_speech

pytestmark = pytest.mark.slow

RATE_HZ = 44_100
TAGS = Tags(
    artist="Wexcombe Radio",
    album="News",
    date=datetime(2026, 11, 24, 7, 0),  # noqa: DTZ001 - tags hold local time
    artwork=b"\xff\xd8 a picture",
)
STARTS_S = (2.0, 9.0, 15.5)
ENDS_S = (7.5, 14.0, 19.4)
LENGTH_S = 20.0


def make_sound():
    """Three stories, a sting of music before each, at -16 LUFS."""
    sound = np.zeros((round(LENGTH_S * RATE_HZ), 2), dtype=np.float32)
    for number, (start_s, end_s) in enumerate(zip(STARTS_S, ENDS_S, strict=True)):
        voice = make_speech(end_s - start_s, rate_hz=RATE_HZ, seed=number)
        voice *= np.clip((np.arange(len(voice))[::-1] / RATE_HZ) / 0.05, 0, 1).astype(np.float32)
        at = round(start_s * RATE_HZ)
        sound[at : at + len(voice)] += voice[:, None]
        music = make_music(1.5, seed=number) * np.geomspace(1.0, 0.03, round(1.5 * RATE_HZ))[:, None]
        music *= np.clip(np.arange(len(music)) / RATE_HZ / 0.05, 0, 1)[:, None]
        at -= round(1.2 * RATE_HZ)
        sound[at : at + len(music)] += music.astype(np.float32)
    sound *= db_to_gain(-16.0 - measure_lufs(sound, rate_hz=RATE_HZ))
    return limit(sound, rate_hz=RATE_HZ, ceiling_dbtp=-3.0)


def chapters_at(starts_s):
    ends_s = (*starts_s[1:], LENGTH_S)
    return tuple(
        Chapter(start_s=start, end_s=end, title=f"Story {number}")
        for number, (start, end) in enumerate(zip(starts_s, ends_s, strict=True), 1)
    )


@lru_cache(maxsize=2)
def encoded(sound):
    """Encoded sound, made once, because many tests change only its tag."""
    return encode(np.frombuffer(sound, dtype=np.float32).reshape(-1, 2)).getvalue()


def save(path, sound, *, tagged=STARTS_S, tags=TAGS, title="7am news"):
    head = make_id3(Head(tags=tags, title=title, duration_s=LENGTH_S, chapters=chapters_at(tagged)))
    path.write_bytes(head + encoded(sound.tobytes()))
    cues = zip(STARTS_S, ENDS_S, strict=True)
    return Rendition(
        kind="podcast",
        path=path,
        media_type="audio/mpeg",
        duration_s=LENGTH_S,
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.5,
        chapters=chapters_at(STARTS_S),
        cues=tuple(Cue(start_s=start, end_s=end, text="News.", role=Role.STORY) for start, end in cues),
    )


@pytest.fixture(scope="module")
def sound():
    return make_sound()


@pytest.fixture
def findings_of(tmp_path):
    """A function that encodes a sound and examines the file: (faults, warnings)."""

    def look(samples, **changes):
        limits = limits_of(PodcastOptions(), duration_s=LENGTH_S, has_artwork=True)
        made = save(tmp_path / "news.mp3", samples, **changes)
        quality = examine(made, limits=limits)
        return quality.faults, quality.warnings

    return look


def to_frame(seconds):
    return round(seconds * RATE_HZ)


def test_a_good_file_passes_without_findings(findings_of, sound):
    assert findings_of(sound) == ((), ())


def clipped(sound):
    return np.clip(sound * 12, -1.0, 1.0)


def delayed(sound):
    """The sound a second later, as from an encoder that does not declare its delay."""
    return np.concatenate([np.zeros((RATE_HZ, 2), dtype=np.float32), sound])[: len(sound)]


def silenced(sound):
    broken = sound.copy()
    broken[to_frame(10) : to_frame(12)] = 0
    return broken


def peaked(sound):
    loud = sound.copy()
    loud[to_frame(5) : to_frame(5) + 441] = 0.95 * np.sin(np.arange(441) * 0.4)[:, None]
    return loud


def opposed(sound):
    return sound * np.array([1.0, -1.0], dtype=np.float32)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (silenced, "dead air from 10.0 to 12.0 s"),
        (clipped, "clipped at"),
        (lambda sound: sound * np.float32(0.5) + np.float32(0.2), "DC offset of 0."),
        (opposed, "out of phase"),
        (delayed, "all words are 1.0 s late"),
        (lambda sound: sound[to_frame(0.5) :], "all words are 0.5 s early"),
        (lambda sound: sound[: to_frame(19.5)], "length 19.5 s, target 20.0"),
        (lambda sound: sound * np.float32(0.8), "-17.9 LUFS, target -16.0"),
        (peaked, "true peak -0."),
    ],
)
def test_a_damaged_file_does_not_pass(findings_of, sound, damage, message):
    faults, _ = findings_of(damage(sound).astype(np.float32))

    assert any(message in fault for fault in faults), faults


def clicking(sound):
    """A single loud sample between two stories, as at a cut without a fade."""
    broken = sound.copy()
    broken[to_frame(14.4)] += 0.3
    return broken


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (clicking, "possible clicks: 1, at 0:14.4"),
        (lambda sound: sound + np.float32(0.01), "DC offset of 0.01"),
        (lambda sound: sound * np.array([1.0, -0.35], dtype=np.float32) * 1.36, "in mono"),
    ],
)
def test_a_doubtful_file_passes_with_a_warning(findings_of, sound, damage, message):
    _, warnings = findings_of(damage(sound).astype(np.float32))

    assert any(message in warning for warning in warnings), warnings


@pytest.mark.parametrize("shift_s", [-1.0, 1.0, 0.2])
def test_a_chapter_at_another_time_in_the_tag_does_not_pass(findings_of, sound, shift_s):
    moved = (STARTS_S[0], STARTS_S[1] + shift_s, STARTS_S[2])

    (fault,), _ = findings_of(sound, tagged=moved)

    assert fault.startswith(f'its tag has chapter "Story 2" at 0:{9 + shift_s:04.1f}')


def test_a_chapter_that_is_missing_in_the_tag_does_not_pass(findings_of, sound):
    (fault,), _ = findings_of(sound, tagged=STARTS_S[:2])

    assert fault == "its tag has 2 chapters, not 3"


def test_a_story_that_begins_late_passes_with_a_warning(findings_of, sound):
    """One story is late, as after leading silence from the engine; the others are in place."""
    since_s = np.arange(len(sound))[:, None] / RATE_HZ - 8.5
    broken = sound * np.where((since_s > 0) & (since_s < 1.0), np.clip((since_s - 0.95) / 0.05, 0.001, 1), 1)

    faults, warnings = findings_of(broken.astype(np.float32))

    assert faults == ()
    (warning,) = warnings
    assert warning == 'the first word of chapter "Story 2" (0:09.0) is 0.5 s late'


def test_a_mono_jingle_is_not_taken_for_speech(findings_of, sound, tmp_path):
    """A mono jingle looks like a voice; only the known times of the words tell them apart."""
    since_s = np.arange(to_frame(0.9)) / RATE_HZ
    edges = np.clip(np.minimum(since_s, 0.9 - since_s) / 0.05, 0, 1)
    tone = 0.2 * np.sin(2 * np.pi * 523.0 * since_s) * np.sin(np.pi * edges / 2) ** 2
    seconds = np.arange(len(sound)) / RATE_HZ
    without = np.interp(seconds, [7.6, 7.65, 8.9, 9.0], [1.0, 0.0, 0.0, 1.0])[:, None]
    jingled = (sound * without).astype(np.float32)
    jingled[to_frame(8.1) : to_frame(8.1) + len(tone)] += tone.astype(np.float32)[:, None]

    assert findings_of(jingled) == ((), ())

    (warning,) = inspect(save(tmp_path / "foreign.mp3", jingled).path).warnings
    assert warning.endswith("s early, or it is mono music")


def test_a_word_before_its_chapter_is_a_warning(sound, tmp_path):
    made = save(tmp_path / "early.mp3", sound)
    early = tuple(replace(cue, start_s=cue.start_s - 0.8) for cue in made.cues)
    late = replace(made, chapters=chapters_at((STARTS_S[0], STARTS_S[1] + 0.6, STARTS_S[2])), cues=early)

    warnings = examine(late, limits=limits_of(PodcastOptions())).warnings

    assert any('first word of chapter "Story 2" (0:09.6) is 0.5 s early' in warning for warning in warnings)


def test_missing_fields_of_the_tag_are_a_warning(findings_of, sound):
    _, warnings = findings_of(sound, tags=replace(TAGS, artist="", artwork=None), title="")

    assert warnings == ("its tag has no title", "its tag has no artist", "its tag has no picture")


def test_a_file_that_was_cut_short_does_not_pass(tmp_path, sound):
    made = save(tmp_path / "news.mp3", sound)
    data = made.path.read_bytes()
    made.path.write_bytes(data[: len(data) * 3 // 4])

    faults = examine(made, limits=limits_of(PodcastOptions())).faults

    assert any("frames of sound, its header says 882000" in fault for fault in faults)


def test_a_measured_file_is_not_decoded_again(tmp_path, sound):
    """The file is replaced after it was measured; the verdict uses the measurements."""
    from bulletin.audio.metering.measure_sound_file import measure_file

    made = save(tmp_path / "news.mp3", sound)
    heard = measure_file(made.path)
    save(tmp_path / "news.mp3", silenced(sound))

    assert examine(made, limits=limits_of(PodcastOptions()), measured=heard).faults == ()
    assert examine(made, limits=limits_of(PodcastOptions())).faults != ()
