from __future__ import annotations

from datetime import date

import pytest

from bulletin.script.edits.days import Days
from bulletin.script.edits.edit import Setting, edit_sentence
from bulletin.script.edits.fitness import why_unfit
from bulletin.script.support import find_unsupported, weekdays_named

TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)


def edit(text: str, *, days: Days | None = None) -> list[str]:
    spelt = {54: "fifty-four", 24: "twenty-four", 36: "thirty-six"}
    setting = Setting(days=days, small=frozenset(), spell=lambda number: spelt[number])
    return list(edit_sentence(text, setting))


PAIRS = [
    # who says it comes first
    (
        "The road will stay shut until Friday, police said.",
        ["Police said the road will stay shut until Friday."],
    ),
    (
        "Two people were hurt, according to the ambulance service.",
        ["According to the ambulance service, two people were hurt."],
    ),
    (
        "The fire began in the kitchen, a spokesman for the brigade has said.",
        ["A spokesman for the brigade has said the fire began in the kitchen."],
    ),
    (
        "The bus had no working brakes, the inquest was told.",
        ["The inquest was told that the bus had no working brakes."],
    ),
    (
        "Roadworks on the bypass will last until May, National Highways has said.",
        ["National Highways has said roadworks on the bypass will last until May."],
    ),
    # a heading that was run into the sentence
    (
        "COUNCIL TO CLOSE THE ROAD The road will be closed in May.",
        ["The road will be closed in May."],
    ),
    ("BBC Radio Wexcombe will be closed in May.", ["BBC Radio Wexcombe will be closed in May."]),
    (
        '"Joan Pike and I have long talked about the bridge," Mr Hale said.',
        ["Mr Hale said Joan Pike and he have long talked about the bridge."],
    ),
    (
        '"I met Joan Pike and I have seen the bridge," Mr Hale said.',
        ["Mr Hale said he met Joan Pike and he has seen the bridge."],
    ),
    (
        '"Closing the road in winter is not enough," Ms Pike said.',
        ["Ms Pike said closing the road in winter is not enough."],
    ),
    (
        "What is needed is a new bridge, Ms Pike said.",
        ["Ms Pike said what is needed is a new bridge."],
    ),
    (
        "In winter the road was flooded twice a week, Ms Pike told the committee.",
        ["Ms Pike told the committee that in winter the road was flooded twice a week."],
    ),
    (
        '"The work is going well," said Joan Pike, who leads the council.',
        ["Joan Pike, who leads the council, said the work is going well."],
    ),
    # an editor's brackets say who is meant
    (
        "Lalu said his foe was a turncoat and he (Nitish Kumar) is known for it.",
        ["Lalu said his foe was a turncoat and Nitish Kumar is known for it."],
    ),
    # "as" may compare, and an opening that ends in a name is not told again as "The"
    (
        (
            "The well-travelled former manager of City, Rovers, Albion and Town, Fox feels fit as a fiddle again following "
            "knee surgery and would relish another go at a full-time job, but only in certain circumstances."
        ),
        [
            "The well-travelled former manager of City, Rovers, Albion and Town, Fox feels fit as a fiddle again."
        ],
    ),
    # marks are not heard
    (
        'The plan (see map) was described by Mr Hale as "a disaster" for the town.',
        ["The plan was described by Mr Hale as a disaster for the town."],
    ),
    ("The [town] council met on Monday.", ["The council met on Monday."]),
    (
        "The minister - a former nurse from Brenford - resigned on Tuesday.",
        ["The minister resigned on Tuesday."],
    ),
    ("Wexcombe beat Brenford 2 – 1 in the cup.", ["Wexcombe beat Brenford 2-1 in the cup."]),
    # age and office before the name
    (
        "Joan Pike, 54, said the pool would open in May.",
        ["Fifty-four-year-old Joan Pike said the pool would open in May."],
    ),
    (
        "A driver, Tom Fox, 24, was taken to hospital.",
        ["A driver, 24-year-old Tom Fox, was taken to hospital."],
    ),
    (
        "Owner Joan Pike, 54, had put up posters in every shop.",
        ["Fifty-four-year-old owner Joan Pike had put up posters in every shop."],
    ),
    (
        "The great-nephew of the miller saw the presenter Tom Fox, 24, on the bridge.",
        ["The great-nephew of the miller saw the 24-year-old presenter Tom Fox on the bridge."],
    ),
    (
        "Police found his wife Ann Fox, 36, in the house.",
        ["Police found his 36-year-old wife Ann Fox in the house."],
    ),
    (
        "Joan Pike, the leader of the council, said the pool would open in May.",
        ["The leader of the council, Joan Pike, said the pool would open in May."],
    ),
    # words of print
    (
        "The firm will commence work in order to utilise the site.",
        ["The firm will begin work to use the site."],
    ),
    # long sentences are shortened or parted
    (
        (
            "The bridge, which was built in 1931 by the railway company, will be closed for six weeks from Monday "
            "while engineers replace the deck and both of its towers."
        ),
        [
            (
                "The bridge will be closed for six weeks from Monday while engineers replace the deck and both of "
                "its towers."
            ),
            "It was built in 1931 by the railway company.",
        ],
    ),
    (
        (
            "A man has been arrested on suspicion of arson after a fire destroyed three shops and a café in the "
            "market square of Wexcombe early on Sunday morning."
        ),
        [
            "A man has been arrested on suspicion of arson.",
            (
                "This comes after a fire destroyed three shops and a café in the market square of Wexcombe early "
                "on Sunday morning."
            ),
        ],
    ),
    (
        (
            "The council approved the budget on Monday, and the leader, Joan Pike, said that the first new buses "
            "would run on the valley line before the end of the summer."
        ),
        [
            "The council approved the budget on Monday.",
            (
                "The leader, Joan Pike, said that the first new buses would run on the valley line before the end "
                "of the summer."
            ),
        ],
    ),
    (
        (
            "A farmer from the upper valley has won a prize for the best cheese in the county, but was told on "
            "the same day that his dairy must close."
        ),
        [
            "A farmer from the upper valley has won a prize for the best cheese in the county.",
            "But the farmer was told on the same day that his dairy must close.",
        ],
    ),
    (
        (
            "Officers in Brenford are searching for a young man, who ran out of the jeweller's with a bag full of "
            "watches and rings shortly before it closed."
        ),
        [
            "Officers in Brenford are searching for a young man.",
            "The man ran out of the jeweller's with a bag full of watches and rings shortly before it closed.",
        ],
    ),
    # what the police said must not become what the station says
    (
        (
            "Police said the driver had been drinking heavily at a pub in Brenford before the crash on the main "
            "road, and the passenger had asked him three times to stop the car at once."
        ),
        [
            (
                "Police said the driver had been drinking heavily at a pub in Brenford before the crash on the "
                "main road."
            ),
            "They also said the passenger had asked him three times to stop the car at once.",
        ],
    ),
    # what hangs on a sentence stands on its own
    (
        (
            "A coach from Brenford with thirty people on board burst a tyre on the bridge on Tuesday, forcing the "
            "county to close the road in both directions until noon."
        ),
        [
            "A coach from Brenford with thirty people on board burst a tyre on the bridge on Tuesday.",
            "This forced the county to close the road in both directions until noon.",
        ],
    ),
    (
        (
            "The bishop refused on Sunday to open the new hall beside the cathedral, saying the builders had not "
            "been paid for their work since the end of the summer."
        ),
        [
            "The bishop refused on Sunday to open the new hall beside the cathedral.",
            "The bishop said the builders had not been paid for their work since the end of the summer.",
        ],
    ),
    (
        (
            "Two days after the council closed the old swimming pool in Mill Lane, the parents of the valley "
            "handed in a petition with four thousand names against it."
        ),
        [
            "The parents of the valley handed in a petition with four thousand names against it.",
            "This came two days after the council closed the old swimming pool in Mill Lane.",
        ],
    ),
    (
        (
            "Three drivers, including a nurse on her way to work, were taken to the hospital in Brenford from the "
            "icy road at the top of the upper valley early on Tuesday."
        ),
        [
            (
                "Three drivers were taken to the hospital in Brenford from the icy road at the top of the upper "
                "valley early on Tuesday."
            ),
            "They included a nurse on her way to work.",
        ],
    ),
    (
        (
            "According to a study by the University of Brenford, the river carries more salt past the town in "
            "February than in all the other months of the year together."
        ),
        [
            (
                "The river carries more salt past the town in February than in all the other months of the year "
                "together."
            ),
            "That's according to a study by the University of Brenford.",
        ],
    ),
]


