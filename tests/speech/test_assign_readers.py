"""Two readers sharing a script."""

from __future__ import annotations

from bulletin.model import Cut, Passage, Role, Script, Sentence, StoryScript
from bulletin.speech.assign_readers import share_out
from tests.support.factories import NOW, make_story, make_words


def passage(text: str, role: Role, cut: Cut = Cut.NORMAL) -> Passage:
    return Passage(role=role, sentences=(Sentence(text=text, spoken=text),), cut=cut)


def make_story_script(name: str) -> StoryScript:
    return StoryScript(
        story=make_story(),
        headline=passage(f"Headline {name}.", Role.HEADLINE),
        cuts=tuple(passage(f"Story {name} {cut}.", Role.STORY, cut) for cut in (Cut.SHORT, Cut.NORMAL)),
    )


SCRIPT = Script(
    station=make_words(),
    title="7am news",
    at=NOW,
    opening=passage("Good morning.", Role.OPENING),
    stories=(make_story_script("one"), make_story_script("two"), make_story_script("three")),
    closing=passage("That is all.", Role.CLOSING),
)


def second_reads(script: Script) -> list[str]:
    return [item.text for item in script.passages() if item.by_second]


def test_every_second_story_goes_to_the_second_reader() -> None:
    assert second_reads(share_out(SCRIPT, second_reads="stories")) == [
        "Story two short.",
        "Story two normal.",
    ]


def test_the_second_reader_may_get_the_headlines() -> None:
    assert second_reads(share_out(SCRIPT, second_reads="headlines")) == [
        "Headline one.",
        "Headline two.",
        "Headline three.",
    ]


def test_the_text_is_unchanged() -> None:
    plain = [item.text for item in SCRIPT.passages()]

    assert [item.text for item in share_out(SCRIPT, second_reads="stories").passages()] == plain
