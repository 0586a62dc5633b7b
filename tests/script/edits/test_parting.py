"""What a long sentence is parted into, and what is left whole because parting would say something else."""

from __future__ import annotations

import pytest

from bulletin.script.edits.context import names_untold, say_it, say_surname, speaker_untold
from bulletin.script.edits.edit import Setting, edit_sentence
from bulletin.script.edits.part import part
from bulletin.script.edits.subjects import agrees, subject
from bulletin.script.edits.trim import trim


def edit(text: str) -> list[str]:
    return list(edit_sentence(text, Setting(days=None, small=frozenset(), spell=str)))


PARTED = [
    (
        (
            "A court in Brenford on Tuesday fined the owner of a fairground and his brother four thousand pounds for "
            "leaving the gate to the big wheel open on a stormy night."
        ),
        [
            "A court in Brenford on Tuesday fined the owner of a fairground and his brother four thousand pounds.",
            "This was for leaving the gate to the big wheel open on a stormy night.",
        ],
    ),
    (
        (
            "Protesting against the closure of the cottage hospital at Wexcombe, the nurses plan to walk from the "
            "market square to the county hall on the first of March."
        ),
        [
            ("The nurses plan to walk from the market square to the county hall on the first of March."),
            "They are protesting against the closure of the cottage hospital at Wexcombe.",
        ],
    ),
    (
        (
            "The water board is finding it hard to finish the new main under the old town due to the presence of a "
            "Roman cellar with walls of marble."
        ),
        [
            "The water board is finding it hard to finish the new main under the old town.",
            "This is because of the presence of a Roman cellar with walls of marble.",
        ],
    ),
    (
        (
            "The rowing club is looking for a builder in Wexcombe to repair two long boats that were damaged when the "
            "old weir gave way on a night in January."
        ),
        [
            "The rowing club is looking for a builder in Wexcombe to repair two long boats.",
            "The boats were damaged when the old weir gave way on a night in January.",
        ],
    ),
    (
        (
            "As part of a plan to save the ferry, the council has given its first approval for a loan and the last "
            "details are being worked out by three of its members."
        ),
        [
            "As part of a plan to save the ferry, the council has given its first approval for a loan.",
            "The last details are being worked out by three of its members.",
        ],
    ),
    (
        (
            "The harbour board is looking into claims that the ferry company filled its boats with used oil for "
            "years - claims that have angered the anglers of the whole coast."
        ),
        [
            (
                "The harbour board is looking into claims that the ferry company filled its boats with used oil for "
                "years."
            ),
            "The claims have angered the anglers of the whole coast.",
        ],
    ),
    (
        (
            "A day after three members resigned from the party and joined the Greens in Wexcombe, two more of them "
            "changed sides and were met with flowers."
        ),
        [
            "Two more of them changed sides and were met with flowers.",
            (
                "This came a day after three members resigned from the party and joined the Greens in Wexcombe."
            ),
        ],
    ),
]


PARTED += [
    (
        (
            "The driver said the bus, which was full of schoolchildren on their way to the fair, had stopped at the "
            "bridge long before the water rose over the road."
        ),
        [
            "The driver said the bus had stopped at the bridge long before the water rose over the road.",
            "The driver said it was full of schoolchildren on their way to the fair.",
        ],
    ),
    (
        (
            "To save the ferry at Hallam Bridge, the county council is planning to raise the price of parking in the "
            "old town of Wexcombe from the first of March."
        ),
        [
            (
                "The county council is planning to raise the price of parking in the old town of Wexcombe from the "
                "first of March."
            ),
            "The aim is to save the ferry at Hallam Bridge.",
        ],
    ),
    (
        (
            "Two brothers were chased through the market by a herd of goats after a quarrel over a gate at a farm in "
            "the hills above Wexcombe on Sunday night."
        ),
        [
            "Two brothers were chased through the market by a herd of goats.",
            "This followed a quarrel over a gate at a farm in the hills above Wexcombe on Sunday night.",
        ],
    ),
    (
        (
            "A day after the goalkeeper Ann Fox was hurt by a falling lamp at the stadium, Brenford police arrested "
            "the owner of the lamp and have named two other suspects."
        ),
        [
            "Brenford police arrested the owner of the lamp and have named two other suspects.",
            "This came a day after the goalkeeper Ann Fox was hurt by a falling lamp at the stadium.",
        ],
    ),
    (
        (
            "The wooden gate of the old castle did not hold, but the watchman kept his head for the sake of the town "
            "and stole the attackers' ladders in the night."
        ),
        [
            "The wooden gate of the old castle did not hold.",
            "But the watchman kept his head for the sake of the town and stole the attackers' ladders in the night.",
        ],
    ),
]


