"""Preview and edits -> ComingBulletin: the next bulletin as it stands, for the command, the JSON API and the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from bulletin.archive.ledgers.editor_edits import find_version, without_undone
from bulletin.audio.rundown.predict_stories_that_will_fit import (
    PredictedScript,
    passage_key,
    predict_with_timings,
)
from bulletin.edits.apply_to_choice import KILLED, apply_to_choice, order_by_edits
from bulletin.edits.apply_to_script import apply_to_script, keep_headlines, report_pins
from bulletin.edits.drop_killed_words import drop_killed_words
from bulletin.edits.find_edited_story import find_edited_story, names_of_story
from bulletin.errors import KilledStoryError, NewsroomError, UnknownStoryError
from bulletin.language.split_sentences import count_letters
from bulletin.model import (
    AppliedEdit,
    Article,
    Chosen,
    Cut,
    Edit,
    EditAction,
    Left,
    Origin,
    Passage,
    Reason,
    Role,
    Script,
    Section,
    Sentence,
    Story,
    StoryScript,
)
from bulletin.newsroom.check_words import find_hints
from bulletin.newsroom.choose_slot import SlotChoice, choose_slot
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.nearest_title import find_by_words, nearest_title
from bulletin.newsroom.spoken_form import say_text
from bulletin.pipeline.preview_coming_bulletin import FeedGlance, Preview, load_preview
from bulletin.pipeline.read_edits_of_bulletin import held_edits, last_slot
from bulletin.stories.apply_kill_list import has_killed_story
from bulletin.stories.ranking.choose_reserve_stories import admit_reserve

_ADMITTED = 8
"""Most stories of the reserve that replace dropped ones on the list."""
_QUICK = 1.05
"""As the pipeline does: a voice that reads faster must fill the length, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingSentence:
    """A sentence of the coming bulletin, and what an editor should know of it."""

    index: int
    """Position in its longest cut, from 0."""
    text: str
    spoken: str
    origins: tuple[Origin, ...] = ()
    """Sentences of the source beside it."""
    editor: str = ""
    """Whose words these are; empty: the program's."""
    replaced: str = ""
    """The program's sentence, where an editor's stands in its place."""
    version: int = 0
    """Number of the last edit of it: `seen_id` of the next one; 0: none."""
    seconds: float = 0.0
    """At the pace of the first voice."""
    hints: tuple[str, ...] = ()

    @property
    def original(self) -> str:
        """The program's sentence: the name by which edits know it."""
        return self.replaced or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingStory:
    """A story of the coming bulletin, or a candidate for it."""

    number: int
    """Number on the list, from 1; candidates follow the stories that air."""
    id: str
    title: str
    section: Section
    score: float
    reasons: tuple[Reason, ...]
    sources: tuple[Article, ...]
    """Its articles, best first."""
    headline: ComingSentence | None
    sentences: tuple[ComingSentence, ...]
    """Of its longest cut."""
    cuts_s: Mapping[Cut, float]
    """Seconds of each cut."""
    cut: Cut | None
    """The cut that airs; None: the story does not air."""
    seconds: float
    """Planned seconds without headline; 0 for a story that does not air."""
    why_not: str = ""
    """Why it does not air."""
    is_required: bool = False
    """Pinned or lengthened: dropped last for want of time."""
    edits: tuple[AppliedEdit, ...] = ()
    version: int = 0
    """Number of the last edit of the story; 0: none."""

    @property
    def airs(self) -> bool:
        return self.cut is not None

    @property
    def aired_sentences(self) -> tuple[ComingSentence, ...]:
        """Sentences of the cut that airs."""
        count = self._counts.get(self.cut, 0) if self.cut else 0
        return self.sentences[:count]

    sentence_counts: Mapping[Cut, int] | None = None
    """Number of sentences of each cut."""

    @property
    def _counts(self) -> Mapping[Cut, int]:
        return self.sentence_counts or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingBulletin:
    """The next bulletin as it stands."""

    station: str
    due: datetime | None
    """Its slot; None: the next bulletin, of a station without slots."""
    made_at: datetime
    """When its feeds were read."""
    stories: tuple[ComingStory, ...]
    """Stories that air, in running order."""
    others: tuple[ComingStory, ...]
    """Candidates: stories without room, dropped ones, and those that an editor may pin."""
    left: tuple[Left, ...]
    """Articles that no candidate has, with the reasons; an editor may pin them by their id."""
    planned_s: float
    target_s: float
    is_up_to: bool
    missing: tuple[str, ...]
    """What is missing: no weather, too little news."""
    edits: tuple[AppliedEdit, ...]
    script: Script
    """Words of the whole bulletin, with every cut."""
    aired: tuple[Passage, ...]
    """Passages that will air, in running order."""
    feeds: tuple[FeedGlance, ...] = ()
    version: int = 0
    """Number of the last edit in it."""
    note: str = ""
    """Why it is a later bulletin than asked for."""

    @property
    def all_stories(self) -> tuple[ComingStory, ...]:
        return (*self.stories, *self.others)

    def find(self, name: str) -> ComingStory:
        """
        The story with that number, id, article id, or words of its title.

        Raises UnknownStoryError, with the nearest title, and KilledStoryError.
        """
        for story in self.all_stories:
            if name in (str(story.number), story.id) or name in _names(story):
                return story
        matching = find_by_words(name, self.all_stories)
        if len(matching) == 1:
            return matching[0]
        if matching:
            titles = "; ".join(f"{story.number} {story.title}" for story in matching[:3])
            raise UnknownStoryError(f'"{name}" matches several stories: {titles}; name one by its number')
        for item in self.left:
            if item.article_id == name and item.reason.startswith(KILLED):
                raise KilledStoryError(f'"{item.title}" is {item.reason}; no edit brings it back')
        near = nearest_title(name, self.all_stories)
        hint = f'; the nearest is {near.number} "{near.title}"' if near else ""
        raise UnknownStoryError(f'No story "{name}" in the coming bulletin{hint}; `bulletin next` lists them')


