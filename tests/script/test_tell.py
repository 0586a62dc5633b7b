from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bulletin.script.edits.dates import reckon_days
from bulletin.script.edits.days import Days
from bulletin.script.lint import lint_story
from bulletin.script.phrases import load_phrases
from bulletin.script.support import find_unsupported
from bulletin.script.tell import tell_article
from bulletin.script.telling import Telling
from tests.factories import make_article

SEED = Path(__file__).parents[2].parent / "shared" / "data" / "seed-article.txt"
PHRASES = load_phrases("en-GB")


def tell(text: str, *, days: Days | None = None, **changes: Any) -> Telling:
    return tell_article(make_article(text=text, **changes), phrases=PHRASES, days=days)


def said(telling: Telling) -> list[str]:
    return [sentence for piece in telling.pieces for sentence in piece.sentences]


def test_quotations_of_several_sentences_that_cannot_be_reported_are_left_out() -> None:
    text = (
        "The ferry at Hallam Bridge will stop in March. “My heart is broken. That boat was all there was. "
        "What will replace it?” said the ferryman. The council voted for the plan on Tuesday."
    )

    assert said(tell(text)) == [
        "The ferry at Hallam Bridge will stop in March.",
        "The council voted for the plan on Tuesday.",
    ]


def test_a_story_never_opens_with_a_pronoun() -> None:
    text = (
        "It was a sad day. She had run it for years. The ferry at Hallam Bridge stopped on Monday for good."
    )

    assert said(tell(text))[0] == "The ferry at Hallam Bridge stopped on Monday for good."


def test_a_connective_goes_with_the_sentence_it_answers() -> None:
    text = (
        "The ferry will stop in March. Who will miss it? But the council has kept the boat. "
        "However, the landing will be sold."
    )

    assert said(tell(text)) == [
        "The ferry will stop in March.",
        "The council has kept the boat.",
        "However, the landing will be sold.",
    ]


def test_a_full_name_brings_its_own_origin() -> None:
    text = (
        "The ferry at Hallam Bridge will stop in March. Was it ever safe? Ms Pike told the council that the money "
        "was needed for buses. The meeting was opened by Joan Pike on Tuesday."
    )

    telling = tell(text)
    piece = telling.pieces[1]

    assert piece.sentences[0].startswith("Joan Pike told the council")
    assert [origin.text for origin in piece.origins] == [
        "Ms Pike told the council that the money was needed for buses.",
        "The meeting was opened by Joan Pike on Tuesday.",
    ]


def test_days_are_reckoned_from_the_articles_date() -> None:
    days = Days(written=date(2026, 11, 24), on_air=date(2026, 11, 25))

    assert said(tell("The ferry stopped for good yesterday.", days=days)) == [
        "The ferry stopped for good on Monday."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Wexcombe",
        "Who? What? Where?",
        "Milk\nBread\nButter\nEggs",
        "😀 😀 😀",
        "Click here to subscribe to our newsletter.",
    ],
)
def test_an_article_that_says_nothing_gives_a_reason(text: str) -> None:
    telling = tell(text, summary="", title="Shopping")

    assert telling.pieces == ()
    assert telling.reason


def test_only_the_day_that_was_reckoned_may_be_named() -> None:
    days = Days(written=date(2026, 11, 24), on_air=date(2026, 11, 25))

    assert reckon_days(["The ferry stopped yesterday."], days) == ("Monday",)
    assert reckon_days(["The ferry stopped on Friday."], days) == ()
    assert reckon_days(["The ferry stopped yesterday."], None) == ()


LIVE_BLOG = """\
10:42am

The bridge over the Wex has been closed after a lorry hit the parapet, the county council says.

10:15am Joan Pike

Good morning and welcome to our live coverage of the storm in the Wex valley.

10:05am

Trees are down on the road between Wexcombe and Brenford, and two schools have closed for the day.

09:58am

We will bring you updates as we get them.
"""


def test_a_live_blog_is_told_without_its_clock() -> None:
    told = " ".join(said(tell(LIVE_BLOG, title="Storm in the Wex valley: live updates")))

    assert "closed after a lorry hit the parapet" in told
    assert "two schools have closed for the day" in told
    for unsaid in ("10:", "09:", "welcome", "updates", "live coverage"):
        assert unsaid not in told


@pytest.mark.parametrize("mark", ["🎉 ", "\u202b", "\u200f", "\ufeff", "\u2066"])
def test_marks_that_nobody_hears_are_not_told(mark: str) -> None:
    text = f"{mark}The ferry at Hallam Bridge will stop in March after a hundred and fifty years.{mark}"

    assert said(tell(text, title="Ferry")) == [
        "The ferry at Hallam Bridge will stop in March after a hundred and fifty years."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Der Gemeinderat hat am Montag beschlossen, das alte Hallenbad an der Mühlgasse neu zu bauen und zu erweitern.",
        "Le conseil municipal a décidé lundi de reconstruire la piscine de la rue du Moulin pour quatre millions.",
        "قرر مجلس المدينة يوم الاثنين إعادة بناء المسبح القديم في شارع الطاحونة بتكلفة أربعة ملايين.",
        "市議会は月曜日、水車通りの古いプールを建て替えることを決めた。",
    ],
)
def test_another_language_is_left_out_and_said_so(text: str) -> None:
    assert "language" in tell(text).reason


