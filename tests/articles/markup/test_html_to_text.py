from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.articles.markup.html_to_text import parse_html, plain_text, plain_title, tidy


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Plain words", "Plain words"),
        ("  Two\n lines ", "Two lines"),
        ("Q&amp;A &pound;5", "Q&A £5"),
        ("&lt;a href='https://news.example/x#live'&gt;Ban on alcohol&lt;/a&gt;", "Ban on alcohol"),
        ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt; Triple", "Triple"),
        ("<script>alert(1)</script>Breaking", "Breaking"),
        ("<b>Bold</b> and <i>italic</i>", "Bold and italic"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("Safe \u202egnp.exe\u202c \u200bzero\ufeff-width", "Safe gnp.exe zero-width"),
        ("\U000e0049\U000e0067Hidden tags", "Hidden tags"),
        ("Soft\xadhyphen", "Softhyphen"),
        ("\x1b[31mred\x9b", "[31mred"),
        ("", ""),
    ],
)
def test_a_title_is_one_plain_line(markup: str, expected: str) -> None:
    assert plain_title(markup) == expected


def test_a_title_is_never_endless() -> None:
    assert len(plain_title("word " * 100_000)) <= 301


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<div>One.<div>Two.</div>Three.</div>", "One.\n\nTwo.\n\nThree."),
        ("One.<br>Two.<br/><br/>Three.", "One.\n\nTwo.\n\nThree."),
        ("Runs on over<br>the end of a line.", "Runs on over the end of a line."),
        ("Read more:<br>Chinese minister warns", "Read more:\n\nChinese minister warns"),
        ("<ul><li>A</li><li>B</li></ul>", "A\n\nB"),
        ("<p>One <b>bold</b>\nword.</p>", "One bold word."),
        ("AT&amp;T &pound;5 &lt;tag&gt;", "AT&T £5 <tag>"),
        ("<p>Text</p><figure><img><figcaption>A caption</figcaption></figure><p>More</p>", "Text\n\nMore"),
        ("<p>Text<script>x()</script> and<style>p{}</style> tail</p>", "Text and tail"),
        ('<p>Seen <span style="display:none">not seen</span>again</p>', "Seen again"),
        ("<!-- note -->Words <!-- note -->after", "Words after"),
        ("Plain text,\nwrapped.\n\nSecond paragraph.", "Plain text, wrapped.\n\nSecond paragraph."),
        ("a < b", "a < b"),
        ("<p>One\n\n  <b>bold</b>\n\n word.</p>", "One bold word."),
        ("One <b>bold</b>.\n\nTwo &amp; three.", "One bold.\n\nTwo & three."),
        ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;", "One & two.\n\nThree."),
        ("<p>One.</p>&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("<p>It&amp;rsquo;s &amp;#163;5</p>", "It’s £5"),
        ("<img src=x>", ""),
        ("", ""),
    ],
)
def test_a_body_becomes_paragraphs(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


def test_depth_is_no_danger() -> None:
    assert plain_text("<div>" * 50_000 + "words" + "</div>" * 50_000) in ("words", "")


def test_text_after_the_tree_is_left_out() -> None:
    tree = parse_html(b"<p>one</p>two")
    assert tree is not None
    paragraph = next(tree.iter("p"))

    from bulletin.articles.markup.html_to_text import tree_to_text

    assert tidy(tree_to_text(paragraph)) == "one"


@given(st.text(max_size=300))
def test_invisible_characters_are_removed(markup: str) -> None:
    text = plain_text(markup) + plain_title(markup)

    assert not set(text) & set("\x00\x07\x1b\u200b\u202e\u2066\ufeff\U000e0041")
    assert "\n\n\n" not in text
