"""Who and what the second of two sentences tells of, and what comes first of both."""

from __future__ import annotations

import pytest

from bulletin.script.edits.edit import Setting, edit_sentence
from bulletin.script.edits.trim import trim


def edit(text: str) -> list[str]:
    return list(edit_sentence(text, Setting(days=None, small=frozenset(), spell=str)))


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        # the main clause goes on behind what is told of the hiker
        (
            (
                "The remains of a German hiker who went missing while climbing in the hills above Great Wex thirty years ago has been "
                "found embedded in a glacier, police said."
            ),
            [
                (
                    "Police said the remains of a German hiker who went missing while climbing in the hills above Great Wex thirty years "
                    "ago has been found embedded in a glacier."
                )
            ],
        ),
        # a newspaper is no "she"
        (
            (
                "A teacher from Brenford has decided to sue the ferry company as she was forced to hold her two-year-old son on her "
                "lap after the crew gave away the boy's seat to another passenger at the landing, according to a media report."
            ),
            [
                "According to a media report, a teacher from Brenford has decided to sue the ferry company.",
                "The media report said she was forced to hold her two-year-old son on her lap.",
                "The report said this came after the crew gave away the boy's seat to another passenger at the landing.",
            ],
        ),
        (
            (
                "The Conservatives have been given a huge boost by the vote in the valley and will feel able to win the whole of the "
                "county next year."
            ),
            [
                "The Conservatives have been given a huge boost by the vote in the valley.",
                "They will feel able to win the whole of the county next year.",
            ],
        ),
        (
            (
                "Brenford, Hallam and Great Wex have already worked together for years on the Joint River Programme, which aims to put "
                "a new boat on the river by the spring."
            ),
            [
                "Brenford, Hallam and Great Wex have already worked together for years on the Joint River Programme.",
                "The Joint River Programme aims to put a new boat on the river by the spring.",
            ],
        ),
        # the planner's verb, not the friend's
        (
            (
                "A wedding planner who stole £11,000 from couples marrying at one of the grandest golf clubs of Brenford has avoided jail "
                "because she spent it on a friend who was dying."
            ),
            [
                "A wedding planner has avoided jail because she spent it on a friend who was dying.",
                "The planner stole £11,000 from couples marrying at one of the grandest golf clubs of Brenford.",
            ],
        ),
        (
            (
                "Calling the return to the boats two months ago a test, the ministry said on Monday it was satisfied that crews can go on "
                "working by night."
            ),
            [
                "The ministry said on Monday it was satisfied that crews can go on working by night.",
                "The ministry called the return to the boats two months ago a test.",
            ],
        ),
        # excavators and surveyors
        (
            (
                "In a heavily forested part of the upper valley, excavators and an army of surveyors are clearing the way for a "
                "new landing, purpose-built to serve a vast park - a project lauded by its backers as a sign of growth."
            ),
            [
                (
                    "In a heavily forested part of the upper valley, excavators and an army of surveyors are clearing the way for "
                    "a new landing, purpose-built to serve a vast park."
                ),
                "The project was lauded by its backers as a sign of growth.",
            ],
        ),
        # the girl's injuries are not the boy's
        (
            (
                "A crash on the old road by night led to the death of a boy who was behind the wheel and critical injuries to a "
                "girl in the seat beside him, officials said."
            ),
            [
                (
                    "Officials said a crash on the old road by night led to the death of a boy who was behind the wheel and "
                    "critical injuries to a girl in the seat beside him."
                )
            ],
        ),
        (
            (
                "The mayor of Brenford has at long last proposed moving the old ferry to Hallam for some years, a move rejected by "
                "the crews of both banks since the war began."
            ),
            [
                "The mayor of Brenford has at long last proposed moving the old ferry to Hallam for some years.",
                "The move has been rejected by the crews of both banks since the war began.",
            ],
        ),
        # how old he is was said
        (
            (
                "Tom Hale, 20, was found in May to have an illness of the muscles, with complications and has been unable to row for the "
                "county since the first of June."
            ),
            [
                "20-year-old Tom Hale was found in May to have an illness of the muscles, with complications.",
                "Tom Hale has been unable to row for the county since the first of June.",
            ],
        ),
    ],
)
def test_who_and_what_is_told_of_in_the_second_half(printed: str, read: list[str]) -> None:
    assert edit(printed) == read


