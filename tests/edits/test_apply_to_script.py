"""Editors' words in a script: in every cut, with the sources beside them, and never overwritten in silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bulletin.edits.apply_to_script import apply_to_script, report_pins
from bulletin.edits.drop_killed_words import drop_killed_words
from bulletin.model import (
    AppliedEdit,
    Cut,
    Edit,
    EditAction,
    EditState,
    Origin,
    Passage,
    Role,
    Script,
    Sentence,
    StoryScript,
)
from tests.support.factories import NOW, make_article, make_script, make_story

STORY = make_story(make_article(id="ferry", title="Ferry sinks"))
TEXTS = ("A ferry sank.", "Two people died.", "It was old.")
REPLACED = TEXTS[1]


def sentence(text: str, source: str = "") -> Sentence:
    origin = Origin(article_id="ferry", text=source or f"{text} (source)", credit="the Gazette")
    return Sentence(text=text, spoken=text.lower(), origins=(origin,))


def story(*texts: Sentence) -> StoryScript:
    """A story with a cut for each number of sentences, and a headline."""
    sentences = texts or tuple(map(sentence, TEXTS))
    cuts = tuple(
        Passage(role=Role.STORY, sentences=sentences[:count], story_id="ferry", cut=cut, title="Ferry sinks")
        for count, cut in enumerate(Cut, 1)
        if count <= len(sentences)
    )
    headline = Passage(
        role=Role.HEADLINE, sentences=(sentence("Ferry sinks."),), story_id="ferry", title="Ferry sinks"
    )
    return StoryScript(story=STORY, cuts=cuts, headline=headline)


def reword(text: str = "Three people died, and 2 are lost.", **changes: Any) -> Edit:
    fields: dict[str, Any] = {
        "station": "hill",
        "action": EditAction.REWORD,
        "editor": "ann",
        "made_at": NOW,
        "key": "k",
        "id": 1,
        "story_id": "ferry",
        "article_ids": ("ferry",),
        "replaced": REPLACED,
        "sources": (f"{REPLACED} (source)",),
        "text": text,
        "details": {"role": "story", "index": 1, "cuts": ["normal", "long"]},
    }
    return Edit(**(fields | changes))


def length(action: EditAction) -> Edit:
    return reword(action=action, text="", replaced="", id=2, key="l", details={})


def apply(item: StoryScript, *edits: Edit) -> tuple[Script, list[AppliedEdit]]:
    script, results = apply_to_script(make_script(item), edits, say=lambda text, _: text.upper())
    return script, list(results)


def texts(script: Script) -> list[list[str]]:
    return [[one.text for one in cut.sentences] for item in script.stories for cut in item.cuts]


def test_words_stand_in_every_cut_with_the_replaced_sentence_and_its_sources() -> None:
    script, results = apply(story(), reword())
    edited = script.stories[0].cuts[1].sentences[1]

    assert texts(script) == [
        [TEXTS[0]],
        [TEXTS[0], "Three people died, and 2 are lost."],
        [TEXTS[0], "Three people died, and 2 are lost.", TEXTS[2]],
    ]
    assert (edited.spoken, edited.editor) == ("THREE PEOPLE DIED, AND 2 ARE LOST.", "ann")
    assert (edited.replaced, edited.origins[0].credit) == (REPLACED, "the Gazette")
    assert [item.state for item in results] == [EditState.APPLIED]


def test_a_changed_source_needs_a_look_and_the_editors_words_air() -> None:
    changed = story(
        sentence(TEXTS[0]), sentence(REPLACED, "Two people died, it says now."), sentence(TEXTS[2])
    )
    script, results = apply(changed, reword())

    assert (results[0].state, results[0].reason) == (EditState.NEEDS_LOOK, "its source has changed since")
    assert "Three people died, and 2 are lost." in texts(script)[-1]


def test_words_take_the_place_of_the_new_form_of_their_sentence() -> None:
    for new in (sentence("Two have died.", f"{REPLACED} (source)"), sentence("Two people have died.", "new")):
        script, results = apply(story(sentence(TEXTS[0]), new), reword())

        assert texts(script)[-1] == [TEXTS[0], "Three people died, and 2 are lost."]
        assert results[0].state is EditState.NEEDS_LOOK
        assert results[0].reason == f'the program now writes: "{new.text}"'


def test_words_stand_at_their_old_position_when_their_sentence_is_no_longer_written() -> None:
    script, results = apply(story(sentence(TEXTS[0]), sentence("The council met on Monday.")), reword())

    assert texts(script)[-1] == [TEXTS[0], "Three people died, and 2 are lost.", "The council met on Monday."]
    assert results[0].state is EditState.NEEDS_LOOK
    assert script.stories[0].cuts[-1].sentences[1].origins[0].text == f"{REPLACED} (source)"


def test_words_that_have_aired_do_not_come_back_when_the_story_is_told_in_others() -> None:
    told = replace(story(sentence("A new day.")), story=replace(STORY, said_before=("Three died.",)))
    script, results = apply(told, reword("Three died."))

    assert texts(script) == [["A new day."]]
    assert results[0].state is EditState.WAITING


def test_a_sentence_left_out_is_in_no_cut_and_equal_cuts_become_one() -> None:
    script, results = apply(story(), reword(""))

    assert texts(script) == [[TEXTS[0]], [TEXTS[0], TEXTS[2]]]
    assert results[0].state is EditState.APPLIED


def test_a_story_without_a_sentence_left_is_left_out_with_the_reason() -> None:
    alone = story(sentence(REPLACED))
    script, _ = apply(alone, reword("", details={"role": "story", "index": 0}))

    assert script.stories == ()
    assert script.left[-1].reason == "an editor left out every sentence"


def test_words_at_an_old_position_never_part_the_sentences_of_another_edit() -> None:
    two = reword("It burnt. Then it sank.", replaced=TEXTS[0], sources=(), details={"role": "story"})
    gone = reword("Nobody knows why.", id=2, replaced="A sentence of yesterday.", sources=())

    script, _ = apply(story(), two, gone)

    assert [s.text for s in script.stories[0].cuts[-1].sentences] == [
        "It burnt.",
        "Then it sank.",
        "Nobody knows why.",
        *TEXTS[1:],
    ]


def test_a_headline_and_a_sentence_with_the_same_words_are_reworded_each_for_itself() -> None:
    same = story(sentence("Ferry sinks."), sentence(TEXTS[1]))
    headline = reword("Ferry lost.", replaced="Ferry sinks.", sources=(), details={"role": "headline"})
    first = reword(
        "A ferry sank today.", id=2, replaced="Ferry sinks.", sources=(), details={"role": "story"}
    )

    script, results = apply(same, headline, first)

    item = script.stories[0]
    assert item.headline is not None
    assert (item.headline.text, item.cuts[0].text) == ("Ferry lost.", "A ferry sank today.")
    assert {result.state for result in results} == {EditState.APPLIED}


def test_a_headline_is_reworded_with_the_title_of_its_chapter() -> None:
    edit = reword("Ferry lost.", replaced="Ferry sinks.", sources=(), details={"role": "headline"})
    script, _ = apply(story(), edit)

    assert script.stories[0].headline is not None
    assert script.stories[0].headline.text == "Ferry lost."
    assert {cut.title for cut in script.stories[0].cuts} == {"Ferry lost"}


def test_a_lengthened_story_has_its_longest_cut_alone_and_must_air() -> None:
    script, _ = apply(story(), length(EditAction.LENGTHEN))

    assert [cut.cut for cut in script.stories[0].cuts] == [Cut.LONG]
    assert script.stories[0].is_required


def test_a_shortened_story_has_its_shortest_cut_with_the_editors_words() -> None:
    edit = reword("One ferry sank.", replaced=TEXTS[0], sources=(), details={"role": "story", "index": 0})
    script, _ = apply(story(), length(EditAction.SHORTEN), edit)

    assert texts(script) == [["One ferry sank."]]
    assert not script.stories[0].is_required


def test_an_edit_of_a_story_that_is_not_there_waits() -> None:
    _, results = apply(story(), reword(story_id="gone", article_ids=("gone",)))

    assert (results[0].state, results[0].reason) == (EditState.WAITING, "the story is not in this bulletin")


def test_a_blocked_word_in_an_editors_sentence_takes_the_story_off_the_air() -> None:
    script, results = apply_to_script(
        make_script(story()), [reword("Ann Fox died.")], say=lambda text, _: text
    )
    script, results = drop_killed_words(script, results, kills=["Ann Fox"])

    assert script.stories == ()
    assert script.left[-1].reason == 'on the kill list: "Ann Fox"'
    assert results[0].state is EditState.REFUSED


def test_a_pin_whose_story_cannot_be_written_is_refused_with_the_reason() -> None:
    pin = AppliedEdit(edit=reword(action=EditAction.PIN), state=EditState.APPLIED)
    script, _ = apply(story(sentence(REPLACED)), reword(""))

    assert report_pins([pin], script)[0].reason == "an editor left out every sentence"
