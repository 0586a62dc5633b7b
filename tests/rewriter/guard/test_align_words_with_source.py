from __future__ import annotations

import pytest

from bulletin.rewriter.guard.align_words_with_source import find_misplaced

SMALL: frozenset[str] = frozenset()
STATEMENT = "Council leader Joan Pike told Mayor Ann Fox on Monday that the work will cost £3.5m."
LISTED = "Frome, Bath and Wells will share the money, Ann Fox said."


@pytest.mark.parametrize(
    ("sentence", "origin"),
    [
        ("Mayor Ann Fox told Joan Pike on Monday that the work will cost £3.5m.", STATEMENT),
        ("Town beat Rovers in the final on Saturday.", "Rovers beat Town in the final on Saturday."),
        ("The train from Bath to Frome was late again.", "The train from Frome to Bath was late again."),
    ],
)
def test_swapped_names_are_found(sentence: str, origin: str) -> None:
    assert any("replaces" in fault for fault in find_misplaced(sentence, [origin], small=SMALL))


@pytest.mark.parametrize(
    ("sentence", "origin"),
    [
        (STATEMENT, STATEMENT),
        ("Mayor Ann Fox was told by Joan Pike that the work will cost £3.5m.", STATEMENT),
        ("On Monday Joan Pike told Ann Fox that the work will cost £3.5m.", STATEMENT),
        ("Bath, Wells and Frome will share the money.", LISTED),
        ("Ann Fox said Frome, Bath and Wells will share the money.", LISTED),
    ],
)
def test_the_same_facts_in_another_order_pass(sentence: str, origin: str) -> None:
    assert list(find_misplaced(sentence, [origin], small=SMALL)) == []


def test_an_added_or_lost_not_is_found() -> None:
    origin = "The council will pay the traders for lost sales."

    def faults(sentence: str, printed: str) -> list[str]:
        return list(find_misplaced(sentence, [printed], small=SMALL))

    assert faults(origin.replace("will", "will not"), origin) == [
        '"not" is said of something else in the source'
    ]
    assert faults(origin, origin.replace("will", "won't")) == []
    assert faults(origin, origin.replace("will", "will not")) == ['a "not" is left out']


@pytest.mark.parametrize(
    ("sentence", "origin", "is_lost"),
    [
        ("He said he did have a choice of ferries.", "I didn't have a choice of ferries.", True),
        ("The owner of the ferry says it is.", "The owner of the ferry says it is not.", True),
        ("They never met, and the owner said so.", "They never met, and the owner said so.", False),
        ("The ferry will sail.", "The ferry will sail, not fly.", False),
        ("It is unclear whether it will sail.", "It is unclear whether or not it will sail.", False),
    ],
)
def test_a_lost_not_is_found_only_between_matching_words(sentence: str, origin: str, is_lost: bool) -> None:
    faults = list(find_misplaced(sentence, [origin], small=SMALL))

    assert faults == (['a "not" is left out'] if is_lost else [])
