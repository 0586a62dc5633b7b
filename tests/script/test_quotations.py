from __future__ import annotations

import pytest

from bulletin.script.phrases import load_phrases
from bulletin.script.quotations import mark_quoted
from bulletin.script.tell import tell_article
from bulletin.script.telling import Telling
from tests.factories import make_article

LEAD = "The ferry at Hallam Bridge will stop in March."


def tell(*paragraphs: str) -> Telling:
    return tell_article(make_article(text="\n\n".join((LEAD, *paragraphs))), phrases=load_phrases("en-GB"))


def said(*paragraphs: str) -> list[str]:
    return [sentence for piece in tell(*paragraphs).pieces for sentence in piece.sentences][1:]


def test_a_sentence_of_a_longer_quotation_is_told_as_its_speaker_said_it() -> None:
    text = (
        "“My heart is broken. The council sold the landing two years ago. Nobody asked me,” "
        "Ann Pike told a meeting in Brenford."
    )

    assert said(text) == [
        "Ann Pike told a meeting in Brenford that her heart is broken.",
        "She said the council sold the landing two years ago.",
    ]


def test_a_speaker_before_the_quotation_is_told_with_each_part() -> None:
    text = "Ann Pike said: “The boat is too old. Repairs would cost more than a new one. Who would pay?”"

    assert said(text) == [
        "Ann Pike said the boat is too old.",
        "She said repairs would cost more than a new one.",
    ]


def test_a_part_links_to_itself_and_to_the_sentence_with_its_speaker() -> None:
    piece = tell("“The boat is too old. I shall miss it,” Ann Pike said.").pieces[1]

    assert [origin.text for origin in piece.origins] == [
        "“The boat is too old.",
        "I shall miss it,” Ann Pike said.",
    ]


def test_what_only_the_other_parts_explain_is_not_told() -> None:
    assert said("“The boat is old. It leaks. They know that. Keep it,” Ann Pike said.")[1:] == []


def test_a_long_speaker_is_heard_once() -> None:
    text = (
        "“The boat is too old. Repairs would cost more than a new one,” the chair of the harbour board said."
    )

    assert said(text) == ["The chair of the harbour board said the boat is too old."]


def test_a_quotation_that_goes_on_in_the_next_paragraph_is_not_closed_before() -> None:
    """Each paragraph opens it anew, and only the last one closes it."""
    marked = mark_quoted(["“The boat was old. It leaked.", "“It sank,” she said. The council met."])

    assert [one.is_quoted or one.is_part for one in marked] == [True, True, False, False]


def test_nothing_is_left_hanging_when_its_day_is_not_known() -> None:
    telling = tell_article(
        make_article(text=f"{LEAD} The last trip will take place next week.", is_dated=False),
        phrases=load_phrases("en-GB"),
    )

    assert [one for piece in telling.pieces for one in piece.sentences] == [LEAD]


def test_a_speaker_with_an_office_between_commas_speaks_too() -> None:
    text = "“The landing was sold two years ago. The boat is worn out,” Guy Hale, the harbour master, said."

    assert said(text)[0] == "Guy Hale, the harbour master, said the landing was sold two years ago."


def test_a_speaker_whose_sex_nobody_knows_is_not_told_in_the_first_person() -> None:
    assert said("“I shall miss the boat. I sold it,” Zorin Quay said.") == []


def test_he_and_she_of_an_article_about_one_person_are_that_person() -> None:
    text = "“I know the river well. I sold it in May,” Zorin Quay said. Quay said so in May. She was at the landing with her son."

    assert said(text)[0] == "Zorin Quay said she knows the river well."


def test_we_are_those_who_say_it_wherever_they_say_it() -> None:
    text = "“We know the river well. The boats are old,” said a warden at the booth, who was new."

    assert said(text)[0] == "A warden at the booth said they know the river well."


def test_a_speaker_described_between_commas_is_heard_without_it() -> None:
    text = (
        "“All offices shall be open. The staff shall meet,” the order, issued in May by Guy Hale, had said."
    )

    assert said(text) == ["The order said all offices shall be open.", "The order said the staff shall meet."]


def test_a_sentence_of_a_quotation_may_say_she_of_whom_it_names() -> None:
    text = "“The woman says the boat hit her car. It sank,” Guy Hale told a meeting."

    assert said(text) == ["Guy Hale told a meeting that the woman says the boat hit her car."]


