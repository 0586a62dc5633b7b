from __future__ import annotations

from bulletin.script.edits.people import give_full_names

ARTICLE = "The council leader Joan Pike opened the pool. Ms Pike swam first. Pike said it was cold."


def test_the_first_mention_is_the_full_name() -> None:
    assert give_full_names("Ms Pike swam first.", source=ARTICLE, told="") == "Joan Pike swam first."
    assert give_full_names("Pike said it was cold.", source=ARTICLE, told="") == "Joan Pike said it was cold."


def test_later_mentions_stay_short() -> None:
    told = "Joan Pike opened the pool."

    assert give_full_names("Ms Pike swam first.", source=ARTICLE, told=told) == "Ms Pike swam first."


def test_a_name_the_article_never_gives_stays_as_it_is() -> None:
    assert give_full_names("Mr Hale left.", source="Mr Hale left.", told="") == "Mr Hale left."
