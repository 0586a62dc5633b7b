"""
How often each step of normalization, and each pattern in it, changes an article of the fresh slices.

    python -m bench.normalization_matches [--data ../shared/data/fresh] [--below 3]

Counts only: no text is printed, so a sealed slice stays unread. A step counts once for every article that it
changes, a pattern once for every replacement that differs from what stood there, and for every match that it is
asked for. A pattern has the name of its constant, or is printed itself. `--below` lists only patterns with fewer
replacements: candidates to be deleted, or to be defended in their docstring.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bulletin.normalization
from bulletin.language.split_sentences import split_sentences
from bulletin.normalization import normalize_text
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue, load_tongue
from bulletin.normalization.numbers.spell_numbers_and_symbols import keep_sayable, say_pauses
from bulletin.normalization.transliterate_to_latin import clean_text

Counts = Counter[tuple[str, str]]
"""(module, pattern) -> replacements."""


class CountingPattern:
    """A regular expression that counts the replacements which change something."""

    def __init__(self, pattern: re.Pattern[str], name: tuple[str, str], counts: Counts) -> None:
        self._pattern, self._name, self._counts = pattern, name, counts

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        def put(match: re.Match[str]) -> str:
            written = new(match) if callable(new) else match.expand(new)
            self._counts[self._name] += written != match[0]
            return written

        return self._pattern.sub(put, text, count)

    def match(self, *bounds: Any) -> re.Match[str] | None:
        return self._count(self._pattern.match(*bounds))

    def search(self, *bounds: Any) -> re.Match[str] | None:
        return self._count(self._pattern.search(*bounds))

    def fullmatch(self, *bounds: Any) -> re.Match[str] | None:
        return self._count(self._pattern.fullmatch(*bounds))

    def findall(self, text: str) -> list[Any]:
        self.search(text)
        return self._pattern.findall(text)

    def _count(self, match: re.Match[str] | None) -> re.Match[str] | None:
        self._counts[self._name] += match is not None
        return match

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)


class CountingRe:
    """The module `re` for one module of the package: patterns that stand in a call of `re.sub` count too."""

    def __init__(self, module: str, counts: Counts) -> None:
        self._module, self._counts = module, counts

    def sub(self, pattern: str, new: Any, text: str, flags: int = 0) -> str:
        name = (self._module, f"re.sub {pattern}")
        self._counts[name] += 0
        return CountingPattern(re.compile(pattern, flags), name, self._counts).sub(new, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(re, name)


def instrument(counts: Counts) -> None:
    """Put counting patterns in the place of every pattern of the package, in this process only."""
    constants: dict[str, tuple[str, str]] = {}
    for item in pkgutil.walk_packages(bulletin.normalization.__path__, f"{bulletin.normalization.__name__}."):
        module = importlib.import_module(item.name)
        short = item.name.removeprefix("bulletin.normalization.")
        for name, value in list(vars(module).items()):
            if isinstance(value, str) and "(" in value and not name.startswith("__"):
                constants.setdefault(value, (short, name))
            elif isinstance(value, re.Pattern):
                counts[short, name] += 0
                setattr(module, name, CountingPattern(value, (short, name), counts))
        if hasattr(module, "re"):
            vars(module)["re"] = CountingRe(short, counts)

    def counting(tongue: Tongue, expression: str) -> Any:
        # in full: many expressions begin alike
        name = constants.get(expression, ("expression", expression))
        counts[name] += 0
        return CountingPattern(compile_expression(tongue, expression), name, counts)

    compile_expression = Tongue.pattern
    Tongue.pattern = counting  # type: ignore[method-assign,assignment]


def count_articles(folder: Path) -> Iterator[list[str]]:
    """The sentences of each article of the slices, title first."""
    for path in sorted(folder.glob("slice-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            yield [article["title"], *split_sentences(article["text"])]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fresh"))
    parser.add_argument("--below", type=int)
    args = parser.parse_args()
    patterns: Counts = Counter()
    instrument(patterns)
    steps: Counter[str] = Counter({step.__name__: 0 for step in normalize_text.STEPS})
    tongue = load_tongue("en-GB")
    articles = 0
    for sentences in count_articles(args.data):
        articles += 1
        texts = [clean_text(sentence) for sentence in sentences]
        for step in normalize_text.STEPS:
            changed = [step(text, tongue) for text in texts]
            steps[step.__name__] += changed != texts
            texts = changed
        for text in texts:
            keep_sayable(say_pauses(text))
    print(f"{articles} articles")
    if args.below is None:
        for step_name, count in steps.items():
            print(f"{count:7} articles  {step_name}")
    for (module, name), count in sorted(patterns.items()):
        if args.below is None or count < args.below:
            print(f"{count:7} times     {module} {name}")


if __name__ == "__main__":
    main()
