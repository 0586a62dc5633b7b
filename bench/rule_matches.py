"""
How often each rule of the editing and of the choice matches in the 604 articles of the fresh slices: counts, never text.

    python -m bench.rule_matches [SHARED] [--branches] [--below 3]

A rule is a predicate or edit of `bulletin.editing` or `bulletin.stories`, a regular expression, or (`--branches`) one
alternative of an expression. It matches a text when a predicate is true, an edit changes the text, or an expression
finds something. A rule counts each text once. Each article is edited twice, by the strictest and by the loosest
thresholds, its title becomes a headline, a bulletin is chosen from all, and every line and sentence (for headlines, every title) is
searched for every expression, as if it could air. Functions of a word or a language count each of them once, so that
few matches there are no reason to delete.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
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
import bulletin.stories
from bulletin.editing.sentences.reword_ages_and_yesterday import Days

DAYS = Days(written=date(2026, 11, 24), on_air=date(2026, 11, 25))
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared"
Matches = defaultdict[str, set[int]]
WORD_PATTERNS = ("WORD", "TITLE_WORD", "_WORD", "_TOKEN")
"""Expressions that part every text into words, and are no rules."""
USES = re.compile(r"\bregex\((?:\w+\.)?([A-Z_]+)\)\.(\w+)|\b([A-Z_]+)\.((?:full)?match)\(")
"""A named expression and the method by which its module uses it."""
LISTS = re.compile(r"\b(any_of|page_phrases)\(\"(\w+)\"\)")


class CountingPattern:
    """A regular expression that notes which texts it finds something in."""

    def __init__(self, name: str, pattern: re.Pattern[str], matches: Matches, *, branches: bool) -> None:
        self.name, self._pattern, self._matches = name, pattern, matches
        parts = list(split_branches(pattern.pattern)) if branches else []
        self._branches = [(part, re.compile(part, pattern.flags)) for part in parts if len(parts) > 1]
        for rule in (self.name, *(f"{self.name} | {part}" for part, _ in self._branches)):
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
        if match and hash(text) not in self._matches[self.name]:
            self._matches[self.name].add(hash(text))
            for part, branch in self._branches:
                if find(branch, text):
                    self._matches[f"{self.name} | {part}"].add(hash(text))
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
    name: str,
    function: Any,
    matches: Matches,
    patterns: dict[str, CountingPattern],
    *,
    names: dict[str, str],
    branches: bool,
) -> Any:
    """
    The same function, which notes for which texts it is true or changes them.

    The compiled expressions are in `patterns` by their source; expressions of constants have their `names`.
    """

    @wraps(function)
    def counted(*args: Any, **options: Any) -> Any:
        result = function(*args, **options)
        if isinstance(result, re.Pattern):
            if result.pattern not in patterns:
                expression = names.get(str(args[0]), f"{name} {args[0]}")
                patterns[result.pattern] = CountingPattern(expression, result, matches, branches=branches)
            return patterns[result.pattern]
        is_edit = isinstance(result, str) and result not in ("", args[0] if args else "")
        if args and (result is True or is_edit):
            matches[name].add(hash(str(args[0])))
        return result

    if not gives_pattern(function):
        matches[name]  # a rule that never matches has a line, too
    return counted


def count_rules(
    package: ModuleType, matches: Matches, *, branches: bool
) -> list[tuple[CountingPattern, str]]:
    """Put counters in place of all functions and expressions of a package; the expressions, and how they are used."""
    modules = [
        importlib.import_module(item.name)
        for item in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    sources = {module: inspect.getsource(module) for module in modules}
    names: dict[str, str] = {}
    patterns: dict[str, CountingPattern] = {}
    counters: dict[int, Any] = {}
    for module in modules:
        for attribute, value in vars(module).items():
            name = f"{module.__name__.removeprefix('bulletin.')}.{attribute}"
            if isinstance(value, str) and not attribute.startswith("__"):
                names.setdefault(value, name)
            elif isinstance(value, tuple):
                names |= {
                    part: f"{name} {number}" for number, part in enumerate(value) if isinstance(part, str)
                }
            elif isinstance(value, re.Pattern) and attribute not in WORD_PATTERNS:
                counters[id(value)] = patterns[name] = CountingPattern(
                    name, value, matches, branches=branches
                )
            elif is_rule(value, module):
                counters[id(value)] = counting_function(
                    name, value, matches, patterns, names=names, branches=branches
                )
    for module in modules:
        for attribute, value in list(vars(module).items()):
            if id(value) in counters:
                setattr(module, attribute, counters[id(value)])
    return list(name_expressions(sources, names, patterns))


def name_expressions(
    sources: dict[ModuleType, str], names: dict[str, str], patterns: dict[str, CountingPattern]
) -> Iterator[tuple[CountingPattern, str]]:
    """Compile the expressions that wait for their first use, too; each with the method that its module calls."""
    methods: dict[str, str] = {}
    for module, source in sources.items():
        for named, method, constant, other in USES.findall(source):
            holders = (module, *(value for value in vars(module).values() if isinstance(value, ModuleType)))
            value = next((vars(holder)[named] for holder in holders if named in vars(holder)), None)
            if isinstance(value, str):
                vars(module)["regex"](value)
                methods[names[value]] = method
            elif constant:
                methods[f"{module.__name__.removeprefix('bulletin.')}.{constant}"] = other
        for function, words in LISTS.findall(source):
            vars(module)[function](words)
    for openings in (vars(module)["OPENINGS"] for module in sources if "OPENINGS" in vars(module)):
        for expression in openings:
            vars(importlib.import_module("bulletin.editing.english.word_list_regexes"))["regex"](expression)
    for counter in tuple(patterns.values()):
        yield counter, methods.get(counter.name, "search")


def is_rule(value: object, module: ModuleType) -> bool:
    """Whether `value` is a function that `module` defines and that takes or gives text."""
    function = getattr(value, "__wrapped__", value)
    if not isinstance(function, FunctionType) or function.__module__ != module.__name__:
        return False
    return str(function.__annotations__.get("return")) in ("bool", "str") or gives_pattern(function)


def gives_pattern(function: Any) -> bool:
    return str(getattr(function, "__annotations__", {}).get("return")).startswith("re.Pattern")


def tell_all(articles: list[dict[str, Any]]) -> None:
    """Tell each article, and make a headline of its title."""
    from bulletin.editing import edit_article_for_radio
    from bulletin.editing.headlines import write_headline
    from bulletin.editing.names import find_proper_names
    from bulletin.editing.sentence_model.airable_sentence_classifier import THRESHOLDS
    from bulletin.language.load_station_phrases import load_phrases
    from bulletin.language.split_sentences import split_sentences
    from bulletin.model import Article

    phrases = load_phrases("en-GB")
    for number, item in enumerate(articles):
        title, text = item["title"], item["text"]
        article = Article(id=str(number), feed="fresh", title=title, summary="", text=text, published=NOW)
        for thresholds in (THRESHOLDS[0], THRESHOLDS[-1]):
            edit_article_for_radio.tell_article(article, phrases=phrases, days=DAYS, thresholds=thresholds)
        write_headline.write_headline(title, first_sentence=next(iter(split_sentences(text[:2000])), ""))
        write_headline.headline_sentence(title, text=text)
        find_proper_names.find_names(split_sentences(text[:5_000]), is_ordinary=str.islower)
        if number % 50 == 0:
            print(f"{number} of {len(articles)}", file=sys.stderr)


def choose_all(articles: list[dict[str, Any]]) -> None:
    """Choose a bulletin from all articles, as if they had come out in the last hours."""
    from bulletin.config.profile_options import StoriesOptions
    from bulletin.model import Article
    from bulletin.stories import choose_stories

    entries = [
        Article(
            id=item["id"], feed=item["publisher"], link=item["url"], title=item["title"], summary="",
            text=item["text"], published=NOW,
        )
        for item in articles
    ]  # fmt: skip
    choose_stories.choose_stories(entries, now=NOW, options=StoriesOptions())


def scan_texts(patterns: Iterable[tuple[CountingPattern, str]], articles: list[dict[str, Any]]) -> None:
    """Search every text for every expression: most sentences do not air, so no rule would see them."""
    from bulletin.editing.english.clean_punctuation import normalize_marks
    from bulletin.editing.headlines.clean_title import tidy_title
    from bulletin.language.split_sentences import split_sentences

    of_titles, of_texts = [], []
    for pattern, method in patterns:
        is_headline = "headlines" in pattern.name or pattern.name.startswith("stories.newsworthiness")
        # an expression without ^ that is matched would else be found anywhere
        find = getattr(pattern, method if method in ("match", "fullmatch") else "search")
        (of_titles if is_headline else of_texts).append(find)
    for item in articles:
        lines = [line[:2_000] for line in item["text"].splitlines()]
        sentences = split_sentences(item["text"])
        texts = {
            *lines,
            *(text for sentence in sentences for text in (sentence[:500], normalize_marks(sentence[:500]))),
        }
        for text in texts:
            for find in of_texts:
                find(text)
        for text in {item["title"], tidy_title(item["title"]), *sentences[:1]}:
            for find in of_titles:
                find(text)


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
    patterns = [
        pattern
        for package in (bulletin.editing, bulletin.stories)
        for pattern in count_rules(package, matches, branches=options.branches)
    ]
    tell_all(articles)
    choose_all(articles)
    scan_texts(patterns, articles)
    print(f"texts that each rule matches, of {len(articles)} articles")
    for name, texts in sorted(matches.items(), key=lambda item: (len(item[1]), item[0])):
        if options.below is None or len(texts) < options.below:
            print(f"{len(texts):7} {name}")


if __name__ == "__main__":
    main()
