"""AttachedClip -> the sentences that air together: words before a recorded voice, the voice, words after it. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bulletin.language.split_sentences import split_sentences
from bulletin.model import AttachedClip, Sentence


def clip_sentences(clip: AttachedClip | None, *, say: Callable[[str], Sentence]) -> tuple[Sentence, ...]:
    """
    The words before a recorded voice, the voice, and the words after it; nothing without a clip.

    The three are in every cut of the story, so that none airs without the others. `say` makes the sentence of a
    text. A voice without known words is named by its speaker, in square brackets.
    """
    if clip is None:
        return ()
    before, after = ([say(text) for text in words_around(words)] for words in (clip.before, clip.after))
    recording = clip.recording
    text = recording.words or f"[{recording.speaker or recording.source_name}]"
    return (*before, Sentence(text=text, spoken="", recording=recording), *after)


def words_around(words: str) -> list[str]:
    """Sentences of the words before or after a clip."""
    return [text for text in split_sentences(words) if any(map(str.isalnum, text))]