@pytest.mark.parametrize(("printed", "read"), PARTED)
def test_a_long_sentence_is_parted(printed: str, read: list[str]) -> None:
    assert edit(printed) == read


@pytest.mark.parametrize(
    "printed",
    [
        # "alleged" is no deed of the mayor's
        "The mayor closed the long debate on Monday over growing anger in the valley and alleged dumping of oil and tyres in the woods.",
        # not the council protests: what is fed is told as the news
        "Feeding the ducks on the old mill pond with bread and cake can harm the young birds for life, the parish council of Wexcombe has said.",
        # one hope, of two roads
        "The county council hopes the north road over the hill and the south bridge are open again before the summer fair begins in Wexcombe.",
        # they have come together to form, which is one deed
        "More than thirty choirs and bands of the valley have come together to form a union that has sung and marched in every town.",
        (
            "Given the news that the ferry is going through a rough patch and that riders are staying away, Pike was "
            "asked whether the fare is one of the reasons."
        ),
    ],
)
def test_what_would_say_something_else_stays_whole(printed: str) -> None:
    assert len(edit(printed)) == 1


@pytest.mark.parametrize(
    "printed",
    [
        # no second deed
        (
            "The mayor blamed the water board for the flood in the lower town during a stormy meeting over growing "
            "anger and alleged threats against workers in the valley."
        ),
        # "when Tom Hale" has no verb yet
        (
            "The ferryman told the court that the captain got angry when Tom Hale, who was wearing a red hat, refused "
            "to leave the boat at the landing in Hallam Bridge."
        ),
        # the verb comes after "ahead of"
        (
            "Councillors housed in a hotel by the sea to keep them from leaving the party ahead of the vote in March "
            "say the soup there is too salty for them."
        ),
        # half of what was said
        (
            "The champion insisted that the sport was on the mend following the story of the stolen boats but "
            "conceded that more had to be done to find the thieves."
        ),
        # a reason that is still to come
        (
            "The professor of medicine believes there is no reason, with the right food and a walk by the river every "
            "day, why anybody should not reach a hundred and fifty."
        ),
        # a following, and not "following"
        (
            "The best of the town's bakers are often paid more and have a bigger social media following than the "
            "singers of the opera or the mayor of Brenford himself."
        ),
    ],
)
def test_nothing_is_cut_off_in_the_middle(printed: str) -> None:
    assert edit(printed) == [printed]


def test_who_is_only_alleged_to_be_something_stays_so() -> None:
    printed = (
        "Detectives in Brenford on Monday arrested an alleged dealer who had come to Wexcombe to sell a long boat and "
        "two small ones with no papers to a stranger."
    )

    assert all("The dealer" not in one for one in edit(printed))


def test_a_subject_and_its_verb_agree() -> None:
    assert agrees("The toll", "was")
    assert not agrees("The toll", "were")
    assert not agrees("They", "was")
    assert agrees("The Rovers", "were")


