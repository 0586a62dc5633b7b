from __future__ import annotations

import pytest

from bulletin.script.headline import clean_title, write_headline
from bulletin.text import count_words

LEAD = "The county council has decided to end the ferry at Hallam Bridge after a century and a half on the river Wex."


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry to stop after 150 years", "Ferry is to stop after 150 years"),
        ("Ferry to stop after 150 years | Valley Gazette", "Ferry is to stop after 150 years"),
        ("Ferry to stop after 150 years - BBC News", "Ferry is to stop after 150 years"),
        ("EXCLUSIVE: Ferry to stop after 150 years.", "Ferry is to stop after 150 years"),
        ("Mayor calls ferry decision 'a disgrace'", "Mayor calls ferry decision a disgrace"),
        ("River news: The ferry will stop in March", "The ferry will stop in March"),
        ("'Like an old friend': last ferry leaves Hallam Bridge", "Last ferry leaves Hallam Bridge"),
        (
            "Ferry found safe after 11 months – three fields away",
            "Ferry is found safe after 11 months, three fields away",
        ),
        ("Brenford 2-1 Hallam United: late winner sends town third", "Late winner sends town third"),
        ("Rugby: Valley hold on for 24-18 win at Thornley", "Valley hold on for 24-18 win at Thornley"),
        (
            "Police appeal after cyclist, 72, is seriously hurt",
            "Police appeal after 72-year-old cyclist is seriously hurt",
        ),
        ("Joan Pike has died at ninety. And, the ferry stops", "Joan Pike has died at ninety"),
        ("Mayor 'sorry' for late ferry, says Pike", "Mayor sorry for late ferry, says Pike"),
        ("Swimmer Nell, 16, wins national gold", "Swimmer Nell wins national gold"),
        (
            "Council ends ferry service at Hallam Bridge after 150 years, as passengers turn to the new road",
            "Council ends ferry service at Hallam Bridge after 150 years",
        ),
    ],
)
def test_a_title_becomes_a_headline(title: str, headline: str) -> None:
    assert write_headline(title, first_sentence=LEAD) == headline


@pytest.mark.parametrize(
    "title",
    [
        "Will the ferry ever come back?",
        "How to cross the river in spring",
        "How Joan Pike lost the ferry and found a goat",
        "Inside the ferry that never sailed again",
        "Dread as the ferry 'great shambles' hangs over the valley",
        "Pike says ferry not tested since May",
        "We will fight on: Pike",
        "End of the line for the ferry: Council",
        "Ferry: live updates",
        "Ferry",
        "",
        "Joan Pike said that the ferry and the boathouse and the landing and the old crane must all go now",
        "The county council has decided to end the ferry at Hallam Bridge…",
        "Mapping floods along the river Wex",
        "Joan Pike on what led to her fall",
        "Their boat, until it wasn't - the ferry that had it all",
        "Her last trip ends in tears at Hallam Bridge",
        "Wexcombe poet: Ferryman on his last boat",
    ],
)
def test_what_is_no_headline_is_not_read_as_one(title: str) -> None:
    assert write_headline(title, first_sentence=LEAD) == ""


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Two men held over theft of ferry bell", "Two men are held over theft of ferry bell"),
        ("Ferryman, 72, jailed for theft of bell", "72-year-old ferryman is jailed for theft of bell"),
        ("Joan Pike, 90, ferryman, honoured in Wexcombe", "Joan Pike, ferryman, is honoured in Wexcombe"),
        ("Court fines school for scaring 7 yr old", "Court fines school for scaring 7-year-old"),
        (
            "Ferryman on trial for leaving passengers on island",
            "Ferryman is on trial for leaving passengers on island",
        ),
        (
            "Hallam Bridge Council under investigation over ferry",
            "Hallam Bridge Council is under investigation over ferry",
        ),
        ("Seven dead in ferry crash", "Seven are dead in ferry crash"),
        ("Up to fifty hurt in ferry crash", "Up to fifty are hurt in ferry crash"),
        ("At least five hurt in ferry crash", "At least five are hurt in ferry crash"),
        ("Brenford and Wexcombe to share ferry", "Brenford and Wexcombe are to share ferry"),
        ("MPs to visit ferry at Hallam Bridge", "MPs are to visit ferry at Hallam Bridge"),
        ("Over £5,000 stolen from ferry in night", "Over £5,000 is stolen from ferry in night"),
        ("Council ordered to mend ferry by May", "Council is ordered to mend ferry by May"),
        # whose verb it is, or how many they are, is not sure
        ("Man caught speeding kisses policeman on ferry", "Man caught speeding kisses policeman on ferry"),
        ("Hallam Rovers beaten in cup final at Thornley", "Hallam Rovers beaten in cup final at Thornley"),
        ("Two ferrymen appear on trial boat at Wexcombe", "Two ferrymen appear on trial boat at Wexcombe"),
        ("Two ferrymen go on trial over theft", "Two ferrymen go on trial over theft"),
        ("Ferryman presumed dead in flood", "Ferryman presumed dead in flood"),
        ("Two dead, one hurt in ferry crash", "Two dead, one hurt in ferry crash"),
        (
            "Boat under investigation after leaks gets approval",
            "Boat under investigation after leaks gets approval",
        ),
        ("Names of war dead in church book", "Names of war dead in church book"),
        ("Plan to mend ferry goes to council", "Plan to mend ferry goes to council"),
        ("Police raided boathouse at Hallam Bridge", "Police raided boathouse at Hallam Bridge"),
    ],
)
def test_what_print_leaves_out_is_said(title: str, headline: str) -> None:
    assert write_headline(title, first_sentence=LEAD) == headline


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry will come back in May, says Joan Pike", "Joan Pike says ferry will come back in May"),
        (
            "Ferry has lost a third of its riders, report finds",
            "Report finds ferry has lost a third of its riders",
        ),
        ("Ferry is safe in flood: Police", "Police say ferry is safe in flood"),
        ("Ferry is safe in flood: Council leader", "Council leader says ferry is safe in flood"),
        # too long with its verb
        (
            "Ferry and its old boathouse expected to go to the county museum, officials say",
            "Ferry and its old boathouse expected to go to the county museum",
        ),
    ],
)
def test_who_says_it_comes_first_in_a_headline_too(title: str, headline: str) -> None:
    assert write_headline(title, first_sentence=LEAD) == headline


