"""Applied edits -> ComingBulletin: lists of stories and sentences with numbers, seconds and hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bulletin.archive.ledgers.editor_edits import find_version, without_undone
from bulletin.audio.rundown.predict_stories_that_will_fit import (
    PredictedScript,
    passage_key,
)
from bulletin.edits.apply_to_script import apply_to_script
from bulletin.edits.find_edited_story import find_edited_story, names_of_story
from bulletin.edits.reword_passages import language_of
from bulletin.language.split_sentences import count_letters
from bulletin.model import (
    AppliedEdit,
    Chosen,
    Edit,
    EditAction,
    Passage,
    Role,
    Script,
    Section,
    Sentence,
    Story,
    StoryScript,
)
from bulletin.newsroom.coming_bulletin_records import (
    ApprovalState,
    ComingBulletin,
    ComingSentence,
    ComingStory,
    names_of_coming,
)
from bulletin.newsroom.coming_inputs import ComingInputs, least_s
from bulletin.newsroom.sentence_hints import find_hints, source_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinView:
    """Lists of stories and sentences from the applied edits."""

    inputs: ComingInputs
    chosen: Chosen
    script: Script
    predicted: PredictedScript
    results: tuple[AppliedEdit, ...]

    def bulletin(self) -> ComingBulletin:
        preview, choice = self.inputs.preview, self.inputs.choice
        aired = [p for p in self.predicted.aired if p.role is Role.STORY]
        written = {item.story.id: item for item in self.script.stories}
        airing = tuple(
            self._story(number, written[passage.story_id], passage)
            for number, passage in enumerate(aired, 1)
            if passage.story_id in written
        )
        others = tuple(self._others({story.id for story in airing}, first=len(airing) + 1))
        listed = {name for story in (*airing, *others) for name in names_of_coming(story)}
        length = preview.lengths[0].length
        return ComingBulletin(
            station=preview.station,
            due=choice.due,
            made_at=preview.made_at,
            stories=airing,
            others=others,
            left=tuple(item for item in self.chosen.left if item.article_id not in listed),
            planned_s=self.predicted.lasts_s,
            target_s=length.target_s,
            is_up_to=length.is_up_to,
            missing=tuple(self._missing(airing)),
            edits=self.results,
            script=self.script,
            aired=self.predicted.aired,
            approval=self._approval(),
            feeds=preview.feeds,
            version=max((edit.id for edit in self.inputs.records), default=0),
            note=choice.note,
        )

    def _approval(self) -> ApprovalState:
        inputs = self.inputs
        options, due = inputs.desk.loaded.profile.newsroom, inputs.choice.due
        given, later = inputs.approval.edit, inputs.approval.withdrawn_by
        return ApprovalState(
            mode=options.approval,
            deadline=due - timedelta(minutes=options.approval_deadline_min) if due else None,
            number=given.id if given else 0,
            editor=given.editor if given else "",
            given_at=given.made_at if given else None,
            withdrawn_by=later.editor if later else "",
        )

    def _others(self, airing: set[str], *, first: int) -> Iterator[ComingStory]:
        """Candidates: stories without room, then dropped ones, then those that were not chosen."""
        written = {item.story.id: item for item in self.script.stories}
        as_made = {item.story.id: item for item in self.inputs.preview.script.stories}
        drops = [r.edit for r in self.results if r.edit.action is EditAction.DROP]
        known = [*self.chosen.stories, *self.chosen.reserve, *self.chosen.ranked]
        # dropped stories are in none of these lists
        known += [item.story for item in as_made.values() if _is_about(drops, item.story)]
        number = first
        for story in {story.id: story for story in known}.values():
            source = written.get(story.id) or as_made.get(story.id)
            if story.id not in airing and source:
                item, results = (source, ()) if story.id in written else self._reworded(source)
                shown = self._story(number, item, None, results=results)
                yield replace(shown, why_not=self._why_not(story))
                number += 1

    def _reworded(self, item: StoryScript) -> tuple[StoryScript, tuple[AppliedEdit, ...]]:
        """A candidate with the editor's words, with which it airs when it is pinned, and the results of the edits."""
        names = names_of_story(item.story)
        edits = [e for e in without_undone(self.inputs.records) if names & {e.story_id, *e.article_ids}]
        alone = replace(self.script, stories=(item,), left=())
        words = self.inputs.words
        script, results = apply_to_script(alone, edits, say=words.say, split=words.split)
        return next(iter(script.stories), item), results

    def _why_not(self, story: Story) -> str:
        names = names_of_story(story)
        left = (
            *self.predicted.dropped,
            *self.script.left,
            *self.chosen.left,
            *self.inputs.preview.chosen.left,
        )
        return next((item.reason for item in left if item.article_id in names), "not chosen")

    def _missing(self, airing: Sequence[ComingStory]) -> Iterator[str]:
        preview = self.inputs.preview
        if preview.missing:
            yield preview.missing.splitlines()[0]
        if airing and self.predicted.lasts_s < least_s(preview):
            short_s = preview.lengths[0].length.target_s - self.predicted.lasts_s
            yield f"too little news: {short_s:.0f} s short of the length"
        airs = {story.section for story in airing}
        offered = {item.story.section for item in preview.script.stories}
        for section in (Section.WEATHER, Section.TRAVEL, Section.SPORT):
            if section in offered and section not in airs:
                yield f"no {section}"
        yield from (f"feed {feed.name}: {feed.reason}" for feed in preview.feeds if feed.reason)

    def _story(
        self,
        number: int,
        item: StoryScript,
        passage: Passage | None,
        *,
        results: Sequence[AppliedEdit] = (),
    ) -> ComingStory:
        longest = max(item.cuts, key=lambda cut: len(cut.sentences))
        names = names_of_story(item.story)
        own = {result.edit.id for result in results}
        in_bulletin = (result for result in self.results if find_edited_story(result.edit, [item.story]))
        results = (*(result for result in in_bulletin if result.edit.id not in own), *results)
        records = [e for e in self.inputs.records if names & {e.story_id, *e.article_ids}]
        seconds = {cut.cut: self._seconds(cut) for cut in item.cuts}
        return ComingStory(
            number=number,
            id=item.story.id,
            title=item.cuts[0].title or item.story.title,
            section=item.story.section,
            score=item.story.score,
            times_aired=item.story.times_aired,
            reasons=item.story.reasons,
            sources=item.story.articles,
            headline=self._headline(item, records),
            sentences=tuple(
                self._sentence(item, index, sentence, records, before=longest.sentences[:index])
                for index, sentence in enumerate(longest.sentences)
            ),
            cuts_s=seconds,
            sentence_counts={cut.cut: len(cut.sentences) for cut in item.cuts},
            cut=passage.cut if passage else None,
            seconds=self._seconds(passage) if passage else 0.0,
            is_required=item.is_required,
            edits=tuple(results),
            version=max((edit.id for edit in records), default=0),
            unread=item.unread,
            language=language_of(item),
        )

    def _headline(self, item: StoryScript, records: Sequence[Edit]) -> ComingSentence | None:
        if not item.headline or not item.headline.sentences:
            return None
        first, *others = item.headline.sentences
        whole = replace(
            first,
            text=" ".join((first.text, *(one.text for one in others))),
            spoken=" ".join((first.spoken, *(one.spoken for one in others))),
        )
        return self._sentence(item, 0, whole, records)

    def _sentence(
        self,
        item: StoryScript,
        index: int,
        sentence: Sentence,
        records: Sequence[Edit],
        *,
        before: Sequence[Sentence] = (),
    ) -> ComingSentence:
        original = sentence.replaced or sentence.text
        names = {name for edit in records for name in (edit.story_id, *edit.article_ids)}
        last = find_version(records, article_ids=names, replaced=original) if records else None
        hints: tuple[str, ...] = ()
        if sentence.editor and not sentence.recording:
            found = find_hints(
                sentence.text,
                before=[one.text for one in before],
                source=source_sentences(item.story.articles) if sentence.replaced else (),
                language=language_of(item) or self.inputs.desk.loaded.profile.language,
                is_edited=True,
            )
            hints = tuple(map(str, found))
        return ComingSentence(
            index=index,
            text=sentence.text,
            spoken=sentence.spoken,
            origins=sentence.origins,
            editor=sentence.editor,
            replaced=sentence.replaced,
            version=last.id if last else 0,
            seconds=self._sentence_s(sentence),
            hints=hints,
            recording=sentence.recording,
        )

    def _seconds(self, passage: Passage) -> float:
        planned = self.predicted.passages_s.get(passage_key(passage))
        return round(planned or sum(map(self._sentence_s, passage.sentences)), 1)

    def _sentence_s(self, sentence: Sentence) -> float:
        """Seconds of a sentence at the pace of the first voice, or of a recording."""
        if sentence.recording:
            return round(sentence.recording.duration_s, 1)
        return round(count_letters(sentence.spoken) / self.inputs.preview.letters_per_s, 1)


def _is_about(edits: Iterable[Edit], story: Story) -> bool:
    return any(find_edited_story(edit, [story]) for edit in edits)