@pytest.mark.parametrize(
    "text",
    [
        (
            "The parcel was taken out of the old shed at the landing, later declared safe after it was found that it held only "
            "some parts of a clock."
        ),
        (
            "The number of boats in the valley that are known to be unsafe, of all ages and kinds, remained high in the third "
            "year after the outbreak of the rot."
        ),
        (
            "Joan Pike grew up without a boat and struggled to find work until she saw a curious advertisement - one of a "
            "growing number of notices posted in the valley by smugglers."
        ),
        (
            "The mayor of Brenford paid the tiny sum of £5 to become one of the seven owners of the old ferry in Hallam "
            "and of its landing."
        ),
    ],
)
def test_what_would_be_heard_of_the_wrong_thing_is_not_parted(text: str) -> None:
    assert not any(one.startswith(("This came", "The aim was", "One of")) for one in edit(text))


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (
            "The boat was used for ninety years, it is believed.",
            "It is believed that the boat was used for ninety years.",
        ),
        (
            "As many as ninety boats have no licence, the House was told on Monday.",
            "The House was told on Monday that as many as ninety boats have no licence.",
        ),
        (
            "Hundreds of ferrymen are paid too little, says a report highlighting the decline of the valley.",
            "A report says hundreds of ferrymen are paid too little.",
        ),
        (
            (
                "The trade on the river fell for the first time in years, a survey has indicated, adding to fears for the "
                "ferry."
            ),
            (
                "A survey has indicated that the trade on the river fell for the first time in years, adding to fears for "
                "the ferry."
            ),
        ),
        (
            "The ninety boats have no licence, Parliament was informed.",
            "Parliament was informed that the ninety boats have no licence.",
        ),
        (
            "The board plans no fines for boats without a lamp, county and river board officials said.",
            "County and river board officials said the board plans no fines for boats without a lamp.",
        ),
        # where the quotation begins is lost
        (
            'About 90 boats have been hit by the rot in the landing," harbour warden Joan Pike told Wexcombe Radio.',
            "Harbour warden Joan Pike told Wexcombe Radio that about 90 boats have been hit by the rot in the landing.",
        ),
        (
            "At least 15 people were held when the ferry struck the old landing, residents and rescuers said.",
            "Residents and rescuers said that at least 15 people were held when the ferry struck the old landing.",
        ),
        (
            "The passenger had eaten the fish but felt unwell later, a co-passenger, Ann Fox, said in a letter.",
            "A co-passenger, Ann Fox, said in a letter that the passenger had eaten the fish but felt unwell later.",
        ),
        (
            "The old ferry and its boats are expected to leave for Hallam, three officials told Wexcombe Radio, as the river rises.",
            "Three officials told Wexcombe Radio that the old ferry and its boats are expected to leave for Hallam.",
        ),
        (
            "The valley cannot ignore the risk of floods, warns River Board Director Ann Fox as she urged crews to stay ashore.",
            "River Board Director Ann Fox warns that the valley cannot ignore the risk of floods.",
        ),
        # a clue says nothing
        (
            "Detectives who looked for the ferryman, last seen in May, found a surprising clue.",
            "Detectives who looked for the ferryman, last seen in May, found a surprising clue.",
        ),
        (
            "Joan Pike told the club at Wexcombe here on Sunday it was shut.",
            "Joan Pike told the club at Wexcombe on Sunday it was shut.",
        ),
        # "Poland" ends in no "and"
        (
            "The boat was found by two people in Poland, police said in a statement.",
            "Police said in a statement that the boat was found by two people in Poland.",
        ),
    ],
)
def test_it_is_believed_comes_first(printed: str, read: str) -> None:
    assert edit(printed) == [read]


def test_the_fact_that_stays_after_a_preposition() -> None:
    text = (
        "Fears that the ferry would sink were fed by the fact that the old boat had been seen low in the water by people on "
        "both of the banks of the river."
    )

    assert "by the fact that" in trim(text, most=25)


def test_a_comma_that_closes_an_age_stays() -> None:
    text = (
        "Hale, 22, who also kept his title in the long race on the river on Monday, finished the short one in less than half a minute "
        "and so came second."
    )

    assert edit(text)[0].startswith("Hale, 22, finished")


def test_a_museum_located_somewhere_has_no_verb_yet() -> None:
    text = (
        "The Walled City museum, located in an old house at the river gate - the Mill Lane, which had been lying in a neglected state, "
        "will now be opened again with the ministry giving five thousand pounds for it."
    )

    assert not any(one.endswith("gate.") for one in edit(text))
