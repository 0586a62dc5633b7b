"""Preview and edits -> the words and the running order of the coming bulletin, as the pipeline applies them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from bulletin.archive.ledgers.editor_edits import without_undone
from bulletin.audio.rundown.predict_stories_that_will_fit import (
    PredictedScript,
    predict_with_timings,
)
from bulletin.edits.apply_to_choice import KILLED, apply_to_choice, order_by_edits
from bulletin.edits.apply_to_script import apply_to_script, keep_headlines, report_pins
from bulletin.edits.drop_killed_words import drop_killed_words
from bulletin.edits.find_edited_story import find_edited_story, names_of_story
from bulletin.model import (
    AppliedEdit,
    Chosen,
    Edit,
    EditAction,
    EditState,
    Left,
    Script,
    Story,
    StoryScript,
)
from bulletin.newsroom.coming_bulletin_records import ComingBulletin
from bulletin.newsroom.coming_inputs import ComingInputs, least_s
from bulletin.newsroom.list_coming_stories import BulletinView
from bulletin.pipeline.decisions.preview_file import Preview
from bulletin.pipeline.decisions.restore_edited_stories import mark_lost
from bulletin.stories.apply_kill_list import has_killed_story
from bulletin.stories.ranking.choose_reserve_stories import admit_reserve

_ADMITTED = 8
"""Most stories of the reserve that replace dropped ones on the list."""


@lru_cache(maxsize=32)
def assemble(inputs: ComingInputs) -> ComingBulletin:
    preview, edits = inputs.preview, without_undone(inputs.records)
    if inputs.approved is not None:
        return _assemble_approved(inputs, inputs.approved)
    chosen, script, choice_results, words_results = _apply(inputs, preview.chosen, edits)
    predicted = _predict(preview, script)
    for _ in range(_ADMITTED):
        if predicted.lasts_s >= least_s(preview) or not chosen.reserve:
            break
        admitted = admit_reserve(chosen, 1)
        if admitted.stories == chosen.stories:
            break
        chosen, script, _, words_results = _apply(inputs, admitted, edits)
        predicted = _predict(preview, script)
    results = report_pins((*choice_results, *words_results), script, dropped=predicted.dropped)
    results = mark_lost(results, preview.lost)
    view = BulletinView(inputs=inputs, chosen=chosen, script=script, predicted=predicted, results=results)
    return view.bulletin()


def _assemble_approved(inputs: ComingInputs, stories: tuple[StoryScript, ...]) -> ComingBulletin:
    """The approved words, kills excepted; candidates as they are."""
    preview = inputs.preview
    alive = tuple(item for item in stories if not _is_killed(item, inputs.kills))
    killed = [item.story for item in stories if item not in alive]
    script = replace(preview.script, stories=_with_texts(alive, preview), is_approved=True)
    chosen = _without_killed(preview.chosen, preview, inputs.kills)
    airing = {item.story.id for item in alive}
    spare = tuple(story for story in chosen.stories if story.id not in airing)
    chosen = replace(
        chosen,
        stories=tuple(item.story for item in alive),
        ranked=(*spare, *chosen.reserve, *chosen.ranked),
        reserve=(),
    )
    results = tuple(
        _result_of(edit, aired=chosen.stories, killed=killed)
        for edit in without_undone(inputs.records)
        if edit.action is not EditAction.APPROVE
    )
    view = BulletinView(
        inputs=inputs, chosen=chosen, script=script, predicted=_predict(preview, script), results=results
    )
    return view.bulletin()


def _with_texts(stories: Sequence[StoryScript], preview: Preview) -> tuple[StoryScript, ...]:
    """Approved stories with the texts of their articles, which an approval does not keep, for the hints."""
    known = {article.id: article for item in preview.script.stories for article in item.story.articles}
    return tuple(
        replace(
            item,
            story=replace(item.story, articles=tuple(known.get(a.id, a) for a in item.story.articles)),
        )
        for item in stories
    )


def _is_killed(item: StoryScript, kills: Sequence[str]) -> bool:
    names, headline = names_of_story(item.story), (item.headline,) if item.headline else ()
    return any(kill in names or has_killed_story(kill, (*item.cuts, *headline)) for kill in kills)


def _result_of(edit: Edit, *, aired: Sequence[Story], killed: Sequence[Story]) -> AppliedEdit:
    """What becomes of an edit in an approved bulletin; one that came later is of a story that is not in it."""
    if find_edited_story(edit, killed):
        return AppliedEdit(edit=edit, state=EditState.REFUSED, reason=f"the story is {KILLED}")
    if edit.action is EditAction.DROP or find_edited_story(edit, aired):
        return AppliedEdit(edit=edit, state=EditState.APPLIED)
    reason = "the story is not in the approved bulletin"
    return AppliedEdit(edit=edit, state=EditState.WAITING, reason=reason)


def _apply(
    inputs: ComingInputs, chosen: Chosen, edits: Sequence[Edit]
) -> tuple[Chosen, Script, tuple[AppliedEdit, ...], tuple[AppliedEdit, ...]]:
    """The choice, and the script in the editor's order, with the edits, as the pipeline applies them."""
    preview = inputs.preview
    chosen = _without_killed(chosen, preview, inputs.kills)
    chosen, choice_results = apply_to_choice(chosen, edits)
    stories = order_by_edits(chosen.stories, edits)
    written = {item.story.id: item for item in preview.script.stories}
    items = [written[story.id] for story in stories if story.id in written]
    script = replace(
        preview.script, stories=keep_headlines(items, most=preview.headlines), left=preview.script.left
    )
    script, words_results = apply_to_script(script, edits, say=inputs.words.say, split=inputs.words.split)
    script, words_results = drop_killed_words(script, words_results, kills=inputs.kills)
    return chosen, script, choice_results, words_results


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
