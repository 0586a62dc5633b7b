"""Aired passages of a story -> the same with an editor's words in place of wrong ones, and the edits that hold them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby

from bulletin.archive.ledgers.editor_edits import names_of
from bulletin.edits.reword_passages import Say, Split, split_english
from bulletin.errors import NewsroomError
from bulletin.language.split_sentences import split_sentences
from bulletin.model import Cut, Edit, EditAction, Passage, Role, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedWords:
    """One change of a correction."""

    aired: str
    """The sentence, the headline or the title, exactly as it aired."""
    text: str
    """The words in its place; empty: the sentence is left out."""
    seen: int | None = None
    """Version of the sentence on which the words are based, as `Edit.id`; None: the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AiredWords:
    """Words of a story that can be corrected."""

    text: str
    role: str
    """ "title", "headline" or "story"."""
    sentence: Sentence | None = None
    """None for a title."""


def list_aired_words(aired: Iterable[Passage], *, story_ids: Collection[str]) -> tuple[AiredWords, ...]:
    """Title, headline and sentences of a story, in this order, each text once."""
    own = [passage for passage in aired if passage.story_id in story_ids]
    listed = [AiredWords(text=passage.title, role="title") for passage in own if passage.title]
    for role in (Role.HEADLINE, Role.STORY):
        listed += [
            AiredWords(text=sentence.text, role=str(role), sentence=sentence)
            for passage in own
            if passage.role is role
            for sentence in passage.sentences
        ]
    return tuple({words.text: words for words in reversed(listed)}.values())[::-1]


def correct_passages(
    aired: Sequence[Passage],
    changes: Sequence[ChangedWords],
    *,
    story_ids: Collection[str],
    editor: str,
    say: Say,
    split: Split = split_english,
) -> tuple[Passage, ...]:
    """
    The passages with the editor's words in the story, in its language; a new headline is the story's title, too.

    The sources of a sentence stay beside the words that replace it. Raises NewsroomError where nothing is left of
    the story.
    """
    texts = {change.aired: change.text for change in changes}
    titles = dict(_headline_titles(aired, texts, story_ids=story_ids)) | texts
    corrected = []
    for passage in aired:
        if passage.story_id not in story_ids:
            corrected.append(passage)
            continue
        sentences = tuple(_corrected(passage, texts, editor=editor, say=say, split=split))
        if not sentences:
            raise NewsroomError(
                f'nothing is left of "{passage.title}"; leave a sentence in, or withdraw the story'
            )
        title = titles.get(passage.title) or passage.title
        corrected.append(replace(passage, sentences=sentences, title=title.rstrip(".")))
    return tuple(corrected)


def edits_of_correction(
    aired: Iterable[Passage],
    changes: Sequence[ChangedWords],
    *,
    base: Edit,
    details: Mapping[str, object],
) -> tuple[Edit, ...]:
    """
    The edits by which later bulletins with the story have the corrected words; a title has none.

    `base` has station, editor, moment, key and story. Where an editor's text of several sentences had replaced one of
    the program's, the edit has the whole text.
    """
    texts = {change.aired: change for change in changes}
    names = names_of(base)
    edits: dict[tuple[str, str], Edit] = {}
    for passage in aired:
        if passage.story_id not in names:
            continue
        groups = groupby(passage.sentences, key=lambda s: s.replaced or s.text)
        for index, (replaced, group) in enumerate(groups):
            sentences = tuple(group)
            first = next((s for s in sentences if s.text in texts), None)
            if first and (passage.role, replaced) not in edits:
                edits[passage.role, replaced] = replace(
                    base,
                    key=f"{base.key}-{len(edits) + 1}",
                    text=" ".join(filter(None, (_new_text(s.text, texts) for s in sentences))),
                    replaced=replaced,
                    sources=tuple(origin.text for origin in first.origins),
                    details={
                        **details,
                        "role": str(passage.role),
                        "index": index,
                        "cuts": [cut.value for cut in Cut],
                        "origins": [asdict(origin) for origin in first.origins],
                        "seen": texts[first.text].seen,
                        "aired": first.text,
                    },
                )
    return tuple(edits.values())


def apply_corrections(
    aired: Iterable[Passage], edits: Iterable[Edit], *, say: Say, split: Split = split_english
) -> tuple[Passage, ...]:
    """
    The passages with the words of later corrections.

    A stand-by may repeat a bulletin that no outlet had any more when its story was corrected. `edits` are those
    of `edits_of_correction`. A passage of which nothing is left is left out.
    """
    passages = tuple(aired)
    for edit in sorted(edits, key=lambda edit: edit.id):
        passages = tuple(_apply(passages, edit, say=say, split=split))
    return passages


def base_edit(
    *, station: str, editor: str, made_at: datetime, key: str, story_id: str, title: str, ids: Collection[str]
) -> Edit:
    """The fields that all edits of a correction share."""
    return Edit(
        station=station,
        action=EditAction.REWORD,
        editor=editor,
        made_at=made_at,
        key=key,
        story_id=story_id,
        story_title=title,
        article_ids=tuple(sorted(ids)),
    )


def _apply(passages: Iterable[Passage], edit: Edit, *, say: Say, split: Split) -> Iterator[Passage]:
    names, titles = names_of(edit), dict[str, str]()
    for passage in passages:
        if passage.story_id in names and passage.role == edit.details.get("role"):
            sentences = tuple(_with_edit(passage, edit, say=say, split=split))
            if passage.role is Role.HEADLINE and sentences != passage.sentences and sentences:
                titles[passage.title] = sentences[0].text.rstrip(".")
            passage = replace(passage, sentences=sentences)
        if passage.story_id in names and passage.title in titles:
            passage = replace(passage, title=titles[passage.title])
        if passage.sentences:
            yield passage


def _with_edit(passage: Passage, edit: Edit, *, say: Say, split: Split) -> Iterator[Sentence]:
    for replaced, group in groupby(passage.sentences, key=lambda s: s.replaced or s.text):
        sentences = tuple(group)
        if replaced != edit.replaced:
            yield from sentences
            continue
        yield from _reworded(sentences[0], edit.text, passage.language, edit.editor, say=say, split=split)


def _corrected(
    passage: Passage, texts: Mapping[str, str], *, editor: str, say: Say, split: Split
) -> Iterator[Sentence]:
    for sentence in passage.sentences:
        if sentence.text not in texts:
            yield sentence
            continue
        yield from _reworded(sentence, texts[sentence.text], passage.language, editor, say=say, split=split)


def _reworded(
    old: Sentence, text: str, language: str, editor: str, *, say: Say, split: Split
) -> Iterator[Sentence]:
    """The editor's sentences in the place of an aired one, with its sources."""
    for new in split(text, language):
        yield Sentence(
            text=new,
            spoken=say(new, language),
            origins=old.origins,
            editor=editor,
            replaced=old.replaced or old.text,
        )


def _headline_titles(
    aired: Iterable[Passage], texts: Mapping[str, str], *, story_ids: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Old title -> the first sentence of a new headline."""
    headlines = (p for p in aired if p.role is Role.HEADLINE and p.story_id in story_ids and p.sentences)
    for passage in headlines:
        if new := split_sentences(texts.get(passage.sentences[0].text, "")):
            yield passage.title, new[0]


def _new_text(aired: str, changes: Mapping[str, ChangedWords]) -> str:
    return changes[aired].text if aired in changes else aired
