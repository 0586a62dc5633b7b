"""
Write the feeds that `bench.news_weights --more` reads, out of snapshots of three public repositories.

    python -m bench.news_feeds MIRROR TO

MIRROR holds git directories, owner+name/repo. From gesab001/headlines come eight versions of each feed in even
steps (labelled first) and up to fourteen between them. From 1902139/lede come the latest versions of four feeds, and the articles that `stories.json`
had collected at every sixth commit: one feed for each publisher and half, as "late" begins on 19 August 2026.
The English news feeds of kagisearch/fastfeedparser keep their names.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

_HEADLINES, _LEDE, _PARSER = "gesab001+headlines", "1902139+lede", "kagisearch+fastfeedparser"
_FEEDS = (
    "bbc", "cnn", "dailymail", "fox", "latimes", "nytimes", "nzherald", "philstar", "rnz", "smh", "straittimes",
    "stuff", "stuffnz", "gmanews", "wsj", "dailytelegraph", "rnzcovid19",
)  # fmt: skip
_RECORDED = """
  14333881097406c7 14dda539770f94e3 16dc10cf98d1ee82 18138c717652f678 5da3b20f957be51d 6040d25e925318ed
  660a52f7dc6a1948 72fea1ebfd02e90a 9f9555d69283aeda a44f75939f245a7e ce5f942d1cd40fc0 d2a188f20637f7a4
  d87c1681464979cc e8fa5b64a4b41322 f9c17f360c71def1
"""
_LATER = ("dailytelegraph", "rnzcovid19")
"""Of these no version was labelled first."""
_FIRST, _BETWEEN = 8, 14
_LEAST_BYTES = 2_000
_EACH = 6
_LATE = "2026-08-19"


def list_versions(git: Path) -> Iterator[tuple[str, bytes]]:
    """Name and body of each version of each feed that is taken."""
    for name in _FEEDS:
        commits = _run(git, "log", "--reverse", "--format=%H", "--", f"{name}.xml").decode().split()
        last = len(commits) - 1
        first = {round(n * last / (_FIRST - 1)) for n in range(_FIRST)}
        between = {round((n + 0.5) * last / _BETWEEN) for n in range(_BETWEEN)}
        for index in sorted(between - first if name in _LATER else between | first):
            body = _run(git, "show", f"{commits[index]}:{name}.xml")
            if len(body) >= _LEAST_BYTES:
                yield f"{name}__headlines__{commits[index][:10]}.xml", body


def list_collected(git: Path) -> Iterator[tuple[str, bytes]]:
    """The articles that a page had collected, as a feed for each publisher and half."""
    commits = _run(git, "log", "--all", "--reverse", "--format=%H", "--", "stories.json").decode().split()
    articles: dict[str, dict[str, str]] = {}
    for commit in [*commits[::_EACH], commits[-1]]:
        for story in _stories(_run(git, "show", f"{commit}:stories.json")):
            for article in story["articles"]:
                articles.setdefault(article["url"], article)
    feeds = defaultdict(list)
    for _, article in sorted(articles.items()):
        half = "late" if article["published"][:10] >= _LATE else "early"
        feeds[article["outlet"], half].append(_item(article))
    for (outlet, half), items in feeds.items():
        name = re.sub(r"\W+", "", outlet.lower())
        head = f"<title>{escape(outlet)}</title><link>https://lede.example/</link><language>en</language>"
        yield (
            f"{name}__lede__{half}.xml",
            f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode(),
        )


def _stories(raw: bytes) -> list[dict[str, list[dict[str, str]]]]:
    try:
        return list(json.loads(raw)["stories"])
    except ValueError:  # a version with the marks of a merge in it
        return []


def _item(article: dict[str, str]) -> str:
    date = article["published"].replace("Z", "+00:00")
    parts = {
        "title": article["title"],
        "link": article["url"],
        "guid": article["url"],
        "description": article["summary"] or "",
        "pubDate": format_datetime(datetime.fromisoformat(date)) if date else "",
    }
    return "<item>" + "".join(f"<{n}>{escape(text)}</{n}>" for n, text in parts.items() if text) + "</item>"


def list_latest(git: Path) -> Iterator[tuple[str, bytes]]:
    for name in ("bbc", "guardian", "foxnews", "wsj"):
        for commit in _run(git, "log", "--all", "--format=%H", "--", f"{name}.xml").decode().split():
            if len(body := _run(git, "show", f"{commit}:{name}.xml")) >= _LEAST_BYTES:
                yield f"{name}__lede__{commit[:10]}.xml", body
                break


def _run(git: Path, *words: str) -> bytes:
    return subprocess.run(["git", "--git-dir", git, *words], capture_output=True, check=False).stdout


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mirror", type=Path)
    parser.add_argument("to", type=Path)
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    lede = args.mirror / _LEDE / "repo"
    parser_data = args.mirror / _PARSER / "repo"
    recorded = ((n, _run(parser_data, "show", f"HEAD:benchmark_data/{n}")) for n in _RECORDED.split())
    versions = list_versions(args.mirror / _HEADLINES / "repo")
    for source in (recorded, versions, list_latest(lede), list_collected(lede)):
        for name, body in source:
            (args.to / name).write_bytes(body)


if __name__ == "__main__":
    main()