def test_a_name_after_a_colon_speaks_only_where_the_story_says_so() -> None:
    title = "New law targets biggest landowner: Pike"
    said = "Joan Pike said the law was aimed at the landowners."

    assert write_headline(title, first_sentence=LEAD) == ""
    assert write_headline(title, first_sentence=said) == "Pike says new law targets biggest landowner"


@pytest.mark.parametrize(
    "title",
    [
        "The mystery of the lost ferry",
        "The valley's most patient volunteers",
        "A life on the river, in pictures",
        "Welcome to Wexcombe's secret island",
        "Take the ferry to Brenford",
        "Mayor calls ferry a shithole on live radio",
        "Training to Beat the Mayor",
        "Joan Pike, the ferryman who knew every stone of it",
        "Ferry toys for children in the valley's schools are almost as hard to get as a medal",
    ],
)
def test_a_topic_is_no_headline(title: str) -> None:
    assert write_headline(title, first_sentence=LEAD) == ""


def test_a_verb_that_is_told_after_somebody_is_kept() -> None:
    assert write_headline("Ferryman who knew every stone dies", first_sentence=LEAD) != ""
    title = "Joan Pike, poet whose verses helped save the old ferry at Hallam, dies at 90"
    assert write_headline(title, first_sentence=LEAD) == ""


def test_a_headline_does_not_repeat_the_first_sentence() -> None:
    title = "Ferry at Hallam Bridge will stop in March"

    assert write_headline(title, first_sentence="The ferry at Hallam Bridge will stop in March.") == ""


def test_a_title_without_end_is_none() -> None:
    assert write_headline("a, " * 30_000 + "ferry stops", first_sentence=LEAD) == ""


def test_a_headline_is_short() -> None:
    title = "Council ends ferry at Hallam Bridge, after 150 years, as passengers turn to road, bus and train"

    assert 0 < count_words(write_headline(title, first_sentence=LEAD)) <= 12


def test_the_chapters_title_keeps_a_question() -> None:
    assert clean_title("Will the ferry come back? | Valley Gazette") == "Will the ferry come back?"


@pytest.mark.parametrize(
    ("title", "is_one"), [("Bridge closes Monday", False), ("Corn Bridge closes Monday", True)]
)
def test_a_headline_has_four_words_at_least(title: str, is_one: bool) -> None:
    assert (
        bool(write_headline(title, first_sentence="The council is to shut a road for six weeks.")) is is_one
    )


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        # a draw keeps nobody in prison
        ("Town held to draw by Brenford", "Town held to draw by Brenford"),
        ("Ferryman held after theft of bell", "Ferryman is held after theft of bell"),
        # a name perhaps
        ("Said to resign over ferry", "Said to resign over ferry"),
        # stars and small pictures round it
        ("★ Ferry sinks in Wexcombe harbour", "Ferry sinks in Wexcombe harbour"),
        ("Ferry sinks in Wexcombe harbour 🚢🚢", "Ferry sinks in Wexcombe harbour"),
        # between two statements
        ("Ferry sinks in harbour ♥ crew saved!", ""),
    ],
)
def test_a_headline_is_no_more_than_it_says(title: str, headline: str) -> None:
    assert write_headline(title, first_sentence="The mayor spoke.") == headline


def test_a_headline_keeps_its_news_where_that_comes_last() -> None:
    title = "Joan Pike, known for rowing the ferry between the two harbours of Wexcombe, dead at 90"

    assert write_headline(title, first_sentence="She rowed.") == "Joan Pike dead at 90"
