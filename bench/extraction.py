"""
Token F1 of article texts against bodies that people checked, ours and trafilatura's in one run.

    python -m bench.extraction ../shared/data/fresh/day-*-dev [--pages]

A folder holds pages.json, pages/<id>.html.gz and expected.jsonl (id, lang, title, text). Tokens are words
in lower case, counted as often as they occur; a page that is refused scores 0, and the mean is over pages.
CPU is milliseconds a page, the first page left out (libraries load there).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from trafilatura import extract

from bulletin.articles.pages.extract_text import read_page

_WORD = re.compile(r"\w+")
_OWN_ROW = 20
"""A language with fewer pages is pooled with the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and the text that it should give."""

    id: str
    language: str
    title: str
    body: bytes
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How much of one page was read, and at what price."""

    page: Page
    f1: float
    precision: float
    recall: float
    cpu_s: float
    reason: str
    """Why it was refused."""


Extract = Callable[[Page], tuple[str, str]]
"""A page's text, or nothing and the reason."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Token F1 of article texts.")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pages", action="store_true", help="a line for each page, the worst first")
    options = parser.parse_args()
    pages = [page for folder in options.folders for page in _read_folder(folder)]
    scores = {name: [_score(page, way) for page in pages] for name, way in _WAYS.items()}
    print(f"{'':24}{'pages':>6}{'F1':>8}{'prec.':>8}{'recall':>8}{'refused':>9}{'CPU ms':>8}")
    for language, chosen in _rows(pages).items():
        for name, page_scores in scores.items():
            print(f"{language:4}{name:20}{_summarize([page_scores[n] for n in chosen])}")
    if options.pages:
        _print_pages(scores)


def score_text(text: str, expected: str) -> tuple[float, float, float]:
    """F1, precision and recall of the words."""
    text_words, expected_words = (Counter(_WORD.findall(words.lower())) for words in (text, expected))
    same = (text_words & expected_words).total()
    if not same:
        return 0.0, 0.0, 0.0
    precision, recall = same / text_words.total(), same / expected_words.total()
    return 2 * precision * recall / (precision + recall), precision, recall


def _read_folder(folder: Path) -> Iterator[Page]:
    titles = {page["id"]: page["title"] for page in json.loads((folder / "pages.json").read_text("utf-8"))}
    for line in (folder / "expected.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        yield Page(
            id=entry["id"],
            language=entry["lang"],
            title=titles.get(entry["id"], entry["title"]),
            body=gzip.decompress((folder / "pages" / f"{entry['id']}.html.gz").read_bytes()),
            expected=entry["text"],
        )


def _ours(page: Page) -> tuple[str, str]:
    read = read_page(page.body, title=page.title)
    return read.text, read.reason


def _precise(page: Page) -> tuple[str, str]:
    return extract(page.body, favor_precision=True, include_comments=False, include_tables=False) or "", ""


def _default(page: Page) -> tuple[str, str]:
    return extract(page.body) or "", ""


_WAYS: dict[str, Extract] = {
    "bulletin": _ours,
    "trafilatura precise": _precise,
    "trafilatura default": _default,
}


def _score(page: Page, way: Extract) -> Score:
    begin = time.process_time()
    text, reason = way(page)
    spent = time.process_time() - begin
    f1, precision, recall = score_text(text, page.expected)
    return Score(page=page, f1=f1, precision=precision, recall=recall, cpu_s=spent, reason=reason)


def _rows(pages: Sequence[Page]) -> dict[str, list[int]]:
    """Places of the pages of each language, those with few pages together, and of all."""
    counts = Counter(page.language for page in pages)
    rows: dict[str, list[int]] = {}
    for number, page in enumerate(pages):
        own = counts[page.language] >= _OWN_ROW
        rows.setdefault(page.language if own else "more", []).append(number)
    return rows | {"all": list(range(len(pages)))}


def _summarize(scores: Sequence[Score]) -> str:
    refused = sum(not score.f1 for score in scores)
    means = (fmean(getattr(score, name) for score in scores) for name in ("f1", "precision", "recall"))
    cpu_ms = 1000 * fmean(score.cpu_s for score in scores[1:] or scores)
    return f"{len(scores):6}{''.join(f'{mean:8.4f}' for mean in means)}{refused:9}{cpu_ms:8.1f}"


def _print_pages(scores: dict[str, list[Score]]) -> None:
    """Worst first; behind each page what the others reach."""
    columns = sorted(zip(*scores.values(), strict=True), key=lambda row: row[0].f1)
    for row in columns:
        figures = " ".join(f"{score.f1:.3f}" for score in row)
        words = len(_WORD.findall(row[0].page.expected))
        own = row[0]
        print(
            f"{own.page.language} {own.page.id} {words:5} words  p {own.precision:.3f} r {own.recall:.3f}"
            f"  {figures}  {own.reason}"
        )


if __name__ == "__main__":
    main()