@pytest.mark.parametrize(
    "piece",
    [
        "The cat, who ",
        '"',
        "A, ",
        " . ",
        "(PTI) ",
        "Read more: ",
        "said ",
        "a\n",
        "&amp;",
        "<b",
        "2020The ",
        "🎉 ",
    ],
)
def test_a_megabyte_of_anything_ends(piece: str) -> None:
    text = piece * (1_000_000 // len(piece)) + "."

    assert isinstance(tell(text, title=text[:5000]), Telling)


def test_every_sentence_of_a_long_article_is_supported() -> None:
    text = "\n\n".join(
        f"The council in Town {name} voted by {number} to 4 on Monday. The leader, Joan Pike, {number + 20}, said "
        f"the £{number}m plan would not be changed, according to the clerk of the works in Brenford."
        for number, name in enumerate(("Ashby", "Barton", "Corley", "Denham", "Elstow"), start=11)
    )

    telling = tell(text)

    assert telling.pieces
    for piece in telling.pieces:
        for sentence in piece.sentences:
            assert find_unsupported(sentence, [origin.text for origin in piece.origins]) == ()


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not part of the project")
def test_the_first_article_is_told_without_the_page_around_it() -> None:
    title, _, text = SEED.read_text(encoding="utf-8").partition("\n")

    telling = tell(f"{title}\n{text}", title=title)
    told = " ".join(said(telling))

    for word in (
        "Read more",
        "Rate this",
        "votes",
        "LISTEN",
        "103.5",
        "Smart Speaker",
        "June 18",
        "Bill Gates",
    ):
        assert word not in told
    assert "Blinken" in told
    assert "Beijing" in told
    assert not [remark for remark in lint_story(said(telling)) if remark.is_error]


FERRY = (
    "The ferry at Hallam Bridge will stop in March after ninety years because its engine can no longer be mended. "
    "The council has no money for another boat, and no bidder came forward when the landing was offered for sale. "
    "The school has hired two buses for the pupils who cross the river every morning."
)


def test_a_sentence_far_down_that_has_no_word_of_the_news_is_left_out() -> None:
    quoted = " ".join(f"“Who asked {name}? Nobody did.”" for name in ("Ann", "Joan", "Guy", "Mary"))
    stray = "Marmalade was first made in the valley by two sisters from Portugal."
    after = "A last ferry for visitors is planned for Easter."

    told = said(tell(f"{FERRY}\n\n{quoted}\n\n{stray} {after}", title="Hallam Bridge ferry to stop"))

    assert stray not in told
    assert after in told


def test_somebody_is_he_or_she_in_the_second_half_of_a_sentence() -> None:
    lead = (
        "Mary Orchard has mended more than sixty church organs in a life spent on the road and is known for a book on "
        "the pipes of the abbey."
    )

    told = said(
        tell(lead + " The singer's wife Mary Orchard lives in Wexcombe.", title="Organ mender honoured")
    )

    assert told[:2] == [
        "Mary Orchard has mended more than sixty church organs in a life spent on the road.",
        "She is known for a book on the pipes of the abbey.",
    ]


def test_nobody_is_he_or_she_where_somebody_else_was_named() -> None:
    lead = (
        "Mary Orchard has mended more than sixty organs with the help of Joan Pike from the abbey and is known for a "
        "book on pipes and bellows."
    )

    told = said(tell(lead, title="Organ mender honoured"))

    assert not any(one.startswith(("She ", "He ")) for one in told)


UNSAID = [
    # nobody knows what number, nor what "it" is
    "Last year the number stood at 515 across the county.",
    "The auditor said it showed a want of care in the office.",
    # the speaker in the middle of what she said
    "There is a lot of time for boats, she remarked days after the town lost the cup at Brenford.",
    # half of a comparison, and a picture's words
    "While Hale and Pike stayed away from eight.",
    "On the bank: Sergeant Guy Hale marshalling walkers at the landing of the ferry.",
]


@pytest.mark.parametrize("sentence", UNSAID)
def test_what_hangs_on_something_untold_is_left_out(sentence: str) -> None:
    text = f"{FERRY} “Who asked us? Nobody did.” {sentence} The last ferry sails at Easter."

    told = said(tell(text, title="Hallam Bridge ferry to stop"))

    assert "The last ferry sails at Easter." in told
    assert not any(sentence[5:30] in one for one in told)


def test_a_story_that_cannot_open_with_its_first_sentence_names_the_thing() -> None:
    text = (
        "It looks like a cushion that somebody has lost on the beach. "
        "Experts say there could be an influx of these barrel jellyfish over the next months because of the warm sea. "
        "The creatures are harmless to bathers, and as wide as the lid of a dustbin. "
        "A walker found the largest jellyfish of the summer on the sands below the Brenford lighthouse."
    )

    told = said(tell(text, title="Jellyfish on the way"))

    assert told[0] == (
        "Experts say there could be an influx of barrel jellyfish over the next months because of the warm sea."
    )


def test_two_sentences_without_a_space_between_them_are_two() -> None:
    text = f"{FERRY} The council walked out of the talks with the bidders from Brenford.Speaking to the crew, the mayor said she was sorry."

    told = said(tell(text, title="Hallam Bridge ferry to stop"))

    assert "The council walked out of the talks with the bidders from Brenford." in told


def test_an_age_comes_before_an_initial_too() -> None:
    text = f"The ferryman, E Hale, 34, was hurt when the chain broke. {FERRY}"

    assert said(tell(text, title="Ferryman hurt"))[0].startswith("The ferryman, 34-year-old E Hale, was hurt")


def test_a_story_may_end_after_the_first_half_of_a_sentence_that_was_parted() -> None:
    text = (
        "The county highways office is finding it hard to finish the new bridge across the river at Hallam due to "
        "the presence of a hundred nests under the old one."
    )
    pieces = tell(text).pieces

    assert [(piece.place, len(piece.sentences)) for piece in pieces] == [(0, 1), (0, 1)]
    assert pieces[0].origins == pieces[1].origins
    assert pieces[1].sentences[0].startswith("This is because")
