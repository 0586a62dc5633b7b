"""Where a sentence only looks as if it could be parted, it is left as it was written."""

from __future__ import annotations

import pytest

from bulletin.script.edits.causes import circumstance, reason
from bulletin.script.edits.part import part
from bulletin.script.edits.tails import after_that, for_doing, meant_to, since_then, told_of
from bulletin.script.edits.unfold import unfold
from bulletin.script.edits.wedged import accused_as_well, asked_in, led_by
from bulletin.script.edits.who_did import restrictive


@pytest.mark.parametrize(
    "text",
    [
        # a likeness
        "The mayor opened the new hall for the children of the town as the old one had done for years.",
        # what somebody was
        "The actor rose to fame in the nineties as the detective in a series that was filmed in Wexcombe.",
        "The singer worked for years in a bar in Wexcombe as a waitress before she became known.",
    ],
)
def test_as_is_not_always_a_cause(text: str) -> None:
    assert reason(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The council fined three of the owners of the boats on Friday over the course of the trial in Wexcombe.",
        "Four of the players were dropped from the squad ahead of the final after breaking the rules of the team.",
    ],
)
def test_how_long_and_why_are_no_circumstance(text: str) -> None:
    assert circumstance(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The mill could close its gates in March, two years after the harbour board had promised to save it.",
        "Joan Pike was born in Wexcombe three years before the war that destroyed the old bridge.",
    ],
)
def test_what_has_not_come_did_not_come_after(text: str) -> None:
    assert since_then(text) is None


def test_those_who_know_somebody_are_not_heard_as_others() -> None:
    assert (
        told_of("He gave evidence against three men, neighbours that had known him since he went to school.")
        is None
    )


@pytest.mark.parametrize(
    "text",
    [
        "The mayor flew to Brenford on Friday to find that the bridge had been closed the day before.",
        "The divers returned to the wreck on Friday to find the bell gone and the rudder broken.",
        "The storm crossed the coast on Monday night to bring snow and hail to most of the valley.",
        "The runner crossed the line in a time of two hours to become the oldest winner of the race.",
    ],
)
def test_what_came_of_it_was_nobodys_aim(text: str) -> None:
    assert meant_to(text) is None


def test_for_the_rest_of_the_season_is_how_long() -> None:
    assert (
        for_doing("The player was banned by the club for the rest of the season in the second league.")
        is None
    )


def test_how_long_it_lay_is_not_what_it_came_after() -> None:
    text = "After years in a drawer of the town hall, a map of the old harbour has been found by a clerk."

    assert after_that(text) is None


@pytest.mark.parametrize(
    "text",
    [
        # the boy was bitten
        "A boy, bitten by a dog on the beach at Wexcombe, and his father were taken to hospital.",
        # it still is
        "The firm, owned by a family from Brenford, said it would close its mill in March.",
    ],
)
def test_what_was_done_to_one_of_two_or_lasts_stays_where_it_is(text: str) -> None:
    assert led_by(text) is None


def test_what_was_done_once_was_done() -> None:
    halves = led_by(
        "The bridge, built in the year of the great flood, is to be closed to lorries for two years."
    )

    assert halves is not None
    assert halves[1] == "The bridge was built in the year of the great flood."


@pytest.mark.parametrize(
    "text",
    [
        "A court in Brenford has freed a man accused of setting fire to the mill in May.",
        "The mayor met one of three men accused of burning down the mill in Brenford last year.",
        "Nobody has seen a man wanted for the theft of the bell from the church since May.",
    ],
)
def test_nobody_is_accused_who_was_cleared_or_not_seen(text: str) -> None:
    assert accused_as_well(text) is None


def test_who_is_convicted_was() -> None:
    halves = accused_as_well(
        "The court jailed two brothers convicted of theft of a bell from the old church."
    )

    assert halves is not None
    assert halves[1] == "They were convicted of theft of a bell from the old church."


@pytest.mark.parametrize(
    "text",
    [
        # the court will hear it on Monday
        "The court will hear a plea seeking a ban on lorries in Mill Lane on Monday morning.",
        # the mayor denies
        "The mayor has signed an order asking the police to clear the pier and denies that it is illegal.",
    ],
)
def test_a_plea_does_not_do_what_others_do(text: str) -> None:
    assert asked_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "No boats, including the ferry, will leave the harbour of Wexcombe on Sunday.",
        "As the harbour board sees it, the ferry is too old to be repaired at any price.",
        "As the saying goes in the villages of the valley, the river takes what it has given.",
        "While the ferry was being repaired in Brenford, passengers were taken across by a tug.",
        "Though he had never rowed before he came to Wexcombe, Pike won the race round the harbour.",
    ],
)
def test_what_hangs_together_is_left_whole(text: str) -> None:
    assert unfold(text) is None


def test_what_befell_the_crew_happened_as_the_ferry_left() -> None:
    assert unfold(
        "As the ferry left the harbour of Wexcombe, a crane fell on the deck and hurt three men."
    ) == (
        "A crane fell on the deck and hurt three men.",
        "It happened as the ferry left the harbour of Wexcombe.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "The mayor wants a bridge that is strong enough for lorries and for the buses.",
        "The club is looking for a coach who can lead the team back to the first league.",
        "The village needs a doctor who is willing to live in the house by the mill.",
    ],
)
def test_what_is_only_wished_for_is_not_told_of_as_there(text: str) -> None:
    assert restrictive(text) is None


def test_who_is_looked_for_and_has_done_something_is() -> None:
    halves = restrictive("The divers are looking for a boy who fell off the pier in the storm on Sunday.")

    assert halves is not None
    assert halves[1] == "The boy fell off the pier in the storm on Sunday."


def test_what_it_was_allegedly_for_is_told_whatever_was_done() -> None:
    halves = for_doing(
        "A party of rowers has served a notice to a Wexcombe paper for allegedly hurting the feelings of ferrymen."
    )

    assert halves == (
        "A party of rowers has served a notice to a Wexcombe paper.",
        "This is for allegedly hurting the feelings of ferrymen.",
    )


def test_what_a_report_tells_of_who_was_killed_is_not_lost() -> None:
    assert unfold(
        "A Brenford news agency reported that the navy bombed a camp in the north of the island on Saturday, killing "
        "nine ferrymen and wounding nine more."
    ) == (
        "A Brenford news agency reported that the navy bombed a camp in the north of the island on Saturday.",
        "The agency reported the navy killed nine ferrymen and wounded nine more.",
    )


def test_what_somebody_claims_in_a_lawsuit_is_told_after_it() -> None:
    halves = unfold(
        "A guest of the inn is seeking to hold its owner accountable for the flood in May, claiming in a lawsuit that "
        "she was warned by nobody."
    )

    assert halves is not None
    assert halves[1] == "The guest claimed that she was warned by nobody."


@pytest.mark.parametrize(
    ("text", "after"),
    [
        # what the whole was goes, and not the reason
        (
            (
                "A ferryman of sixty was allegedly beaten in Wexcombe after villagers thought he had let the boat "
                "sink, the first attack of its kind in the valley this year."
            ),
            "This came after villagers thought he had let the boat sink.",
        ),
        # what may be has not come
        (
            (
                "The old ferry could be raised from the sea after ten years, after Brenford divers signed a deal with "
                "the owner of a crane to lift it."
            ),
            "This comes after Brenford divers signed a deal with the owner of a crane to lift it.",
        ),
    ],
)
def test_a_lead_keeps_its_reason(text: str, after: str) -> None:
    assert part(text, most=25)[1:] == (after,)