@pytest.mark.parametrize(("printed", "read"), PAIRS)
def test_a_printed_sentence_becomes_one_that_can_be_read(printed: str, read: list[str]) -> None:
    assert edit(printed) == read


@pytest.mark.parametrize(("printed", "read"), PAIRS)
def test_no_edit_makes_a_fact(printed: str, read: list[str]) -> None:
    for sentence in edit(printed):
        assert find_unsupported(sentence, [printed]) == ()
        assert why_unfit(sentence, is_first=False) == ""


@pytest.mark.parametrize(
    "printed",
    [
        # "was not sacked because" is not "was not sacked"
        (
            "The head teacher of the school in Mill Lane was not dismissed by the county because of the letters "
            "that the parents of eleven pupils had written in the spring."
        ),
        # two subjects in one breath
        (
            "The trains between Wexcombe and Brenford will be replaced by buses on both of the next two weekends "
            "while a new bridge is lifted in by crane over the line."
        ),
    ],
)
def test_a_long_sentence_is_left_whole_where_parting_would_bend_it(printed: str) -> None:
    (read,) = edit(printed)

    assert not read.startswith("Buses")
    assert "was not dismissed by the county." not in read


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ('"We will not give up," the rowers said.', "The rowers said they will not give up."),
        (
            '"I am fit and I want to play," he told reporters.',
            "He told reporters that he is fit and he wants to play.",
        ),
        ('Ms Pike said: "My house was flooded."', "Ms Pike said her house was flooded."),
        ('Ms Pike said: "The road was flooded."', "Ms Pike said the road was flooded."),
    ],
)
def test_a_quotation_in_the_first_person_is_reported_in_the_third(printed: str, read: str) -> None:
    assert edit(printed) == [read]


