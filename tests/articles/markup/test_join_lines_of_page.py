from __future__ import annotations

import pytest
from lxml import etree

from bulletin.articles.markup.html_to_text import parse_html
from bulletin.articles.markup.join_lines_of_page import join_lines


def joined(body: str, language: str = "en") -> str:
    tree = parse_html(f'<html lang="{language}"><body>{body}</body></html>'.encode())
    assert tree is not None
    join_lines(tree)
    return etree.tostring(tree.find("body"), encoding="unicode", method="html")[6:-7]


@pytest.mark.parametrize(
    ("body", "language", "expected"),
    [
        ("<p>The ferry\n  sank off <b>the\ncoast</b>\nof Wexcombe.</p>", "en", "<p>The ferry sank off <b>the coast</b> of Wexcombe.</p>"),
        ("<p>Alle Busse der <br>Stadt fahren <br />mit dem neuen<br>Kraftstoff.</p>", "de-DE", "<p>Alle Busse der Stadt fahren mit dem neuen Kraftstoff.</p>"),
        ("<p>It \x07sank\noff.</p>", "en", "<p>It sank off.</p>"),
        ("<p>It sank off the<br>Wexcombe coast.</p>", "en", "<p>It sank off the Wexcombe coast.</p>"),
    ],
)  # fmt: skip
def test_lines_of_one_sentence_are_joined(body: str, language: str, expected: str) -> None:
    assert joined(body, language) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<pre>The ferry\nsank</pre>",
        '<p style="white-space: pre-line">By Ann Fox\nThe ferry sank.</p>',
        "<p>By Ann Fox<br>The ferry sank.</p>",
        "<p>the ferry sank<br>The moon shone</p>",
        "<p>flour for the<br><br>Wexcombe cake</p>",
        "<p>First paragraph\n\nSecond paragraph</p>",
        "<p>500 g flour<br>2 eggs</p>",
    ],
)
def test_lines_that_stand_alone_stay(body: str) -> None:
    assert joined(body) == body
