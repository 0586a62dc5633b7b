from __future__ import annotations

import pytest

from bulletin.script.edits.alarm import is_broken
from bulletin.script.edits.edit import Setting, edit_sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The including farmers were under the bridge.",
        "The ferry lost the and its captain.",
        "The captain was angry because of.",
        "They was seen on the bridge.",
        "The mayor told that the ferry will stop.",
        "Ann Fox said in May that The ferry will stop.",
        "The ferry will stop, and.",
        "the ferry will stop.",
        "Police said the remains of a German hiker.",
        "The plans of the board.",
    ],
)
def test_a_cut_that_went_wrong_is_heard(sentence: str) -> None:
    assert is_broken(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The inquest was told that the brakes had failed.",
        "The singer was ill with hepatitis A.",
        "A and B are the names of the boats.",
        "iPhones were stolen from the ferry.",
        "They were seen on the bridge, and it was raining.",
        "Police said the remains of a German hiker were found.",
        "The ferry remains in Brenford.",
    ],
)
def test_what_is_whole_rings_no_alarm(sentence: str) -> None:
    assert not is_broken(sentence)


def test_who_was_told_is_not_who_said_it() -> None:
    printed = '"The ferry is too old", Ann Fox, head of the harbour board, told Wexcombe Radio on Saturday.'

    edited = edit_sentence(printed, Setting(days=None, small=frozenset(), spell=str))

    assert not any("Wexcombe Radio on Saturday told" in one for one in edited)


def test_the_leader_of_the_house_is_not_the_house() -> None:
    printed = (
        "Finance secretary and Leader of the House Ann Fox said Hale cannot be in both places, the old harbour and the "
        "new one, at the same time and he has to decide where he wants to be."
    )

    edited = edit_sentence(printed, Setting(days=None, small=frozenset(), spell=str))

    assert not any(one.startswith("The House Ann Fox") for one in edited)