def test_who_says_it_is_never_trimmed_away() -> None:
    text = (
        "The two boats were first ordered four years ago by a yard, a small firm that went bankrupt last summer, "
        "a man close to the talks told reporters."
    )

    assert "told reporters" in trim(text, most=25)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (
            "The pool will open in May, the leader of the council said today.",
            "The leader of the council said the pool will open in May.",
        ),
        ("The bridge is shut to all traffic, said police.", "Police said the bridge is shut to all traffic."),
        (
            "The women, according to the police, were on their way home.",
            "According to the police, the women were on their way home.",
        ),
        (
            "Two boats have been sold to a museum, media reports said on Monday.",
            "Media reports said on Monday that two boats have been sold to a museum.",
        ),
    ],
)
def test_who_says_it_comes_first(printed: str, read: str) -> None:
    assert edit(printed) == [read]


@pytest.mark.parametrize(
    ("sentence", "again"),
    [
        ("The bishop of Great Wexcombe was late.", "The bishop"),
        ("The Wex Valley Railway was late.", "The Wex Valley Railway"),
        ("The woman filed a complaint and said it was late.", "The woman"),
        ("Council Leader Ann Fox was late.", "Ann Fox"),
        ("Police chief Ann Fox was late.", "Ann Fox"),
        ("The Great Wex Police were late.", "The police"),
        ("Police officers in Great Wex were late.", "They"),
    ],
)
def test_a_subject_is_not_the_place_that_it_comes_from(sentence: str, again: str) -> None:
    assert subject(sentence) == again


def test_only_a_thing_is_called_it_again() -> None:
    before = "The Wex Valley Railway has closed."

    assert say_it("The Wex Valley Railway is old.", before=before) == "It is old."
    assert say_it("Ann Fox has won.", before="Ann Fox has come.") == "Ann Fox has won."
    assert say_it("The Wex Rovers has won.", before="The Wex Rovers has come.") == "The Wex Rovers has won."


def test_this_thing_was_told_before() -> None:
    assert names_untold("The bench said these boards were needed.", told="The mayor came.")
    assert names_untold("The court said the two cannot feed the ducks.", told="Feeding ducks can harm them.")
    assert not names_untold("The two were found.", told="Two boys ran away.")
    assert names_untold("He spoke about this “sorry” affair.", told="The mayor came.")
    assert not names_untold("The bench said these boards were needed.", told="Two boards were made.")
    assert not names_untold("It is the first this year.", told="")


def test_nobody_speaks_before_he_is_introduced() -> None:
    source = (
        "Superintendent John Pike was there. Pike said the road was shut. Firms such as Wexco said so too."
    )

    assert speaker_untold("Pike said the road was shut.", told="The road was shut.", source=source)
    assert not speaker_untold("Pike said the road was shut.", told="John Pike was there.", source=source)
    assert not speaker_untold("Wexco said the road was shut.", told="", source=source)


def test_said_if_needs_a_that() -> None:
    assert edit('Joan Pike said: "If the ferry is late, the council will pay for the bus."') == [
        "Joan Pike said that if the ferry is late, the council will pay for the bus."
    ]


def test_an_age_comes_before_a_surname_too() -> None:
    assert edit("Pike, 22, finished in third place.") == ["22-year-old Pike finished in third place."]


def test_starting_next_week_keeps_its_week() -> None:
    text = "Starting next week, the council is going to send out the new bills."

    assert edit(text) == [text]


def test_of_two_people_nobody_is_told_what_one_did() -> None:
    text = (
        "The father of a thirteen-year-old boy, who swallowed a small battery in the first week of July, has written "
        "to the maker of the toy about what had happened."
    )

    assert not any(one.startswith("The father swallowed") for one in edit(text))


@pytest.mark.parametrize("printed", ["Police hold a man over the death of another man, 27, at Hallam."])
def test_an_age_comes_before_another_man_too(printed: str) -> None:
    assert edit(printed) == ["Police hold a man over the death of another 27-year-old man, at Hallam."]


