from __future__ import annotations

import json

import pytest

from bulletin.articles.markup.html_to_text import parse_html
from bulletin.articles.pages.page_metadata import Metadata, read_metadata


def ld(*values: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)


def read(head: str, body: str = "<p>Words.</p>") -> Metadata:
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert tree is not None
    return read_metadata(tree)


ARTICLE = {"@type": "NewsArticle", "articleSection": "Politics", "articleBody": "The ferry sank."}


def test_the_articles_node_says_section_type_and_text() -> None:
    assert read(ld(ARTICLE)) == Metadata(section="Politics", page_type="NewsArticle", body="The ferry sank.")


def test_the_node_may_stand_in_a_graph_or_a_list() -> None:
    assert read(ld({"@graph": [{"@type": "WebSite"}, ARTICLE]})).section == "Politics"
    assert read(ld([{"@type": "WebPage", "mainEntity": ARTICLE}])).section == "Politics"


def test_articles_that_the_page_only_lists_are_not_its_own() -> None:
    teaser = {"@type": "NewsArticle", "articleSection": "Recipes"}

    assert read(ld({"@type": "ItemList", "itemListElement": [{"item": teaser}]})) == Metadata()


@pytest.mark.parametrize(
    ("types", "page_type"),
    [
        (["NewsArticle", "OpinionNewsArticle"], "OpinionNewsArticle"),
        (["Article", "NewsArticle"], "NewsArticle"),
        ("http://schema.org/LiveBlogPosting", "LiveBlogPosting"),
        ("schema:Recipe", "Recipe"),
        ("Person", ""),
        (7, ""),
    ],
)
def test_the_type_that_says_most_is_taken(types: object, page_type: str) -> None:
    assert read(ld({"@type": types})).page_type == page_type


def test_a_type_of_open_graph_is_none() -> None:
    assert read('<meta property="og:type" content="article">').page_type == ""


def test_microdata_stand_in_for_json() -> None:
    body = '<div itemscope itemtype="https://schema.org/NewsArticle"><p>Words.</p></div>'

    assert read("", body).page_type == "NewsArticle"


@pytest.mark.parametrize("name", ["article:section", "og:section"])
def test_the_section_may_stand_in_a_meta_element(name: str) -> None:
    assert read(f'<meta property="{name}" content="Arts &amp; Leisure">').section == "Arts & Leisure"


def crumbs(*names: str, home: str = "https://gazette.example/") -> str:
    items = [
        {"@type": "ListItem", "name": name, "item": home if n == 0 else f"https://gazette.example/{n}"}
        for n, name in enumerate(names)
    ]
    return ld({"@type": "BreadcrumbList", "itemListElement": items})


def test_the_breadcrumbs_second_level_is_a_section() -> None:
    assert read(crumbs("Home", "Sport", "Ferry race won")).section == "Sport"
    assert read(crumbs("Home", "Sport")).section == "Sport"


def test_the_article_itself_is_no_section() -> None:
    assert read(crumbs("Home", "Ferry sinks off Wexcombe")).section == ""


def test_breadcrumbs_may_begin_with_the_section() -> None:
    assert read(crumbs("Sport", "Rowing", "Ferry race", home="https://g.example/sport")).section == "Sport"


def test_the_main_section_comes_first_of_several() -> None:
    assert read(ld({"@type": "Article", "articleSection": ["UK", "Opinion", "UK"]})).section == "UK / Opinion"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", ',
        "[" * 100_000,
        '{"@graph":' * 5000 + "1" + "}" * 5000,
        '{"@type": "NewsArticle", "articleSection": "x' + "y" * 600_000 + '"}',
        '{"@type": {"a": 1}, "articleSection": {"b": 2}}',
        "[" + '{"@type":"WebSite"},' * 5000 + '{"@type":"NewsArticle"}]',
    ],
)
def test_hostile_json_is_ignored(script: str) -> None:
    assert read(f'<script type="application/ld+json">{script}</script>') == Metadata()


def test_line_breaks_and_comment_marks_do_no_harm() -> None:
    script = '<!--\n{"@type": "Article", "articleSection": "Trade\n"}\n-->'

    assert read(f'<script type="application/ld+json">{script}</script>').section == "Trade"


def test_headlines_and_paid_parts_are_read() -> None:
    parts = [
        {"isAccessibleForFree": "False", "cssSelector": ".paywall"},
        {"isAccessibleForFree": True, "cssSelector": ".intro"},
        {"isAccessibleForFree": False, "cssSelector": "body *"},
    ]
    node = {"@type": "NewsArticle", "headline": "Ferry &amp; harbour", "hasPart": parts}
    metadata = read(ld(node) + '<meta property="og:title" content="Ferry sinks">')

    assert metadata.headlines == ("Ferry & harbour", "Ferry sinks")
    assert metadata.paid_classes == {"paywall"}
    assert metadata.is_paid
