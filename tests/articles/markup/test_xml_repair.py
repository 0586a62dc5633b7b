from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.articles.markup.xml_repair import decode, looks_like_html, preclean

FEED = "<rss><channel><title>{}</title></channel></rss>"


def title_of(text: str) -> str | None:
    return ET.fromstring(preclean(text)).findtext("channel/title")


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        ("\ufeffpound £".encode(), "", "pound £"),
        ("pound £".encode("utf-16"), "", "pound £"),
        ("pound £ – dash".encode(), "iso-8859-1", "pound £ – dash"),
        ("It’s £5 – “fine”".encode("cp1252"), "utf-8", "It’s £5 – “fine”"),
        ('<?xml version="1.0" encoding="windows-1251"?>Москва'.encode("cp1251"), "", "Москва"),
        ("Москва".encode("cp1251"), "windows-1251", "Москва"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>“£5”'.encode("cp1252"), "", "“£5”"),
        ('<?xml version="1.0" encoding="UTF-16"?>Ü'.encode(), "", "Ü"),
        ('<?xml version="1.0" encoding="x-evil"?>Ü'.encode(), "../../etc/passwd", "Ü"),
        ('<?xml version="1.0" encoding="iso-2022-jp"?>日本'.encode("iso-2022-jp"), "", "日本"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-b+AD4-', "utf-7", "+ADw-b+AD4-"),
    ],
)
def test_the_encoding_is_found_despite_a_wrong_declaration(body: bytes, charset: str, expected: str) -> None:
    assert decode(body, charset=charset).endswith(expected)


def test_a_text_cut_in_mid_character_stays_utf8() -> None:
    assert decode("naïve — “quotes”".encode()[:-1]).startswith("naïve — “quotes")


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("Q&A: M&S & B&Q", "Q&A: M&S & B&Q"),
        ("Caf&eacute; &pound;5 &mdash; &nbsp;x", "Café £5 — \xa0x"),
        ("&amp;amp; &lt;b&gt;", "&amp; <b>"),
        ("&#xD800; &#0; &#1114112; &#x1F600;", "\ufffd \ufffd \ufffd 😀"),
        ("a\x00b\x08c\x0bd\x1fe", "abcde"),
        ("&unknown; thing", "&unknown; thing"),
        ("<![CDATA[Q&A &amp; <b>]]> & more", "Q&A &amp; <b> & more"),
    ],
)
def test_broken_characters_are_mended(broken: str, expected: str) -> None:
    assert title_of(FEED.format(broken)) == expected


@pytest.mark.parametrize(
    "junk",
    [
        "\n\n  ",
        "<b>Warning</b>: include(): failed on line 3<br />\n",
        '<?xml version="1.0" encoding="x-evil"?><?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>',
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE " * 1000,
    ],
)
def test_everything_before_the_root_goes(junk: str) -> None:
    assert title_of(junk + FEED.format("News")) == "News"


def test_entities_declared_in_the_document_are_ignored() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>' + FEED.format("&b;&b;")

    assert title_of(bomb) == "&b;&b;"


def test_a_prefix_that_nobody_declared_is_dropped() -> None:
    assert title_of("<rss><rss:channel><rss:item/><rss:title>News</rss:title></rss:channel></rss>") == "News"


def test_a_declared_prefix_stays() -> None:
    text = '<rdf:RDF xmlns:rdf="x" xmlns:r="y"><r:channel></r:channel><r:item /></rdf:RDF>'

    assert b"<r:item />" in preclean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!doctype html><html><body>maintenance</body></html>", True),
        ("<HTML><head>", True),
        (FEED.format("<![CDATA[<html>]]>"), False),
        ("plain", False),
    ],
)
def test_a_web_page_is_distinguished_from_a_feed(text: str, expected: bool) -> None:
    assert looks_like_html(text) is expected


@given(st.text(max_size=200))
def test_any_title_becomes_well_formed(title: str) -> None:
    text = FEED.format(title.replace("<", "").replace("]]>", ""))

    assert ET.fromstring(preclean(text)).tag == "rss"


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_become_text(body: bytes, charset: str) -> None:
    assert isinstance(preclean(decode(body, charset=charset)), bytes)
