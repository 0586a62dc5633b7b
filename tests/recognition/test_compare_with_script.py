"""Figures, negations and names: what two ways to write have in common is no miss; what differs in sense is one."""

from __future__ import annotations

import pytest

from bulletin.recognition.compare_with_script import ScriptSentence, compare

KNOWN = frozenset({"iran", "iraq", "austria", "australia", "starmer", "sunak", "lester", "ann"})

THE_SAME = (
    ("twelve hundred people came to the fair", "1,200 people came to the fair"),
    ("one thousand two hundred people came", "Twelve hundred people came."),
    ("it cost twelve point five million pounds", "It cost £12.5 million."),
    ("it cost one point two billion dollars", "It cost $1.2bn."),
    ("in nineteen eighty-four the mill closed", "In 1984, the mill closed."),
    ("in twenty twenty-six and in two thousand and nine", "In 2026 and in 2009."),
    ("music of the nineteen nineties was played", "Music of the 1990s was played."),
    ("the train leaves at ten thirty from Wexcombe", "The train leaves at 10.30 from Wexcombe."),
    ("the train leaves at seven A-M from Wexcombe", "The train leaves at 7:00 a.m. from Wexcombe."),
    ("the A-three-six-one near Wexcombe is shut", "The A361 near Wexcombe is shut."),
    ("Rovers won four-nil at home on Saturday", "Rovers won 4-0 at home on Saturday."),
    ("the vote was two to one against the plan", "The vote was 2-1 against the plan."),
    ("half a million people saw it on Sunday", "500,000 people saw it on Sunday."),
    ("three and a half per cent of the flock died", "3.5% of the flock died."),
    (
        "the firm made six point one five billion dollars, four point seven billion pounds, in profits last year",
        "The firm made $6.15 billion, £4.7 billion in profits last year.",
    ),
    ("on the twenty-second of June it opens again", "On the 22nd of June, it opens again."),
    ("Charles the third opened the new bridge", "Charles III opened the new bridge."),
    ("four people were hurt in the crash", "For people were hurt in the crash."),
    ("one of the drivers was taken to hospital", "A driver was taken to hospital, one of the."),
    ("the council did not vote on the plan", "The council didn't vote on the plan."),
    ("nobody was hurt when the roof fell in", "No one was hurt when the roof fell in."),
    ("it cannot go on like this, she said", "It can't go on like this, she said."),
    ("they did not know of any other plan", "They did not no of any other plan."),
)

OTHERWISE = (
    ("fifteen people were hurt in the crash", "50 people were hurt in the crash.", "figure", "fifteen", "50"),
    ("it cost two point five million pounds", "It cost £25 million.", "figure", "two point five million", "25 million"),
    ("the A-three-six-one near Wexcombe is shut", "The A360 near Wexcombe is shut.", "figure", "three six one", "360"),
    ("twelve men and nine women were there", "Twelve men and women were there.", "figure", "nine", ""),
    ("the council did not vote on the plan", "The council did vote on the plan.", "negation", "not", ""),
    ("the council can vote on the plan", "The council can't vote on the plan.", "negation", "", "not"),
    ("the team flew home without its captain", "The team flew home with its captain.", "negation", "without", "with"),
    ("talks with Iran broke down on Monday", "Talks with Iraq broke down on Monday.", "name", "iran", "iraq"),
    ("the envoy of Austria left on Monday", "The envoy of Australia left on Monday.", "name", "austria", "australia"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "heard"), THE_SAME)
def test_two_ways_to_write_the_same_are_no_miss(script: str, heard: str) -> None:
    (found,) = compare([ScriptSentence(spoken=script)], heard, known_names=KNOWN)

    assert found.misses == ()
    assert found.is_heard


@pytest.mark.parametrize(("script", "heard", "kind", "said", "instead"), OTHERWISE)
def test_another_figure_negation_or_known_name_is_a_miss(
    script: str, heard: str, kind: str, said: str, instead: str
) -> None:
    sentence = ScriptSentence(spoken=script, names=frozenset(script.lower().split()) & KNOWN)
    (found,) = compare([sentence], heard, known_names=KNOWN)

    assert [(miss.kind, miss.said, miss.heard) for miss in found.misses] == [(kind, said, instead)]


@pytest.mark.parametrize(
    ("name", "heard"), [("Bogumilska", "Boogie Milska"), ("Leicester", "Lester"), ("Anne", "Ann"), ("Anns", "Ann"), ("Sunak", "soon")]
)  # fmt: skip
def test_a_spelling_that_sounds_alike_and_an_unknown_word_are_no_miss(name: str, heard: str) -> None:
    sentence = ScriptSentence(spoken=f"A report of {name} came on Monday", names=frozenset({name.lower()}))
    (found,) = compare([sentence], f"A report of {heard} came on Monday.", known_names=KNOWN)

    assert found.misses == ()


def test_a_name_beside_another_one_is_not_taken_for_it() -> None:
    sentence = ScriptSentence(
        spoken="The report of Anne Metz came on Monday", names=frozenset({"anne", "metz"})
    )
    (found,) = compare([sentence], "The report of Ann Mess came on Monday.", known_names=KNOWN)

    assert found.misses == ()


def test_a_name_that_is_respelled_for_the_voice_may_be_heard_as_written() -> None:
    sentence = ScriptSentence(spoken="She met shiv-AWN at noon", names=frozenset({"ann", "shiv", "awn"}))
    (found,) = compare([sentence], "She met Ann at noon.", known_names=KNOWN)

    assert found.misses == ()


def test_each_miss_belongs_to_its_sentence_and_a_sentence_that_was_skipped_is_no_witness() -> None:
    sentences = [
        ScriptSentence(spoken=text)
        for text in (
            "Fifteen people were hurt.",
            "Not one was badly hurt, it is said.",
            "Nine ran home again.",
        )
    ]

    first, second, third = compare(sentences, "Fifty people were hurt. Nine ran home again.")

    assert [miss.said for miss in first.misses] == ["fifteen"]
    assert not second.is_heard
    assert third.misses == ()
