"""What a pattern needs is in every text that it matches; where it is not, nobody asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

from bulletin import script
from bulletin.script import rare
from bulletin.script.needs import MOST, needs_of
from bulletin.script.rare import Rare
from bulletin.text import split_sentences

ARTICLES = Path(__file__).parents[1] / "data" / "script" / "open_articles.jsonl"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(?P<comma>,?) (?:who|which) (?=\w)", {" who ", " which "}),
        (r"(?<=campus) here(?=[.,])|(?<=office) here(?=[.,])", {"campus", "office"}),
        (r"\bto(?= (?:Mon|Sun)day)", {"to Monda", "to Sunda"}),
        (r" ?\.{3,}", {"..."}),
        (r"(?<=\d)\s*[-–—]\s*(?=\d)", {"-", "–", "—"}),
        (r"^(.{15,400}), according to ([^,]{3,90}?)", {", accord"}),
        (r"\b(?:rights? reserved|copyright)\b", {"right reserved", "rights reserved", "copyright"}),
        (r"(?:not )+\d", {"not "}),
        (r"\bx(?i:Foo|bar)", {"xfoo", "xbar"}),
    ],
)
def test_what_a_pattern_cannot_match_without(pattern: str, words: set[str]) -> None:
    found = needs_of(pattern)[0][0]
    assert found
    assert all(any(word in longer or longer in word for longer in words) for word in found)


@pytest.mark.parametrize(
    "pattern", [r"[^\W_]+", r"a|b*", r"(?:not)?\d", r"(?!a)\w", r"[a-z]{3,}", r"(?:road|)s?"]
)
def test_a_pattern_that_needs_nothing(pattern: str) -> None:
    assert needs_of(pattern) == ((), False)


def test_two_words_are_looked_for_where_both_must_stand() -> None:
    pattern = r"^(.{15,400}), (?:[\w ]{2,40}) (?:police|council)\.$"
    assert needs_of(pattern)[0] == ((" council", " police."), (", ",))
    seldom = _learned(pattern)
    assert not seldom.may_match("The road is shut by order of the council.")
    assert not seldom.may_match("The road, which is old, is shut.")
    assert seldom.may_match("The road is shut for weeks, said the council.")


def test_a_pattern_of_too_many_words_is_asked_every_time() -> None:
    words = "|".join(f"{first}{second}x" for first in "abcdefghi" for second in "abcdefghi")
    assert len(words.split("|")) > MOST
    assert needs_of(rf"\b(?:{words})")[0] == ()


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("in", "İN"),
        ("in", "ıN"),
        ("kelvin", "\u212aelvin"),
        ("last", "laſt"),
        ("STRASSE", "strasse"),
        ("µ", "μ"),
    ],
)
def test_case_is_ignored_as_the_expression_ignores_it(pattern: str, text: str) -> None:
    plain, seldom = re.compile(pattern, re.IGNORECASE), _learned(pattern, re.IGNORECASE)
    assert plain.search(text)
    assert seldom.search(text)


@pytest.mark.parametrize(
    "ask",
    [
        lambda one, text: one.sub("-", text),
        lambda one, text: one.split(text),
        lambda one, text: one.findall(text),
        lambda one, text: [match.span() for match in one.finditer(text)],
        lambda one, text: bool(one.search(text)),
        lambda one, text: bool(one.match(text)),
        lambda one, text: bool(one.fullmatch(text)),
    ],
)
@pytest.mark.parametrize("text", ["", "The road is shut.", "road", "ROAD", "A roadside road"])
def test_the_answers_are_those_of_the_expression(ask: Callable[[Any, str], object], text: str) -> None:
    assert ask(_learned(r"\b[Rr]oad"), text) == ask(re.compile(r"\b[Rr]oad"), text)


def test_nobody_asks_the_expression_where_a_word_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    seldom = _learned(r"\broads?\b")
    monkeypatch.setattr(seldom, "_regex", None)
    assert seldom.sub("", "The bridge is shut.") == "The bridge is shut."
    with pytest.raises(AttributeError):
        seldom.sub("", "The road is shut.")


def test_a_parser_that_is_gone_costs_time_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.script.needs.import_module", _no_module)
    assert _learned("road").sub("way", "The road, the bridge") == "The way, the bridge"
    assert needs_of("road") == ((), False)


def test_no_pattern_of_ours_finds_what_it_says_it_cannot() -> None:
    lines = [json.loads(line)["text"] for line in ARTICLES.read_text(encoding="utf-8").splitlines()]
    texts = [one for text in lines[:12] for one in (*split_sentences(text), text[:1_500])]
    texts += [text.casefold() for text in texts[:40]] + [text.upper() for text in texts[:40]]
    ours = dict.fromkeys(_ours())
    assert len(ours) > 200
    for pattern, flags in ours:
        plain, seldom = re.compile(pattern, flags), _learned(pattern, flags)
        wrong = [text for text in texts if plain.search(text) and not seldom.may_match(text)]
        assert not wrong, (pattern, wrong[0])


def _ours() -> Iterator[tuple[str, int]]:
    for found in walk_packages(script.__path__, "bulletin.script."):
        for value in vars(import_module(found.name)).values():
            if isinstance(value, Rare):
                yield value.pattern, value.flags


def _learned(pattern: str, flags: int = 0) -> Rare:
    seldom = Rare(pattern, flags)
    for _ in range(rare.ASKED):
        seldom.may_match("")
    return seldom


def _no_module(name: str) -> object:
    raise ModuleNotFoundError(name)
