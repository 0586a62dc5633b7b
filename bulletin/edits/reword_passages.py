"""Reworded sentence -> the passages of a story with the editor's words in its place. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from bulletin.language.split_sentences import split_sentences
from bulletin.model import AppliedEdit, Cut, Edit, EditState, Origin, Passage, Role, Sentence, StoryScript

Say = Callable[[str, str], str]
"""Text as written, and its language where that is not the station's -> text as read."""
Split = Callable[[str, str], Sequence[str]]
"""Text, and its language where that is not the station's -> sentences."""
_ALIKE = 0.6
"""Share of equal letters from which a sentence counts as another form of the replaced one (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Sentence of a story that an edit replaces."""

    sentence: Sentence | None
    """None: the editor's words are inserted."""
    doubt: str = ""
    """Why an editor should look at it."""


def split_english(text: str, _language: str) -> Sequence[str]:
    """Sentences of an English text."""
    return split_sentences(text)


def reword_story(
    item: StoryScript, edit: Edit, *, say: Say, split: Split = split_english
) -> tuple[StoryScript, AppliedEdit]:
    """
    Put the editor's words into every passage of the story that has the replaced sentence.

    Where the program no longer writes that sentence, they replace its new form, or stand at its old position: the
    story goes out as the editor left it, and the edit needs a look.
    """
    place = _find_place(item, edit, split=split)
    if place is None:
        reason = _why_waiting(item, edit)
        return item, AppliedEdit(edit=edit, state=EditState.WAITING, reason=reason)
    language = language_of(item)
    words = _editors_words(edit, place.sentence, language=language, say=say, split=split)
    if edit.details.get("role") == Role.HEADLINE:
        changed = _reword_headline(item, words)
    else:
        changed = replace(item, cuts=_reword_cuts(item.cuts, place.sentence, words, edit))
    state = EditState.NEEDS_LOOK if place.doubt else EditState.APPLIED
    return changed, AppliedEdit(edit=edit, state=state, reason=place.doubt)


def language_of(item: StoryScript) -> str:
    """Language of a story; empty for the station's."""
    return next((cut.language for cut in item.cuts), "")


def _find_place(item: StoryScript, edit: Edit, *, split: Split) -> _Place | None:
    """Place of the editor's words; None: there is none, or they have aired and the story goes on in others."""
    sentences = _own_sentences(item, edit)
    same = next((sentence for sentence in sentences if sentence.text == edit.replaced), None)
    if same:
        changed = edit.sources and tuple(origin.text for origin in same.origins) != edit.sources
        return _Place(sentence=same, doubt="its source has changed since" if changed else "")
    if edit.details.get("role") == Role.HEADLINE:
        return _Place(sentence=sentences[0], doubt=_now_written(sentences[0])) if sentences else None
    if not item.cuts or (
        edit.text and set(split(edit.text, language_of(item))) <= set(item.story.said_before)
    ):
        return None
    if alike := _find_new_form(sentences, edit):
        return _Place(sentence=alike, doubt=_now_written(alike))
    gone = "the sentence that it replaced is no longer written"
    return _Place(sentence=None, doubt=gone) if edit.text else None


def _own_sentences(item: StoryScript, edit: Edit) -> tuple[Sentence, ...]:
    """Sentences of the program in the headline or in the longest cut."""
    if edit.details.get("role") == Role.HEADLINE:
        return item.headline.sentences if item.headline else ()
    longest = max(item.cuts, key=lambda cut: len(cut.sentences), default=None)
    if longest is None:
        return ()
    if not edit.text:  # a recording can be left out, but not reworded
        return tuple(sentence for sentence in longest.sentences if not sentence.editor)
    return tuple(s for s in longest.sentences if not s.editor and not s.recording)


def _find_new_form(sentences: Sequence[Sentence], edit: Edit) -> Sentence | None:
    """The sentence that was made from the same source, or has nearly the same letters."""
    sources = set(edit.sources)
    for sentence in sentences:
        if sources & {origin.text for origin in sentence.origins}:
            return sentence
    return max(
        (s for s in sentences if _likeness(s.text, edit.replaced) >= _ALIKE),
        key=lambda sentence: _likeness(sentence.text, edit.replaced),
        default=None,
    )


def _likeness(text: str, other: str) -> float:
    return SequenceMatcher(None, text, other, autojunk=False).ratio()


def _now_written(sentence: Sentence) -> str:
    return f'the program now writes: "{sentence.text}"'


def _why_waiting(item: StoryScript, edit: Edit) -> str:
    if edit.details.get("role") == Role.HEADLINE:
        return "the story has no headline in this bulletin"
    return (
        "these words have aired; this bulletin tells the story in other words"
        if edit.text
        else "the sentence is gone"
    )


def _editors_words(
    edit: Edit, replaced: Sentence | None, *, language: str, say: Say, split: Split
) -> tuple[Sentence, ...]:
    """Sentences of the editor, with the sources of the replaced one beside each."""
    origins = replaced.origins if replaced else origins_of(edit)
    return tuple(
        Sentence(
            text=text,
            spoken=say(text, language),
            origins=origins,
            editor=edit.editor,
            replaced=edit.replaced,
        )
        for text in split(edit.text, language)
    )


def origins_of(edit: Edit) -> tuple[Origin, ...]:
    """Sources of the sentence that an edit replaced, as they were at the time of the edit."""
    rows = edit.details.get("origins") or [
        {"article_id": edit.story_id, "text": text} for text in edit.sources
    ]
    return tuple(Origin(**{name: str(value) for name, value in row.items()}) for row in rows)


def _reword_headline(item: StoryScript, words: tuple[Sentence, ...]) -> StoryScript:
    """The story with another headline, which is its title in chapters, too; without words it has none."""
    if not item.headline or not words:
        return replace(item, headline=None)
    title = words[0].text.rstrip(".")
    cuts = tuple(replace(cut, title=title) for cut in item.cuts)
    return replace(item, headline=replace(item.headline, sentences=words, title=title), cuts=cuts)


def _reword_cuts(
    cuts: Sequence[Passage], replaced: Sentence | None, words: tuple[Sentence, ...], edit: Edit
) -> tuple[Passage, ...]:
    """The cuts with the words in place of the sentence; cuts without words, or as long as the one before, go."""
    index = int(edit.details.get("index", 0))
    of_cuts = edit.details.get("cuts") or [cut.value for cut in Cut]
    has_place = [cut for cut in cuts if cut.cut.value in of_cuts and index <= len(cut.sentences)]
    if replaced is None and not has_place:
        has_place = list(cuts[-1:])
    reworded: list[Passage] = []
    for cut in cuts:
        sentences = cut.sentences
        if replaced is not None:
            sentences = tuple(s for old in sentences for s in (words if old == replaced else (old,)))
        elif cut in has_place:
            at = _between_edits(sentences, index)
            sentences = (*sentences[:at], *words, *sentences[at:])
        if sentences and (not reworded or sentences != reworded[-1].sentences):
            reworded.append(replace(cut, sentences=sentences))
    return tuple(reworded)


def _between_edits(sentences: Sequence[Sentence], index: int) -> int:
    """The index, or the next one that parts no sentences which an editor wrote in the place of one."""
    at = min(index, len(sentences))
    while 0 < at < len(sentences) and sentences[at].replaced == sentences[at - 1].replaced != "":
        at += 1
    return at
