from __future__ import annotations

import pytest

from bulletin.articles.markup.html_to_text import inner_text, parse_html
from bulletin.articles.pages.remove_teasers import drop_headline, drop_teasers

LINK = '<a href="/2">Ferry was forty years old</a>'


def text_without_teasers(body: str) -> str:
    tree = parse_html(f"<html><body>{body}</body></html>".encode())
    assert tree is not None
    drop_teasers(tree)
    return inner_text(tree)


@pytest.mark.parametrize(
    "teaser",
    [
        f"<p>{LINK}</p>",
        f"<p><strong>READ MORE: {LINK}</strong></p>",
        f"<p>Lesen Sie auch: {LINK}</p>",
        f"<ul><li>{LINK}</li><li>{LINK}</li></ul>",
        f"<h4>Also of interest</h4><h3>{LINK}</h3>",
        f"<p>More on what happened at the harbour:</p><p>{LINK}</p>",
        '<a href="/2"><div><h3>Old ferry</h3><p>A ferry of forty years was still in service off Wexcombe.</p></div></a>',
    ],
)
def test_a_paragraph_that_is_a_link_to_another_article_goes(teaser: str) -> None:
    assert text_without_teasers(f"<p>It sank.</p>{teaser}<p>Nobody drowned.</p>") == "It sank.Nobody drowned."


@pytest.mark.parametrize(
    "inline",
    [
        f"<b>READ MORE: {LINK}</b>",
        f"READ MORE: {LINK}",
        f"<b>READ MORE:</b> {LINK}",
        f"<em><b>Les også: {LINK}</b></em>",
    ],
)
def test_a_labelled_link_between_two_sentences_goes(inline: str) -> None:
    words = text_without_teasers(f"<p>It sank on Monday. {inline} Nobody drowned.</p>")

    assert " ".join(words.split()) == "It sank on Monday. Nobody drowned."


def test_text_long_before_a_label_stays() -> None:
    long = "The ferry was old and slow and loved by all. " * 20

    assert text_without_teasers(f"<p>{long}READ MORE: {LINK}</p>").split() == long.split()


def test_a_link_after_the_last_sentence_goes() -> None:
    assert text_without_teasers(f"<p>It sank on Monday. {LINK}</p>") == "It sank on Monday."


@pytest.mark.parametrize(
    "paragraph",
    [
        'It sank off <a href="/w">Wexcombe</a> on Monday.',
        'It sank. <a href="/c">Wexcombe County Council</a> leader Joan Pike said so.',
        'It sank. <a href="/c">Joan Pike, who leads the council</a>, said so.',
        'Pike <a href="/t">told the harbour board on Friday</a> that it sank.',
        '<a href="/t">The ferry sank on Monday with nobody aboard.</a>',
        'The council said: <a href="/t">“The ferry was safe.”</a>',
        '<a href="/c">Joan Pike</a>',
    ],
)
def test_a_sentence_with_a_link_in_it_stays(paragraph: str) -> None:
    tree = parse_html(f"<p>{paragraph}</p>".encode())
    assert tree is not None

    assert text_without_teasers(f"<p>{paragraph}</p>") == inner_text(tree)


def test_the_headline_is_taken_out_and_known() -> None:
    tree = parse_html(b"<body><h1>Ferry <em>sinks</em></h1><p>It sank.</p></body>")
    assert tree is not None

    assert drop_headline(tree) == ["Ferry sinks"]
    assert inner_text(tree) == "It sank."