def test_a_quotation_whose_opening_mark_is_lost_is_still_its_speakers() -> None:
    assert said("The boat has always been too old for the river,” Ann Pike said.") == [
        "Ann Pike said the boat has always been too old for the river."
    ]


def test_a_quotation_that_a_colon_opens_goes_on_in_the_next_paragraph() -> None:
    paragraphs = (
        "Ann Pike told a meeting: “The boat sank. People were shouting below.",
        "“It was dark,” she said.",
    )

    assert said(*paragraphs)[:2] == [
        "Ann Pike told a meeting that the boat sank.",
        "She told a meeting that people were shouting below.",
    ]


def test_a_quotation_that_lost_its_closing_mark_is_not_the_stations_own_word() -> None:
    marked = [*mark_quoted(['Ann Pike wrote: "The engine failed. The boat was half under water.'])]

    assert [one.is_quoted or one.is_part for one in marked] == [True, True]


def test_a_lost_closing_mark_does_not_swallow_a_long_paragraph() -> None:
    rest = " ".join(f"The landing was shut in {year}." for year in (2011, 2012, 2013, 2014))

    first, *others = mark_quoted([f'Pike said: "It sank. {rest}'])

    assert first.is_quoted
    assert not any(one.is_quoted or one.is_part for one in others)


def test_the_second_part_of_a_quotation_names_its_speaker_without_the_office() -> None:
    text = (
        "“The boat is too old. Repairs would cost more than a new one,” "
        "harbour committee leader Ann Pike told the assembly."
    )

    assert said(text)[1:] == ["She said repairs would cost more than a new one."]


def test_whose_friend_a_speaker_is_does_not_name_him() -> None:
    text = "“The boat is too old. Repairs would cost more than a new one,” the brother of Ann Pike said."

    assert said(text) == ["The brother of Ann Pike said the boat is too old."]


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        # what joins it to words that are not told, or only fills
        (
            "“In fact, the boat was due for repairs in May,” Ann Pike said.",
            "Ann Pike said the boat was due for repairs in May.",
        ),
        # a condition before the news
        (
            "“If the council closes the landing, we will sell the boat,” the ferrymen said.",
            "The ferrymen said that if the council closes the landing, they will sell the boat.",
        ),
        # what else was done, and how it was said
        (
            "“The landing is a danger to everybody,” Ann Pike said and blamed the council for the planks.",
            "Ann Pike said the landing is a danger to everybody.",
        ),
        (
            "“No plan to close the landing is under consideration,” she said, in a brief reply.",
            "She said no plan to close the landing is under consideration.",
        ),
        # a notice is read
        (
            "“The landing will be closed from Monday,” read the notice at the gate.",
            "The notice at the gate said the landing will be closed from Monday.",
        ),
        # others than the speaker
        (
            "“I asked the three men to pay as they had no tickets,” Ann Pike said.",
            "Ann Pike said she asked the three men to pay as they had no tickets.",
        ),
        (
            "“I often use the landing in the winter,” Ann Pike said.",
            "Ann Pike said she often uses the landing in the winter.",
        ),
    ],
)
def test_somebodys_words_are_reported(printed: str, spoken: str) -> None:
    assert said(printed)[0] == spoken


@pytest.mark.parametrize(
    "printed",
    [
        "“I met the queen and her dog at the landing,” Ann Pike said.",
        "“We met the farmers, and they wanted the landing closed,” the ferrymen said.",
        "“We closed the landing on Monday,” read the notice at the gate.",
    ],
)
def test_words_that_speak_of_somebody_else_as_well_are_not_reported(printed: str) -> None:
    assert said(printed) == []


def test_a_mark_that_stands_too_early_opens_what_comes_after_it() -> None:
    text = (
        'The landing was shut in May." The boat is too old. Repairs would cost more than a new one. The council '
        'knows it," Ann Pike told a court.'
    )

    assert said(text)[:2] == [
        "The landing was shut in May.",
        "Ann Pike told a court that the boat is too old.",
    ]


def test_whose_words_a_mark_closes_nobody_knows_are_not_told() -> None:
    text = 'The council has sent experts to the landing, and the boat will not be repaired in May." The pier is old.'

    assert said(text) == ["The pier is old."]
