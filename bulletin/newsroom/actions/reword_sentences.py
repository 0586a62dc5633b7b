"""Reword a sentence or a headline of the coming bulletin, or leave a sentence out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bulletin.errors import NewsroomError
from bulletin.model import Edit, EditAction, Role
from bulletin.newsroom.actions.edit_answer import EditAnswer, article_names, explain_withdrawal, find_answer
from bulletin.newsroom.check_words import check_words, clean_words
from bulletin.newsroom.choose_slot import choose_slot
from bulletin.newsroom.coming_bulletin import ComingSentence, ComingStory, coming_bulletin
from bulletin.newsroom.desk import Desk, new_key
from bulletin.newsroom.sentence_hints import find_hints, source_sentences

HEADLINE = "headline"
"""Name of a story's headline in place of a sentence."""


def reword_sentence(
    desk: Desk,
    *,
    story: str,
    sentence: str,
    text: str,
    seen_id: int | None = None,
    key: str = "",
    index: int | None = None,
) -> EditAnswer:
    """
    Let `text` air instead of a sentence, in every bulletin with the story; an empty text leaves it out.

    `sentence` is its number in the story from 1, "headline", or the sentence itself, as the program wrote it or as
    it stands now: the program's names all that an editor put in its place. `seen_id` is the version on which the text is based (`ComingSentence.version`); None: the latest.
    `index`: `sentence` is the program's own, which stood there when the editor began to type; it is taken even if the
    program has written the story anew since. Raises EditConflictError where somebody changed it since,
    UnfitTextError, UnknownStoryError, KilledStoryError, NewsroomError, ArchiveError, ConfigError.
    """
    if known := find_answer(desk, key):
        return known
    coming = coming_bulletin(desk)
    found = coming.find(story)
    target, role = _find_written(found, sentence, index)
    words = clean_words(text)
    if sentence not in (HEADLINE, target.original):
        words = with_neighbours(found, target, words)
    _check(desk, words, target, role)
    version = target.version if seen_id is None else seen_id
    edit = Edit(
        station=desk.station,
        action=EditAction.REWORD,
        editor=desk.editor,
        made_at=desk.now(),
        key=key or new_key(),
        story_id=found.id,
        story_title=found.title,
        article_ids=article_names(found),
        text=words,
        replaced=target.original,
        sources=tuple(origin.text for origin in target.origins),
        details=_details(found, target, role) | {"seen": version},
    )
    recorded = desk.edits.record(edit, seen_id=version, address=desk.address)
    choice = choose_slot(desk)
    hints = find_hints(
        words,
        before=[one.text for one in found.sentences[: target.index]],
        source=source_sentences(found.sources),
        language=found.language or desk.loaded.profile.language,
        is_edited=True,
    )
    return EditAnswer(
        edit=recorded,
        counts_for=choice.due,
        note=" ".join(filter(None, (choice.note, explain_withdrawal(desk, coming)))),
        hints=tuple(map(str, hints)),
    )


def _check(desk: Desk, words: str, target: ComingSentence, role: Role) -> None:
    """Raise NewsroomError for words that cannot stand there, UnfitTextError for words that cannot air."""
    if role is Role.HEADLINE and not words:
        raise NewsroomError("A headline cannot be empty; shorten or move the story to lose its headline")
    if target.is_of_clip and target.editor:
        raise NewsroomError(
            f"{target.editor} attached this with the clip: attach the clip again with other words, or take it away"
        )
    if target.recording and words:
        raise NewsroomError(
            "This is a recording: a newsreader's words cannot stand for it. Leave it out, or attach another one"
        )
    check_words(words, say=desk.say, kills=_kills(desk))


def find_sentence(story: ComingStory, name: str) -> tuple[ComingSentence, Role]:
    """A sentence of a story by its number, its words, or "headline". Raises NewsroomError for an unknown one."""
    if name.strip().casefold() == HEADLINE:
        if story.headline is None:
            raise NewsroomError(
                f'"{story.title}" has no headline in this bulletin; only the first stories have one'
            )
        return story.headline, Role.HEADLINE
    numbered = {str(number): sentence for number, sentence in enumerate(story.sentences, 1)}
    if sentence := numbered.get(name.strip()):
        return sentence, Role.STORY
    for sentence in (*story.sentences, *story.left_out):
        if name in (sentence.text, sentence.original):
            return sentence, Role.STORY
    if story.headline and name in (story.headline.text, story.headline.original):
        return story.headline, Role.HEADLINE
    raise NewsroomError(
        f'"{story.title}" has no sentence "{name[:80]}"; name it by its number, 1 to {len(story.sentences)}'
    )


def with_neighbours(story: ComingStory, sentence: ComingSentence, words: str) -> str:
    """The words with the editor's sentences beside them, where several stand in the place of one of the program."""
    group = [one for one in story.sentences if one.replaced == sentence.replaced != ""]
    if len(group) < 2:
        return words
    return " ".join(filter(None, (words if one.index == sentence.index else one.text for one in group)))


def _find_written(story: ComingStory, name: str, index: int | None) -> tuple[ComingSentence, Role]:
    """As `find_sentence`; with an index, a sentence that is no longer written is taken as it was."""
    try:
        return find_sentence(story, name)
    except NewsroomError:
        if index is None:
            raise
        return ComingSentence(index=index, text=name, spoken="", replaced=name), Role.STORY


def _details(story: ComingStory, sentence: ComingSentence, role: Role) -> dict[str, Any]:
    """Position and sources, so that the words find their place when the sentence is no longer written."""
    counts = story.sentence_counts or {}
    return {
        "role": role.value,
        "index": sentence.index,
        "cuts": [cut.value for cut, count in counts.items() if sentence.index < count],
        "origins": [asdict(origin) for origin in sentence.origins],
    }


def _kills(desk: Desk) -> tuple[str, ...]:
    kills = (kill.entry for kill in desk.archive.kills(desk.station))
    return (*desk.loaded.profile.stories.kill, *kills)
