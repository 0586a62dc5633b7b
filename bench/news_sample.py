"""
Write a sheet for a reader who labels entries: key, headline, first words, section and address, one a line.

    python -m bench.news_sample --part reserved --to FILE [--data ../shared/data] [--more FOLDER]

Two hundred entries are drawn with seed 1227 from the English feeds of news publishers among the recorded
ones (at most forty of a feed) and from day-dev: the first hundred to develop with, the second to prove with
(both are read now). Two hundred more are reserved, see bench/data/README.md.
The sheet holds publishers' text: it stays outside the project. The reader writes JSON, key -> label:

hard   a newsreader could open with it: something has happened, been decided, said by somebody who matters, or
       found out, or is announced for a day; crime, courts, politics, business, science, deaths of people
       whom many know, results of sport.
soft   true and new, but only a smile or a rest at the end: animals, curiosities, show business, culture,
       people's own stories; portraits, scenes and features ("inside", "how", "meet") that no day needs.
never  opinion, analysis and background ("why", "what it means"), guides, advice, shopping, gossip, lists,
       quizzes, reviews, recipes, galleries and videos by their headline, live blogs, interviews, newsletters,
       sponsored articles, first person, teasers, articles about the publisher.

A "?" after the label: an editor could decide otherwise.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.newsdata import RESERVED, draw, read_all, read_labels, read_samples

_WORDS = 45


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--part", choices=("first", "second", "reserved"), default="first")
    parser.add_argument("--more", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    args = parser.parse_args()
    first, second, _ = draw(read_samples(args.data))
    keys = read_labels(RESERVED)
    reserved = [s for s in read_all(args.data, args.more) if s.key in keys]
    lines = []
    for sample in {"first": first, "second": second, "reserved": reserved}[args.part]:
        article = sample.article
        words = " ".join((article.summary or article.text).split()[:_WORDS])
        about = " · ".join(filter(None, (article.page_section, article.page_type, article.link)))
        lines.append(f"{sample.key}\t{article.title}\t{words}\t{about}")
    args.to.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
