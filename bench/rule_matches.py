"""
How often each rule of the editing matches in the 604 articles of the fresh slices: counts, never text.

    python -m bench.rule_matches [SHARED] [--branches] [--below 3]

A rule is a public predicate or edit of `bulletin.editing`, a regular expression, or (`--branches`) one alternative
of an expression. It matches a text when a predicate is true, an edit changes the text, or an expression finds
something. Each text counts once for each rule. Articles are told by the first and by the last thresholds, their titles
become headlines, and every sentence is searched for every expression, as if it could air.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import bulletin.editing
from bulletin.editing.sentences.ages_and_days import Days

DAYS = Days(written=date(2026, 11, 24), on_air=date(2026, 11, 25))
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared"
Matches = defaultdict[str, set[int]]


class CountingPattern:
    """A regular expression that notes which texts it finds something in."""

    def __init__(self, name: str, pattern: re.Pattern[str], matches: Matches, *, branches: bool) -> None:
        self._name, self._pattern, self._matches = name, pattern, matches
        parts = list(split_branches(pattern.pattern)) if branches else []
        self._branches = [(part, re.compile(part, pattern.flags)) for part in parts if len(parts) > 1]
        for rule in (self._name, *(f"{self._name} | {part}" for part, _ in self._branches)):
            matches[rule]  # a rule that never matches has a line, too

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)

    def match(self, text: str, *where: int) -> re.Match[str] | None:
        return self._note(text, self._pattern.match(text, *where), re.Pattern.match)

    def fullmatch(self, text: str, *where: int) -> re.Match[str] | None:
        return self._note(text, self._pattern.fullmatch(text, *where), re.Pattern.fullmatch)

    def search(self, text: str, *where: int) -> re.Match[str] | None:
        return self._note(text, self._pattern.search(text, *where), re.Pattern.search)

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        self.search(text)
        return self._pattern.sub(new, text, count)

    def findall(self, text: str, *where: int) -> list[Any]:
        self.search(text)
        return self._pattern.findall(text, *where)

    def finditer(self, text: str, *where: int) -> Iterator[re.Match[str]]:
        self.search(text)
        return self._pattern.finditer(text, *where)

    def split(self, text: str, maxsplit: int = 0) -> list[Any]:
        self.search(text)
        return self._pattern.split(text, maxsplit)

    def _note(
        self, text: str, match: re.Match[str] | None, find: Callable[..., re.Match[str] | None]
    ) -> re.Match[str] | None:
        if match and hash(text) not in self._matches[self._name]:
            self._matches[self._name].add(hash(text))
            for part, branch in self._branches:
                if find(branch, text):
                    self._matches[f"{self._name} | {part}"].add(hash(text))
        return match


def split_branches(expression: str) -> Iterator[str]:
    """The top-level alternatives of an expression."""
    depth, is_set, part = 0, False, ""
    for token in re.findall(r"\\.|.", expression, re.DOTALL):
        if token == "|" and not depth and not is_set:
            yield part
            part = ""
            continue
        part += token
        if is_set:
            is_set = token != "]"
        elif token == "[":
            is_set = True
        elif token in "()":
            depth += 1 if token == "(" else -1
    yield part


def counting_function(
    name: str, function: Any, matches: Matches, *, expressions: dict[str, str], branches: bool
) -> Any:
    """The same function, which notes for which texts it is true or changes them; `expressions` have names."""

    @wraps(function)
    def counted(*args: Any, **options: Any) -> Any:
        result = function(*args, **options)
        if isinstance(result, re.Pattern):
            if result.pattern not in patterns:
                expression = expressions.get(str(args[0]), f"{name} {args[0]}")
                patterns[result.pattern] = CountingPattern(expression, result, matches, branches=branches)
            return patterns[result.pattern]
        is_edit = isinstance(result, str) and result not in ("", args[0] if args else "")
        if args and (result is True or is_edit):
            matches[name].add(hash(str(args[0])))
        return result

    patterns: dict[str, CountingPattern] = {}
    matches[name]  # a rule that never matches has a line, too
    return counted


def count_rules(matches: Matches, *, branches: bool) -> list[CountingPattern]:
    """Put counters in place of all functions and expressions of `bulletin.editing`; the expressions."""
    prefix = bulletin.editing.__name__ + "."
    modules = [
        importlib.import_module(item.name)
        for item in pkgutil.walk_packages(bulletin.editing.__path__, prefix)
    ]
    expressions = {
        value: f"{module.__name__.removeprefix(prefix)}.{attribute}"
        for module in modules
        for attribute, value in vars(module).items()
        if isinstance(value, str) and not attribute.startswith("__")
    }
    counters: dict[int, Any] = {}
    for module in modules:
        for attribute, value in vars(module).items():
            name = f"{module.__name__.removeprefix(prefix)}.{attribute}"
            if isinstance(value, re.Pattern) and attribute != "WORD":
                counters[id(value)] = CountingPattern(name, value, matches, branches=branches)
            elif is_rule(value, module):
                counters[id(value)] = counting_function(
                    name, value, matches, expressions=expressions, branches=branches
                )
    for module in modules:
        for attribute, value in list(vars(module).items()):
            if id(value) in counters:
                setattr(module, attribute, counters[id(value)])
    return [counter for counter in counters.values() if isinstance(counter, CountingPattern)]


def is_rule(value: object, module: ModuleType) -> bool:
    """Whether `value` is a function that `module` defines and that takes or gives text."""
    function = getattr(value, "__wrapped__", value)
    if not isinstance(function, FunctionType) or function.__module__ != module.__name__:
        return False
    gives = str(function.__annotations__.get("return"))
    return gives in ("bool", "str") or gives.startswith("re.Pattern")


def tell_all(articles: list[dict[str, Any]]) -> None:
    """Tell each article, and make a headline of its title."""
    from bulletin.editing import article_to_sentences
    from bulletin.editing.headlines import write_headline
    from bulletin.editing.sentence_model.sentence_classifier import THRESHOLDS
    from bulletin.language.split_sentences import split_sentences
    from bulletin.language.station_phrases import load_phrases
    from bulletin.model import Article

    phrases = load_phrases("en-GB")
    for number, item in enumerate(articles):
        title, text = item["title"], item["text"]
        article = Article(id=str(number), feed="fresh", title=title, summary="", text=text, published=NOW)
        for thresholds in (THRESHOLDS[0], THRESHOLDS[-1]):
            article_to_sentences.tell_article(article, phrases=phrases, days=DAYS, thresholds=thresholds)
        write_headline.write_headline(title, first_sentence=next(iter(split_sentences(text[:2000])), ""))
        write_headline.headline_sentence(title, text=text)
        if number % 50 == 0:
            print(f"{number} of {len(articles)}", file=sys.stderr)


def scan_sentences(patterns: Iterable[CountingPattern], articles: list[dict[str, Any]]) -> None:
    """Search every sentence for every expression: most sentences are not told, so no rule sees them on the air."""
    from bulletin.editing.english.punctuation import normalize_marks
    from bulletin.language.split_sentences import split_sentences

    found = tuple(patterns)
    for item in articles:
        for sentence in split_sentences(item["text"]):
            text = normalize_marks(sentence[:500])
            for pattern in found:
                pattern.search(text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--branches", action="store_true", help="count alternatives of expressions, too")
    parser.add_argument("--below", type=int, help="print only rules with fewer matches")
    options = parser.parse_args()
    slices = sorted((options.shared / "data" / "fresh").glob("slice-*.jsonl"))
    articles = [json.loads(line) for path in slices for line in path.read_text(encoding="utf-8").splitlines()]
    matches: Matches = defaultdict(set)
    patterns = count_rules(matches, branches=options.branches)
    tell_all(articles)
    scan_sentences(patterns, articles)
    print(f"texts that each rule matches, of {len(articles)} articles")
    for name, texts in sorted(matches.items(), key=lambda item: (len(item[1]), item[0])):
        if options.below is None or len(texts) < options.below:
            print(f"{len(texts):7} {name}")


if __name__ == "__main__":
    main()
