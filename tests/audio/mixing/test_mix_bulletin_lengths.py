"""Length of the mixed file, with stories of a single length or a story that is too long."""

import pytest

from bulletin.audio.mixing.mix_bulletin import StationJingles
from bulletin.audio.mixing.time_stretch import can_stretch
from bulletin.audio.quality.inspect_sound_file import QualityLimits, inspect
from bulletin.model import Role, Spoken
from tests.audio.mixing.test_mix_bulletin import mix
from tests.audio.sounds import (
    VOICE,
    make_bulletin_script,
    make_clip,
    make_story_script,
    seconds_of,
    speak_noise,
)


@pytest.mark.slow
@pytest.mark.skipif(not can_stretch(), reason="python-stretch has no wheel for this machine")
def test_stories_of_one_length_hit_the_target_by_a_slower_voice(tmp_path):
    script = make_bulletin_script(*[make_story_script(f"news{n}", cuts=1, headline=False) for n in range(4)])
    path = tmp_path / "news.mp3"

    bulletin = mix(
        script, speak_noise(script, tmp_path, hurry=3), path, target_s=17.0, jingles=StationJingles()
    )

    # Two stories and the widest gaps last 16.5 s.
    assert sum(passage.role is Role.STORY for passage in bulletin.aired) == 2
    limits = QualityLimits(
        loudness_lufs=-16.0, loudness_tolerance_lu=0.2, true_peak_dbtp=-1.5, duration_s=17.0
    )
    assert inspect(path, limits=limits).faults == ()
    assert bulletin.notes == ()


@pytest.mark.slow
def test_a_story_longer_than_the_bulletin_airs_and_is_noted(tmp_path):
    script = make_bulletin_script(make_story_script("one", cuts=1, headline=False), make_story_script("two"))
    clips = tuple(
        make_clip(
            tmp_path,
            passage,
            25.0 if passage.story_id == "one" and passage.role == "story" else seconds_of(passage),
        )
        for passage in script.passages()
    )

    bulletin = mix(
        script, Spoken(clips=clips, voice=VOICE, attempts=()), tmp_path / "news.mp3", target_s=20.0
    )

    assert bulletin.story_ids == ("one",)
    assert [left.title for left in bulletin.dropped] == ["Title of two"]
    assert "0:20.0" in bulletin.notes[-1]
    assert bulletin.renditions[0].duration_s > 25