@pytest.mark.parametrize(
    "printed",
    [
        # nobody knows whether the speaker is he or she
        '"I am fit," Robin Pike said.',
        # somebody is spoken to
        '"We will not let you down," she said.',
        # "she" would be two people
        '"I saw her fall from the roof of the school," she said.',
    ],
)
def test_what_cannot_be_reported_is_not_read(printed: str) -> None:
    assert [one for one in edit(printed) if not why_unfit(one, is_first=False)] == []


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("The car was found yesterday.", "The car was found on Monday."),
        ("The crash happened last night on the A361.", "The crash happened on Monday night on the A361."),
        ("The show opens tonight.", "The show opens on Tuesday night."),
        ("The trial begins tomorrow.", "The trial begins today."),
        ("Yesterday's vote was close.", "Monday's vote was close."),
        ("The road is shut until tomorrow.", "The road is shut until today."),
        ("Today, councillors voted for the plan.", "On Tuesday, councillors voted for the plan."),
        ("The vote was on Monday, the leader said today.", "The leader said the vote was on Monday."),
    ],
)
def test_a_loose_day_is_reckoned_from_the_articles_date(printed: str, read: str) -> None:
    days = Days(written=TUESDAY, on_air=WEDNESDAY)

    (said,) = edit(printed, days=days)

    assert said == read
    assert find_unsupported(said, [printed], days=weekdays_named(said)) == ()


def test_today_stays_today_on_the_same_day() -> None:
    days = Days(written=TUESDAY, on_air=TUESDAY)

    assert edit("The show opens tonight in the town hall.", days=days) == [
        "The show opens tonight in the town hall."
    ]
    assert edit("The vote is this afternoon.", days=days) == ["The vote is this afternoon."]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("The car was found yesterday.", "The car was found."),
        ("Yesterday the car was found in a field.", "The car was found in a field."),
        ("The road is shut until tomorrow.", "The road is shut until tomorrow."),
    ],
)
def test_without_a_date_a_loose_day_goes_where_it_can(printed: str, read: str) -> None:
    assert edit(printed) == [read]


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        (
            '"Officially, we know nothing of it," the council told the Wexcombe Times.',
            "The council told the Wexcombe Times that officially, they know nothing of it.",
        ),
        (
            '"Cricket Association of Wexcombe has done a good thing in May," she said.',
            "She said Cricket Association of Wexcombe has done a good thing in May.",
        ),
        (
            "The father said they would ask for a transfer, saying: They could send her home in May.",
            "The father said they would ask for a transfer, saying they could send her home in May.",
        ),
    ],
)
def test_the_first_word_of_what_was_said_is_small_where_it_is_no_name(printed: str, spoken: str) -> None:
    assert edit_sentence(printed, Setting(days=None, small=frozenset({"cricket"}), spell=str)) == (spoken,)


@pytest.mark.parametrize(
    "printed",
    [
        '"We have also stopped people rowing on the lake," Joan Pike told the House.',
        '"We will go through a hard winter," ferry minister Joan Pike told journalists.',
        '"I woke up and thought, I want to row to Brenford," she said.',
    ],
)
def test_nobody_is_they_who_speaks_alone_or_to_many(printed: str) -> None:
    assert [one for one in edit(printed) if not why_unfit(one, is_first=False)] == []


def test_what_happened_to_the_whole_is_not_told_of_its_last_thing() -> None:
    read = edit(
        "Rowers and teams of dogs were rushed in to check a suspect parcel that was recovered at the goods hall of "
        "the Wexcombe harbour, later declared safe after it was found that it only held some old rudders."
    )

    assert read[1].startswith(
        "The parcel was recovered at the goods hall of the Wexcombe harbour and later declared"
    )


def test_the_centre_is_no_name_after_said() -> None:
    assert edit('"The Centre cannot sit idle," said Joan Pike.') == [
        "Joan Pike said the Centre cannot sit idle."
    ]
