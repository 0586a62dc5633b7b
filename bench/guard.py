"""
False scripts that the rewriter's guard catches, and true scripts that it refuses.

    python -m bench.guard [--pairs FILE.jsonl] [--each 3] [--draws 5] [--show KIND]

True scripts are written by rule from the demo's feeds and from openly licensed articles; `--pairs` adds articles with
summaries that people wrote (JSON lines with title, text, references). A false script counts as caught when the guard,
which passed the true script, names a fault in the facts of the false one; faults of length and language do not count.
People's summaries are free paraphrases, so a refused summary is the price of a strict guard, not a fault: a refused
rewriting leaves the script by rule. With a few dozen false scripts of a kind one draw says little (swapped names: 95
to 100 %), so several are made.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.mutations import LIES, Script
from bulletin.articles.gather_articles import gather_articles
from bulletin.config.load_profile import load_profile
from bulletin.config.profile_options import FetchOptions
from bulletin.editing.boilerplate.strip_boilerplate import strip_boilerplate
from bulletin.editing.edit_article_for_radio import tell_article
from bulletin.language.load_station_phrases import load_phrases
from bulletin.language.split_sentences import likeness, split_sentences
from bulletin.model import Article
from bulletin.rewriter.guard.check_model_answer import check_sentence, find_origins, read_answer
from bulletin.rewriter.guard.tokenize_sentence import small_words
from bulletin.rewriter.prompt import is_telling, source_of
from bulletin.station.build_components_from_profile import feeds_of

OPEN = Path(__file__).parents[1] / "tests" / "data" / "script" / "open_articles.jsonl"
WORDS = 100
NO_LIE = 0.4
"""Likeness to a sentence of the article; of 120 foreign sentences drawn at random none came above .39."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article and its script."""

    source: tuple[str, ...]
    script: Script
    """By rule."""
    references: tuple[Script, ...] = ()
    """By people."""


def faults(script: Script, source: Sequence[str]) -> list[str]:
    """What the guard says of the facts."""
    small = small_words(source)
    telling = [index for index, sentence in enumerate(source) if is_telling(sentence)]
    problems = []
    for sentence in script:
        places = find_origins(sentence, source, among=telling, small=small)
        problems += [
            f"{fault} <- {sentence}" for fault in check_sentence(sentence, source, places=places, small=small)
        ]
    return problems


def demo_cases() -> Iterator[Case]:
    loaded = load_profile("demo")
    now = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    gathered = gather_articles(feeds_of(loaded), now=now, options=FetchOptions())
    for article in gathered.articles:
        yield from _case(article)


def cases_in(path: Path) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        article = Article(
            id=data["id"],
            feed="file",
            title=data["title"],
            summary="",
            text=data["text"],
            published=datetime(2026, 1, 1, tzinfo=UTC),
            is_dated=False,
        )
        yield from _case(article, references=data.get("references") or ())


def _case(article: Article, references: Sequence[str] = ()) -> Iterator[Case]:
    telling = tell_article(article, phrases=load_phrases("en-GB"))
    paragraphs = strip_boilerplate(article.text or article.summary, title=article.title)
    sentences = [read_answer(sentence) for part in paragraphs for sentence in split_sentences(part)]
    script: list[str] = []
    for piece in telling.pieces:
        if len(" ".join(script).split()) < WORDS:
            script += piece.sentences
    if script:
        reference_scripts = tuple(split_sentences(read_answer(reference)) for reference in references)
        yield Case(source=source_of(sentences), script=tuple(script), references=reference_scripts)


def measure(cases: Sequence[Case], *, each: int, seed: int = 7) -> dict[str, tuple[int, int, list[str]]]:
    """For each kind of false script: number caught, number made, and the scripts that were not caught."""
    rng = random.Random(seed)
    true = [case for case in cases if not faults(case.script, case.source)]
    # another feed's article about the same event is no lie
    foreign = {
        id(case): [candidate for candidate in true if likeness(candidate.source[0], case.source[0]) < 0.3]
        for case in true
    }
    result = {}
    for kind, lie in LIES.items():
        caught, total, missed = 0, 0, []
        for case in true:
            for _ in range(each):
                other = rng.choice(foreign[id(case)])
                false = lie(case.script, rng, other.script)
                if false is None or false == case.script:
                    continue
                changed = tuple(new for new in false if new not in case.script)
                if kind == "foreign sentence" and any(_may_be_true(new, case.source) for new in changed):
                    continue
                total += 1
                if faults(changed, case.source):
                    caught += 1
                else:
                    missed += changed
        result[kind] = (caught, total, missed)
    return result


def _may_be_true(sentence: str, source: Sequence[str]) -> bool:
    """ "This comes after the journalist asked him about his life" of another who walked out: that is no lie."""
    return any(likeness(sentence, own) >= NO_LIE for own in source)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, action="append", default=[])
    parser.add_argument(
        "--each", type=int, default=3, help="false scripts of each kind made from each script"
    )
    parser.add_argument("--draws", type=int, default=5, help="how often all of them are drawn anew")
    parser.add_argument("--show", default="", help="a kind of lie, 'rule' or 'people': print what went wrong")
    args = parser.parse_args()
    sets = {"demo": list(demo_cases()), "open": list(cases_in(OPEN))}
    sets |= {path.stem: list(cases_in(path)) for path in args.pairs}
    for name, cases in sets.items():
        _print(name, cases, each=args.each, draws=args.draws, show=args.show)


def _print(name: str, cases: Sequence[Case], *, each: int, draws: int, show: str) -> None:
    print(f"\n{name}: {len(cases)} articles")
    drawn = [measure(cases, each=each, seed=seed) for seed in range(1, draws + 1)]
    for kind in LIES:
        caught, total = (sum(draw[kind][at] for draw in drawn) for at in (0, 1))
        shares = [draw[kind][0] / max(1, draw[kind][1]) for draw in drawn]
        print(
            f"  {kind:<18}{caught:>5} of {total:>4} caught {caught / max(1, total):>7.1%}"
            f"  ({min(shares):.1%} to {max(shares):.1%})"
        )
        if show == kind:
            print(
                *dict.fromkeys(f"      missed: {sentence}" for draw in drawn for sentence in draw[kind][2]),
                sep="\n",
            )
    for kind, scripts in (
        ("rule", [(case.script, case.source) for case in cases]),
        ("people", [(script, case.source) for case in cases for script in case.references]),
    ):
        problems = [faults(script, source) for script, source in scripts]
        sentences = [not faults((sentence,), source) for script, source in scripts for sentence in script]
        if scripts:
            print(
                f"  true, by {kind:<9}{sum(map(bool, problems)):>5} of {len(scripts):>4} refused"
                f" {sum(map(bool, problems)) / len(scripts):>6.1%}; sentences {1 - sum(sentences) / len(sentences):.1%}"
            )
        if show == kind:
            print(*(f"      {fault}" for faulty in problems for fault in faulty), sep="\n")


if __name__ == "__main__":
    main()
