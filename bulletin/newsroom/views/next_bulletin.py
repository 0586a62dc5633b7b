"""ComingBulletin -> NextView: cards of stories with words, sources, hints and edits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bulletin.edits.attach_clips import CLIP
from bulletin.language.split_sentences import count_words
from bulletin.model import AppliedEdit, Edit, EditAction, EditState, Passage, Role
from bulletin.newsroom.coming_bulletin import ComingBulletin, ComingSentence, ComingStory
from bulletin.newsroom.sentence_hints import find_hints, source_sentences
from bulletin.newsroom.views.story_cards import (
    ClipCard,
    EditLine,
    NextView,
    SentenceCard,
    SourcePanel,
    StoryCard,
    sentence_name,
    short_name,
)

_SOURCE_SENTENCES = 14
"""Sentences of each source that are shown; the others are behind its link."""
_MOST_SOURCES = 5
_HELD = (EditState.APPLIED, EditState.NEEDS_LOOK)


def read_next_view(coming: ComingBulletin, *, zone: str, language: str, now: datetime) -> NextView:
    """Lay out the coming bulletin for the page; equal bulletins are laid out once a day."""
    return _lay_out(_Identity(coming), zone, language, now.astimezone(ZoneInfo(zone)).date().isoformat())


class _Identity:
    """A coming bulletin, which is one object until something in it changes."""

    def __init__(self, coming: ComingBulletin) -> None:
        self.coming = coming

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.coming is self.coming

    def __hash__(self) -> int:
        return id(self.coming)


@lru_cache(maxsize=32)
def _lay_out(identity: _Identity, zone: str, language: str, today: str) -> NextView:
    coming = identity.coming
    layout = _Layout(coming=coming, zone=ZoneInfo(zone), language=language, today=today)
    due = coming.due.astimezone(layout.zone) if coming.due else None
    return NextView(
        coming=coming,
        due_local=f"{due:%H:%M}" if due else "",
        day_local=f"{due:%A} {due.day} {due:%B}" if due else "",
        made_local=layout.clock_time(coming.made_at),
        stories=tuple(layout.card(story, position) for position, story in enumerate(coming.stories)),
        others=tuple(layout.card(story, -1) for story in coming.others),
        own_words=tuple(_own_words(coming.aired)),
    )


def _own_words(aired: Iterable[Passage]) -> list[tuple[str, str]]:
    names = {Role.IDENT: "Ident", Role.OPENING: "Opening", Role.CLOSING: "Closing"}
    return [(names[passage.role], passage.text) for passage in aired if passage.role in names]


def find_sentence(story: ComingStory, name: str) -> ComingSentence | None:
    """A sentence, or the headline, by its id on the page."""
    headline = (story.headline,) if story.headline else ()
    fields = (*headline, *join_edited(story.sentences), *story.left_out)
    return next((field for field in fields if sentence_name(story.id, field.original) == name), None)


def lay_out_sentence(
    coming: ComingBulletin, story_id: str, name: str, *, zone: str, language: str, now: datetime
) -> SentenceCard | None:
    """One sentence alone, after it was saved."""
    story = next((story for story in coming.all_stories if story.id == story_id), None)
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    layout = _Layout(coming=coming, zone=ZoneInfo(zone), language=language, today=today)
    if story is None:
        return None
    headline = layout.headline(story)
    cards = (*((headline,) if headline else ()), *layout.sentences(story))
    return next((card for card in cards if card.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    coming: ComingBulletin
    zone: ZoneInfo
    language: str
    today: str

    def clock_time(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M}" if local.date().isoformat() == self.today else f"{local:%a %H:%M}"

    def card(self, story: ComingStory, position: int) -> StoryCard:
        held = [result for result in story.edits if result.state in _HELD]
        kinds = {result.edit.action for result in held}
        last = max((result.edit for result in story.edits), key=lambda edit: edit.id, default=None)
        return StoryCard(
            anchor=f"s-{short_name(story.id)}",
            story=story,
            position=position,
            is_pinned=EditAction.PIN in kinds,
            is_dropped=EditAction.DROP in kinds,
            length="lengthened"
            if EditAction.LENGTHEN in kinds
            else "shortened"
            if EditAction.SHORTEN in kinds
            else "",
            headline=self.headline(story),
            sentences=self.sentences(story),
            sources=self._sources(story),
            clips=_clips_of(story),
            edits=tuple(self._line(result) for result in sorted(story.edits, key=lambda item: -item.edit.id)),
            looks=tuple(result.reason for result in story.edits if result.state is EditState.NEEDS_LOOK),
            last_editor=last.editor if last else "",
            last_change=self.clock_time(last.made_at) if last else "",
        )

    def headline(self, story: ComingStory) -> SentenceCard | None:
        return self._sentence(story, story.headline, before=(), airs=story.airs) if story.headline else None

    def sentences(self, story: ComingStory) -> tuple[SentenceCard, ...]:
        heard = len(story.aired_sentences)
        told = [sentence for sentence in story.sentences if not sentence.is_of_clip]
        fields = [(sentence, sentence.index < heard) for sentence in join_edited(told)]
        for gone in sorted(story.left_out, key=lambda sentence: sentence.index):
            fields.insert(gone.index, (gone, gone.index <= heard and story.airs))
        texts = [sentence.text for sentence, _ in fields]
        return tuple(
            self._sentence(story, sentence, before=texts[:number], airs=airs)
            for number, (sentence, airs) in enumerate(fields)
        )

    def _sentence(
        self, story: ComingStory, sentence: ComingSentence, *, before: Sequence[str], airs: bool
    ) -> SentenceCard:
        result = next((item for item in story.edits if _is_about(item, sentence)), None)
        hints = find_hints(
            sentence.text,
            before=[text for text in before if text],
            source=source_sentences(story.sources) if sentence.editor else (),
            language=story.language or self.language,
            is_edited=bool(sentence.editor),
        )
        return SentenceCard(
            name=sentence_name(story.id, sentence.original),
            sentence=sentence,
            airs=airs,
            words=count_words(sentence.text),
            hints=hints,
            is_from_source=bool(sentence.origins) and not sentence.editor,
            edited=f"{result.edit.editor}, {self.clock_time(result.edit.made_at)}" if result else "",
            look=result.reason if result and result.state is EditState.NEEDS_LOOK else "",
            edit_id=result.edit.id if result else 0,
        )

    def _sources(self, story: ComingStory) -> tuple[SourcePanel, ...]:
        used = {
            " ".join(origin.text.split())
            for sentence in (*story.sentences, *((story.headline,) if story.headline else ()))
            for origin in sentence.origins
        }
        panels = []
        for article in story.sources[:_MOST_SOURCES]:
            texts = source_sentences((article,))
            panels.append(
                SourcePanel(
                    publisher=article.credit or article.feed,
                    title=article.title,
                    link=article.link if article.link.startswith(("https://", "http://")) else "",
                    published=self.clock_time(article.published),
                    sentences=tuple((text, text in used) for text in texts[:_SOURCE_SENTENCES]),
                    more=max(0, len(texts) - _SOURCE_SENTENCES),
                )
            )
        return tuple(panels)

    def _line(self, result: AppliedEdit) -> EditLine:
        edit = result.edit
        return EditLine(
            id=edit.id,
            text=f"{describe_edit(edit)}, {edit.editor}, {self.clock_time(edit.made_at)}",
            state=result.state,
            reason=result.reason,
        )


def join_edited(sentences: Sequence[ComingSentence]) -> list[ComingSentence]:
    """Sentences with those that an editor wrote in the place of one joined again: they are one field."""
    joined: list[ComingSentence] = []
    for sentence in sentences:
        before = joined[-1] if joined else None
        if before and sentence.editor and sentence.replaced and before.replaced == sentence.replaced:
            joined[-1] = replace(
                before,
                text=f"{before.text} {sentence.text}",
                spoken=f"{before.spoken} {sentence.spoken}",
                seconds=round(before.seconds + sentence.seconds, 1),
            )
        else:
            joined.append(sentence)
    return joined


def describe_edit(edit: Edit) -> str:
    """What an edit does, in a few words."""
    texts = {
        EditAction.PIN: "pinned",
        EditAction.DROP: "dropped",
        EditAction.MOVE: f"moved to {(edit.position or 0) + 1}",
        EditAction.LENGTHEN: "lengthened",
        EditAction.SHORTEN: "shortened",
        EditAction.REWORD: "sentence reworded" if edit.text else "sentence left out",
        EditAction.OWN_STORY: "own story",
        EditAction.CLIP: "clip attached" if edit.details.get(CLIP) else "clip taken out",
        EditAction.APPROVE: "approved",
        EditAction.UNDO: "undone",
    }
    return texts[edit.action]


def _is_about(result: AppliedEdit, sentence: ComingSentence) -> bool:
    edit = result.edit
    is_held = result.state in _HELD and edit.action is EditAction.REWORD
    return is_held and edit.replaced == sentence.original


def _clips_of(story: ComingStory) -> tuple[ClipCard, ...]:
    clips = [sentence for sentence in story.sentences if sentence.is_of_clip]
    place = next((number for number, sentence in enumerate(clips) if sentence.recording), None)
    if place is None:
        return ()
    recording = clips[place].recording
    assert recording
    return (
        ClipCard(
            sha256=recording.sha256,
            name=recording.speaker or recording.source_name or "Clip",
            duration_s=recording.duration_s,
            before=" ".join(sentence.text for sentence in clips[:place]),
            words=recording.words,
            after=" ".join(sentence.text for sentence in clips[place + 1 :]),
            speaker=recording.speaker,
            credit=recording.credit,
            rights=recording.rights,
            notes=recording.notes,
        ),
    )