def coming_bulletin(desk: Desk, due: datetime | None = None) -> ComingBulletin:
    """
    The coming bulletin with its edits, from the last preview: nothing is fetched.

    Raises NewsroomError where there is no preview yet, ArchiveError, ConfigError.
    """
    preview = load_preview(desk.state, desk.station)
    if preview is None:
        raise NewsroomError(
            f"the coming bulletin of {desk.station} has not been prepared yet; `bulletin next` prepares it"
        )
    choice = choose_slot(desk, due)
    after = last_slot(desk.loaded.profile, before=choice.due) if choice.due else None
    records = held_edits(
        desk.archive, desk.station, due=choice.due, after=after, now=desk.now(), with_undone=True
    )
    kills = tuple(kill.entry for kill in desk.archive.kills(desk.station))
    return _assemble(_Inputs(preview, choice, records, kills, desk))


class _Inputs:
    """Everything that a coming bulletin is made from; equal inputs are assembled once."""

    def __init__(
        self, preview: Preview, choice: SlotChoice, records: Sequence[Edit], kills: Sequence[str], desk: Desk
    ) -> None:
        self.preview, self.choice, self.records, self.desk = preview, choice, tuple(records), desk
        self.kills = tuple(dict.fromkeys((*preview.kills, *kills)))
        last = max((edit.id for edit in self.records), default=0)
        self.respelled = desk.respelled()
        names = tuple(self.respelled.items())
        # the spoken form depends on the profile; a preview is one object until its file changes
        self.key = (id(preview), choice, last, len(self.records), self.kills, names, id(desk.loaded))

    def say(self, text: str) -> str:
        """Spoken form of an editor's words."""
        return say_text(self.desk.loaded, text, respelled=self.respelled)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Inputs) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=32)
def _assemble(inputs: _Inputs) -> ComingBulletin:
    preview, edits = inputs.preview, without_undone(inputs.records)
    chosen, script, choice_results, words_results = _apply(inputs, preview.chosen, edits)
    predicted = _predict(preview, script)
    for _ in range(_ADMITTED):
        if predicted.lasts_s >= _least_s(preview) or not chosen.reserve:
            break
        admitted = admit_reserve(chosen, 1)
        if admitted.stories == chosen.stories:
            break
        chosen, script, _, words_results = _apply(inputs, admitted, edits)
        predicted = _predict(preview, script)
    results = report_pins((*choice_results, *words_results), script, dropped=predicted.dropped)
    view = _View(inputs=inputs, chosen=chosen, script=script, predicted=predicted, results=results)
    return view.bulletin()


def _apply(
    inputs: _Inputs, chosen: Chosen, edits: Sequence[Edit]
) -> tuple[Chosen, Script, tuple[AppliedEdit, ...], tuple[AppliedEdit, ...]]:
    """The choice and the script with the edits, as the pipeline applies them."""
    preview = inputs.preview
    chosen = _without_killed(chosen, preview, inputs.kills)
    chosen, choice_results = apply_to_choice(chosen, edits)
    stories = order_by_edits(chosen.stories, edits)
    written = {item.story.id: item for item in preview.script.stories}
    items = [written[story.id] for story in stories if story.id in written]
    script = replace(
        preview.script, stories=keep_headlines(items, most=preview.headlines), left=preview.script.left
    )
    script, words_results = apply_to_script(script, edits, say=inputs.say)
    script, words_results = drop_killed_words(script, words_results, kills=inputs.kills)
    return replace(chosen, stories=stories), script, choice_results, words_results


