"""What is wedged into a long sentence is told after it; what would say something else stays whole."""

from __future__ import annotations

import pytest

from bulletin.script.edits.part import part

PARTED = [
    # who leads a group
    (
        (
            "The walkers, led by two pipers from the village band, on Sunday crossed the moor in the rain and camped "
            "beside the old reservoir above the town."
        ),
        "The walkers on Sunday crossed the moor in the rain and camped beside the old reservoir above the town.",
        "They were led by two pipers from the village band.",
    ),
    # under which rules
    (
        (
            "The bus company has agreed to try a scheme under which pupils of the three schools may ride free "
            "on the first bus of the day and the last one home."
        ),
        "The bus company has agreed to try a scheme.",
        "Under this scheme, pupils of the three schools may ride free on the first bus of the day and the last one home.",
    ),
    # of what they are suspected
    (
        (
            "Police in Brenford have held five men suspected of stealing the bells of two churches and a brass "
            "lectern from the chapel beside the cattle market."
        ),
        "Police in Brenford have held five men.",
        (
            "They are suspected of stealing the bells of two churches and a brass lectern from the chapel beside the "
            "cattle market."
        ),
    ),
    # what a paper asks for
    (
        (
            "The county court on Tuesday heard a plea seeking the removal of the floodlights that the tennis club put "
            "up beside the gardens of four cottages."
        ),
        "The county court on Tuesday heard a plea.",
        (
            "The plea sought the removal of the floodlights that the tennis club put up beside the gardens of four "
            "cottages."
        ),
    ),
    # those who hold a rally demand something, and not the rally
    (
        (
            "The beekeepers were holding a rally demanding a ban on the three sprays that the growers in the lower "
            "valley use on their orchards in spring."
        ),
        "The beekeepers were holding a rally.",
        (
            "They demanded a ban on the three sprays that the growers in the lower valley use on their orchards in "
            "spring."
        ),
    ),
    # two things that one person says
    (
        (
            "Stating that the roof of the swimming pool would be mended before the winter, the mayor said the long delay was "
            "the fault of the builder."
        ),
        "The mayor stated that the roof of the swimming pool would be mended before the winter.",
        "The mayor also said the long delay was the fault of the builder.",
    ),
    # whose report it is, is told with both halves
    (
        (
            "According to the fire brigade, the blaze began in the kitchen of the hotel before dawn, and the wind "
            "carried it to the roof of the theatre."
        ),
        "According to the fire brigade, the blaze began in the kitchen of the hotel before dawn.",
        "The brigade said the wind carried it to the roof of the theatre.",
    ),
    # after a report in the present, a demand in the past is theirs who report
    (
        (
            "The union on Friday alleged that gunpowder is being kept in the cellars of the town hall and demanded "
            "a search of the building before the fair."
        ),
        "The union on Friday alleged that gunpowder is being kept in the cellars of the town hall.",
        "The union demanded a search of the building before the fair.",
    ),
    # a subject of one word is said again
    (
        (
            "Orchard has mended more than sixty church organs in a life spent on the road and is known for a book on "
            "the pipes of the abbey."
        ),
        "Orchard has mended more than sixty church organs in a life spent on the road.",
        "Orchard is known for a book on the pipes of the abbey.",
    ),
    # what went on meanwhile did not come next
    (
        (
            "A 64-year-old man was knocked down by a cyclist outside the library in the high street on Friday night "
            "as he made his way home from work."
        ),
        "A 64-year-old man was knocked down by a cyclist outside the library in the high street on Friday night.",
        "It happened as he made his way home from work.",
    ),
]


@pytest.mark.parametrize(("printed", "first", "second"), PARTED)
def test_what_is_wedged_in_is_told_after_it(printed: str, first: str, second: str) -> None:
    assert part(printed, most=25) == (first, second)


WHOLE = [
    # who asserts it stands at the end: the first half alone would be the station's
    (
        "The valley will never sell the old mill to a stranger but will not stop anybody from buying the wheel, the "
        "mayor of the town asserted."
    ),
    # whose words the aside's are would not be clear
    (
        "A rower, who had been told by the doctors that the arm would take a year to heal after the fall, claimed the "
        "cup on Sunday at Wexcombe."
    ),
    # the deadline is theirs to settle, not its aim
    (
        "By asking for a hearing in the county town, the ferry company set a deadline of sixty days for the two councils "
        "to settle the quarrel over the new landing."
    ),
    # no plea: a man who seeks
    (
        "The county court on Tuesday heard the evidence of a man seeking the removal of the floodlights that the club "
        "put up beside the gardens."
    ),
]


@pytest.mark.parametrize("printed", WHOLE)
def test_what_would_say_something_else_stays_whole(printed: str) -> None:
    assert part(printed, most=25) == (printed,)