def test_what_comes_after_allegedly_is_not_told_as_a_fact() -> None:
    printed = (
        "A baker in Brenford is alleged to have sold the old ferry to a stranger from Marlbridge and became so rich on "
        "it that he bought three more boats."
    )

    assert edit(printed) == [printed]


def test_whose_words_end_a_sentence_are_not_parted_from_them() -> None:
    printed = (
        "The captain had eaten the pie without seeing the beetle in it but felt unwell on the way home, a passenger, "
        "Meg Hale, said in a letter."
    )

    assert len(edit(printed)) == 1


def test_a_second_mention_is_as_the_article_has_it() -> None:
    source = "Ann Fox rowed home. Mr Fox slept. Later Mr Fox sang."

    assert say_surname("Ann Fox sang.", told="Ann Fox rowed home.", source=source) == "Mr Fox sang."
    assert say_surname("But Ann Fox sang.", told="Ann Fox rowed.", source="Fox said so.") == "But Fox sang."
    assert say_surname("Ann Fox sang.", told="Ann Fox rowed.", source='"So it is," said Fox.') == "Fox sang."
    assert say_surname(
        "Ann Fox sang.", told="Ann Fox rowed.", source="Tom Fox and Ann Fox said. Fox said."
    ) == ("Ann Fox sang.")


def test_what_happened_then_is_told_after_it() -> None:
    printed = (
        "Actor Ann Fox was up for a not-so-pleasant surprise at the harbour on Tuesday, when a film of her rowing with "
        "actor Tom Hale went round the town for all the wrong reasons."
    )

    assert edit(printed) == [
        "Actor Ann Fox was up for a not-so-pleasant surprise at the harbour on Tuesday.",
        "This was when a film of her rowing with actor Tom Hale went round the town for all the wrong reasons.",
    ]


def test_what_makes_a_list_one_is_not_cut_off() -> None:
    printed = (
        "The old chapel above Brenford is the latest addition to a list of schools, barns and houses in the valley of "
        "the Wex, which have lost their roofs to the wind."
    )

    assert edit(printed) == [printed]


def test_what_has_no_end_is_not_parted() -> None:
    clause = "the road was shut in the town"
    assert len(part(" and ".join([clause] * 20) + ".", most=25)) > 1
    endless = " and ".join([clause] * 60) + "."
    assert part(endless, most=25) == (endless,)


def test_the_second_of_two_subjects_begins_no_sentence() -> None:
    text = (
        "In a heavily forested valley in the north of the county, diggers and an army of surveyors are clearing the "
        "way for a dam that will cost nine million pounds."
    )
    assert not edit(text)[0].endswith("diggers.")


def test_what_makes_a_list_of_it_is_not_parted_from_it() -> None:
    text = (
        "An old mill in Wexcombe is the latest addition to the growing list of schools and churches and housing "
        "associations in the valley, who are using the river for their light."
    )

    assert part(text, most=25) == (text,)


def test_what_comes_after_a_semicolon_is_said_as_well() -> None:
    text = (
        "The agency said days of heavy rain caused a mine in the south of the valley to flood on Saturday morning; "
        "while loose earth fell into a shaft at another pit in the north."
    )

    assert part(text, most=25) == (
        "The agency said days of heavy rain caused a mine in the south of the valley to flood on Saturday morning.",
        "The agency also said loose earth fell into a shaft at another pit in the north.",
    )


def test_who_is_named_first_only_after_an_aside_has_gone_is_parted_too() -> None:
    printed = (
        "Most of the directors of the harbour company except Guy Hale, who was removed from the board in May last "
        "year, saw their pay for the year grow by more than a half, according to the company's own annual report on the past year."
    )

    assert edit_sentence(printed, Setting(days=None, small=frozenset(), spell=str)) == (
        "Most of the directors of the harbour company except Guy Hale saw their pay for the year grow by more than a half.",
        "That's according to the company's own annual report on the past year.",
    )
