from __future__ import annotations

import pytest

from bulletin.script.edits.sexes import sex_of_speaker


@pytest.mark.parametrize(
    ("who", "source", "sex"),
    [
        # the article goes on with a pronoun
        (
            "said Quay.",
            "Zorin Quay sold her boat in May. Bill Fox paid his in June. Quay missed hers.",
            "She",
        ),
        (
            "Quay told reporters",
            "Zorin Quay sold a boat in May. He has another. Quay bought his first in June.",
            "He",
        ),
        # by the first name alone, which nobody says in full
        ("says Zorin.", "Zorin says the boat is new. Zorin sold her old one in May.", "She"),
        # with an office before the name
        ("Council Leader Zorin Quay said", "Council Leader Zorin Quay sold his boat in May.", "He"),
        # no name at all
        ("the father told a court", "A boat sank in May.", "He"),
        ("said the 30-year-old widow.", "A boat sank in May.", "She"),
    ],
)
def test_who_speaks_is_of_the_sex_that_the_article_gives_him(who: str, source: str, sex: str) -> None:
    assert sex_of_speaker(who, source) == sex


@pytest.mark.parametrize(
    ("who", "source"),
    [
        # she is somebody else
        ("said Quay.", "Zorin Quay met Ann Fox in May. She sold her boat. Quay is new in Wexcombe."),
        # once so and once so
        ("said Quay.", "Zorin Quay sold his boat in May. Quay met her sister in June."),
        # the article's only "she" is not its main person
        ("Quay said", "A woman has lost her boat. She is from Wexcombe. Inspector Zorin Quay said so."),
        ("said a friend of his wife.", "A boat sank in May."),
        ("the friend of the widow said", "A boat sank in May."),
    ],
)
def test_a_sex_that_is_not_sure_is_not_guessed(who: str, source: str) -> None:
    assert sex_of_speaker(who, source) == ""
