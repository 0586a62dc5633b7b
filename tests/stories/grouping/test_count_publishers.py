"""Independent publishers of a story."""

from __future__ import annotations

import pytest

from bulletin.stories.grouping.count_publishers import count_publishers, domain_of, group_publishers
from tests.support.factories import make_article


def test_sister_titles_of_one_owner_are_one_publisher() -> None:
    articles = [
        make_article(credit="BBC News", link="https://www.bbc.com/news/1"),
        make_article(credit="BBC Sport", link="https://www.bbc.co.uk/sport/1"),
        make_article(credit="the Wexcombe Gazette", link="https://gazette.example/1"),
    ]

    assert group_publishers(articles) == [("BBC News", "BBC Sport"), ("the Wexcombe Gazette",)]


def test_one_registrable_domain_or_one_credit_is_one_publisher() -> None:
    def count(*pairs: tuple[str, str]) -> int:
        return count_publishers([make_article(credit=credit, link=link) for credit, link in pairs])

    assert count(("Wex News", "https://news.wex.co.uk/1"), ("Wex Sport", "https://sport.wex.co.uk/1")) == 1
    assert count(("Wex News", "https://wex.example/1"), ("wex news", "https://feeds.example/2")) == 1
    assert count(("Wex News", "https://wex.co.uk/1"), ("Marl News", "https://marl.co.uk/1")) == 2
    # an address on a shared host says nothing
    assert count(("Wex News", "https://news.google.com/1"), ("Marl News", "https://news.google.com/2")) == 2
    # two publishers linked through a third are one
    assert (
        count(("A", "https://a.example/1"), ("B", "https://b.example/1"), ("B", "https://a.example/2")) == 1
    )


def test_a_station_may_name_owners() -> None:
    articles = [
        make_article(credit="Wex Gazette", link=""),
        make_article(credit="Herald", link="https://h.example/"),
    ]

    assert count_publishers(articles) == 2
    assert count_publishers(articles, owners={"Wex Media": ("Wex Gazette", "h.example")}) == 1


@pytest.mark.parametrize(
    ("link", "domain"),
    [
        ("https://[", ""),
        ("", ""),
        ("http://127.0.0.3:8000/a", "127.0.0.3"),
        ("https://a.b.com.au/x", "b.com.au"),
    ],
)
def test_any_link_has_a_domain_or_none(link: str, domain: str) -> None:
    assert domain_of(link) == domain