def _without_killed(chosen: Chosen, preview: Preview, kills: Sequence[str]) -> Chosen:
    """The choice without stories that were killed since the preview was made."""
    written = {item.story.id: item for item in preview.script.stories}
    killed: dict[str, str] = {}
    for story in (*chosen.stories, *chosen.reserve, *chosen.ranked):
        passages = written[story.id].cuts if story.id in written else ()
        names = names_of_story(story)
        entry = next((e for e in kills if e in names or has_killed_story(e, passages)), "")
        if entry:
            killed[story.id] = entry
    if not killed:
        return chosen
    left = tuple(
        Left(title=a.title, reason=f'{KILLED}: "{killed[s.id]}"', article_id=a.id)
        for s in (*chosen.stories, *chosen.reserve, *chosen.ranked)
        if s.id in killed
        for a in s.articles
    )

    def alive(stories: Iterable[Story]) -> tuple[Story, ...]:
        return tuple(story for story in stories if story.id not in killed)

    return replace(
        chosen,
        stories=alive(chosen.stories),
        reserve=alive(chosen.reserve),
        ranked=alive(chosen.ranked),
        left=(*left, *chosen.left),
    )


def _predict(preview: Preview, script: Script) -> PredictedScript:
    return predict_with_timings(
        script, preview.lengths, timings=preview.timings, letters_per_s=preview.letters_per_s
    )


def _least_s(preview: Preview) -> float:
    length = preview.lengths[0].length
    return length.target_s * (0.9 if length.is_up_to else 1.0) / _QUICK


def _is_about(edits: Iterable[Edit], story: Story) -> bool:
    return any(find_edited_story(edit, [story]) for edit in edits)


def _names(story: ComingStory) -> set[str]:
    return {name for article in story.sources for name in (article.id, *article.aliases)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """Lists of stories and sentences from the applied edits."""

    inputs: _Inputs
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
        listed = {name for story in (*airing, *others) for name in _names(story)}
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
            feeds=preview.feeds,
            version=max((edit.id for edit in self.inputs.records), default=0),
            note=choice.note,
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
                yield replace(self._story(number, source, None), why_not=self._why_not(story))
                number += 1

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
        if airing and self.predicted.lasts_s < _least_s(preview):
            short_s = preview.lengths[0].length.target_s - self.predicted.lasts_s
            yield f"too little news: {short_s:.0f} s short of the length"
        airs = {story.section for story in airing}
        offered = {item.story.section for item in preview.script.stories}
        for section in (Section.WEATHER, Section.TRAVEL, Section.SPORT):
            if section in offered and section not in airs:
                yield f"no {section}"
        yield from (f"feed {feed.name}: {feed.reason}" for feed in preview.feeds if feed.reason)

    def _story(self, number: int, item: StoryScript, passage: Passage | None) -> ComingStory:
        longest = max(item.cuts, key=lambda cut: len(cut.sentences))
        names = names_of_story(item.story)
        results = tuple(result for result in self.results if find_edited_story(result.edit, [item.story]))
        records = [e for e in self.inputs.records if names & {e.story_id, *e.article_ids}]
        seconds = {cut.cut: self._seconds(cut) for cut in item.cuts}
        sources = tuple(text for article in item.story.articles for text in (article.title, article.text))
        return ComingStory(
            number=number,
            id=item.story.id,
            title=item.cuts[0].title or item.story.title,
            section=item.story.section,
            score=item.story.score,
            reasons=item.story.reasons,
            sources=item.story.articles,
            headline=self._headline(item, records, sources),
            sentences=tuple(
                self._sentence(index, sentence, records, sources)
                for index, sentence in enumerate(longest.sentences)
            ),
            cuts_s=seconds,
            sentence_counts={cut.cut: len(cut.sentences) for cut in item.cuts},
            cut=passage.cut if passage else None,
            seconds=self._seconds(passage) if passage else 0.0,
            is_required=item.is_required,
            edits=results,
            version=max((edit.id for edit in records), default=0),
        )

    def _headline(
        self, item: StoryScript, records: Sequence[Edit], sources: tuple[str, ...]
    ) -> ComingSentence | None:
        if not item.headline or not item.headline.sentences:
            return None
        return self._sentence(0, item.headline.sentences[0], records, sources)

    def _sentence(
        self, index: int, sentence: Sentence, records: Sequence[Edit], sources: tuple[str, ...]
    ) -> ComingSentence:
        original = sentence.replaced or sentence.text
        names = {name for edit in records for name in (edit.story_id, *edit.article_ids)}
        last = find_version(records, article_ids=names, replaced=original) if records else None
        hints: tuple[str, ...] = ()
        if sentence.editor:
            language = self.inputs.desk.loaded.profile.language
            hints = find_hints(sentence.text, language=language, sources=sources)
        return ComingSentence(
            index=index,
            text=sentence.text,
            spoken=sentence.spoken,
            origins=sentence.origins,
            editor=sentence.editor,
            replaced=sentence.replaced,
            version=last.id if last else 0,
            seconds=round(count_letters(sentence.spoken) / self.inputs.preview.letters_per_s, 1),
            hints=hints,
        )

    def _seconds(self, passage: Passage) -> float:
        planned = self.predicted.passages_s.get(passage_key(passage))
        letters = count_letters(passage.spoken)
        return round(planned if planned else letters / self.inputs.preview.letters_per_s, 1)
