from __future__ import annotations

import pytest

from bulletin.script.edits.apposed import apposed
from bulletin.script.edits.part import part


@pytest.mark.parametrize(
    ("printed", "first", "second"),
    [
        (
            "Fox Foods, one of the valley's largest bakers, has asked for payouts from trainees who left in May.",
            "Fox Foods has asked for payouts from trainees who left in May.",
            "Fox Foods is one of the valley's largest bakers.",
        ),
        (
            "Ann Fox, a farmer who gave up her field for the bridge, told a meeting that the road is too narrow.",
            "Ann Fox told a meeting that the road is too narrow.",
            "Ann Fox is a farmer who gave up her field for the bridge.",
        ),
        (
            "Ann Fox, a farmer with a field by the bridge, was found dead on Monday near the river at Wexcombe.",
            "Ann Fox was found dead on Monday near the river at Wexcombe.",
            "Ann Fox was a farmer with a field by the bridge.",
        ),
    ],
)
def test_who_somebody_is_is_told_after_the_news(printed: str, first: str, second: str) -> None:
    assert apposed(printed) == (first, second)


@pytest.mark.parametrize(
    "printed",
    [
        # two people
        "The father of Ann Fox, a farmer with a field by the bridge, was fined on Monday at Wexcombe.",
        # a list
        "Ann Fox, the mayor of Great Wexcombe, Guy Hale and Joan Pike were fined on Monday at Wexcombe.",
        # what was so then
        "Ann Fox, then the only teacher of the valley, was fined on Monday at Wexcombe.",
        # a doubt
        "Ann Fox, an alleged thief of boats from Wexcombe, was fined on Monday at the county court.",
    ],
)
def test_an_aside_that_is_not_surely_the_subject_stays(printed: str) -> None:
    assert apposed(printed) is None


@pytest.mark.parametrize(
    ("printed", "second"),
    [
        # a body whose name holds "of"
        (
            (
                "The Municipal Corporation of Wexcombe, which earlier waived the property tax for several shops in the "
                "town, has decided to put up signboards at the entry points of car parks."
            ),
            "The Municipal Corporation of Wexcombe earlier waived the property tax for several shops in the town.",
        ),
        # a body in capitals is no office
        (
            (
                "Facing pressure from the mayor to cut the cost of the new ferries for the crossing, the UK Coast Guard "
                "is negotiating with a yard in Brenford to buy two older boats."
            ),
            "The UK Coast Guard is facing pressure from the mayor to cut the cost of the new ferries for the crossing.",
        ),
        # a place is nobody
        (
            (
                "A woman in north Brenford's Hallam Street planned the perfect robbery of her own shop in May and almost "
                "got away with it too, but for the sharp eye of a baker."
            ),
            "The woman almost got away with it too, but for the sharp eye of a baker.",
        ),
        # little is said of why
        (
            (
                "The Wexcombe University has asked all the colleges across the country to install alarm bells in their hostels to "
                "identify young troublemakers as part of the safety measures."
            ),
            "This is part of the safety measures.",
        ),
        # who asks, and where
        (
            (
                "Farmer leaders of the valley have decided to start a campaign in all the villages round Wexcombe asking "
                "other farmers not to give their land for the airport."
            ),
            "They ask other farmers not to give their land for the airport.",
        ),
        (
            (
                "Saying that young students were forced to travel for hours every day, members of all parties demanded "
                "that seats be reserved in colleges for those who live nearby."
            ),
            "They also demanded that seats be reserved in colleges for those who live nearby.",
        ),
    ],
)
def test_a_long_sentence_is_told_in_two(printed: str, second: str) -> None:
    assert part(printed, most=25)[1:] == (second,)


def test_an_aim_is_told_after_what_was_decided() -> None:
    text = (
        "The harbour board said that the mayor of Wexcombe has decided to donate his pay of May and June to the school "
        "at Hallam Bridge to help young ferrymen get access to good lessons."
    )

    assert part(text, most=25) == (
        (
            "The harbour board said the mayor of Wexcombe has decided to donate his pay of May and June to the school at "
            "Hallam Bridge."
        ),
        "The board said the aim is to help young ferrymen get access to good lessons.",
    )


def test_what_a_first_time_was_for_is_no_aim() -> None:
    text = (
        "The police said the incident was the first time robbers had posed as police officers to carry out an armed "
        "robbery in a home in the middle of the day."
    )

    assert part(text, most=25) == (text,)


def test_a_verb_of_saying_after_also_opens_a_clause() -> None:
    text = (
        "Ann Fox is quoted as saying she differs from the mayor on a whole bunch of things, but she also stresses that "
        "the two of them work together."
    )

    assert part(text, most=25)[1:] == ("But she also stresses that the two of them work together.",)


def test_of_which_is_no_thing() -> None:
    text = (
        "The Late Ferry, the title of which is taken from an old song of the valley, has been sold to a firm."
    )

    assert apposed(text) is None
