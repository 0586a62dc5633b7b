"""Recorded voices in a script: the words around a clip and the clip are in every cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from bulletin.config.profile_options import ScriptOptions
from bulletin.model import AttachedClip, Cut, RecordedClip, StoryScript
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.write_script import CUT_S, write_script
from tests.support.factories import NOW, make_article, make_story, make_words

TEXT = " ".join(
    f"The council of Wexcombe will mend the {place} in the coming year after a vote on Monday evening."
    for place in ("bridge", "library", "town hall", "old mill", "swimming pool", "market")
)
RECORDING = RecordedClip(sha256="a" * 64, duration_s=12.0, words="We waited years.", speaker="Ann Fox")


def write(clip: AttachedClip | None, **changes: Any) -> StoryScript:
    article = make_article(title="Council to mend Wexcombe", text=TEXT, is_local=True, clip=clip, **changes)
    script = write_script(
        [make_story(article)], station=make_words(), at=NOW, options=ScriptOptions(), lexicon=Lexicon()
    )
    return script.stories[0]


def test_each_cut_ends_with_the_words_before_the_clip_the_clip_and_the_words_after() -> None:
    clip = AttachedClip(recording=RECORDING, before="The mayor, Ann Fox, said:", after="That was Ann Fox.")

    cuts = write(clip).cuts

    assert cuts
    for cut in cuts:
        *text, before, said, after = cut.sentences
        assert text
        assert (before.text, after.text) == ("The mayor, Ann Fox, said:", "That was Ann Fox.")
        assert (said.text, said.spoken, said.recording) == ("We waited years.", "", RECORDING)
        assert cut.recordings == (RECORDING,)
        assert cut.recorded_s == 12.0
    assert all(len(longer.sentences) > len(shorter.sentences) for shorter, longer in pairwise(cuts))


def test_a_clip_takes_its_time_from_the_text() -> None:
    plain, with_clip = write(None), write(AttachedClip(recording=RECORDING))

    for cut, seconds in CUT_S.items():
        texts = [
            sum(len(s.spoken.split()) for p in item.cuts if p.cut is cut for s in p.sentences)
            for item in (plain, with_clip)
        ]
        assert texts[1] <= max(texts[0] - 12.0 * 2.9 * 0.7, 18) or texts[1] == 0, (cut, seconds)
    assert with_clip.cuts[0].cut is Cut.SHORT


def test_a_clip_without_words_is_named_in_the_transcript() -> None:
    silent = RecordedClip(sha256="a" * 64, duration_s=2.0, speaker="Ann Fox")

    assert write(AttachedClip(recording=silent)).cuts[0].sentences[-1].text == "[Ann Fox]"
