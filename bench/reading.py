"""
Reading by an editor: every spoken sentence beside its article, and a count of the verdicts.

    python -m bench.reading tell ARTICLES.jsonl --out ours.json
    python -m bench.reading sheet ARTICLES.jsonl ours.json [other.json] --out sheet.html [--text sheet.txt]
    python -m bench.reading count sheet.key.json VERDICTS.tsv

`tell` writes the script of each article (fields id, title, text, published) that is news, at its normal length.
`sheet` puts article and script side by side; with two versions their order is drawn for each article, and only the
key, which the reader does not see, knows which is which.  A verdict is a line "12.A.3<TAB>severe<TAB>why" with
severe, moderate or fine; a sentence without a line is fine; sentence 0 is the headline.

Severe: meaning changed, a claim without its attribution or its other half, broken English, a story that a listener
cannot follow.  Moderate: clumsy, too long, a detail lost that an editor would miss.  A story is airable when no
sentence is severe and at most one is moderate; a story that is not read counts neither way.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from bulletin.config.profile_options import ScriptOptions, StoriesOptions
from bulletin.model import Article, Cut, StationWords, Story, StoryScript
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.script.write_script import write_script
from bulletin.stories.newsworthiness.hard_or_soft_news import NewsWorth, judge_article

AT_ONCE = 5
"""Stories in one script: a profile may ask for one headline more, and each story shall have its own."""

ON_AIR_AFTER = timedelta(hours=2)

Told = Mapping[str, Any]
"""An edited article: its id, headline, sentences, their sources, or the reason why it is not read."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Sheets for an editor's reading, and what the reading found."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    tell = commands.add_parser("tell", help="word the articles")
    tell.add_argument("articles", type=Path)
    tell.add_argument("--out", type=Path, required=True)
    sheet = commands.add_parser("sheet", help="write the sheet")
    sheet.add_argument("articles", type=Path)
    sheet.add_argument("versions", type=Path, nargs="+")
    sheet.add_argument("--out", type=Path, required=True)
    sheet.add_argument("--text", type=Path, help="the same as plain text")
    sheet.add_argument("--seed", type=int, default=1)
    count = commands.add_parser("count", help="count the verdicts")
    count.add_argument("key", type=Path)
    count.add_argument("verdicts", type=Path, nargs="+")
    options = parser.parse_args()
    if options.command == "tell":
        tellings = tell_articles(read_articles(options.articles))
        options.out.write_text(json.dumps(tellings, ensure_ascii=False, indent=1), encoding="utf-8")
    elif options.command == "sheet":
        write_sheet(options)
    else:
        print(count_verdicts(json.loads(options.key.read_text(encoding="utf-8")), options.verdicts))


def read_articles(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def tell_articles(articles: Sequence[Mapping[str, Any]]) -> list[Told]:
    tellings: list[Told] = []
    for start in range(0, len(articles), AT_ONCE):
        tellings += _tell_some(articles[start : start + AT_ONCE])
    return tellings


def _tell_some(articles: Sequence[Mapping[str, Any]]) -> list[Told]:
    """Each article at its time of publication, or at a fixed time if it has none."""
    tellings: list[Told] = []
    judged = [judge_telling(story_of(article)) for article in articles]
    stories = [story for story, _ in judged]
    reasons = {story.id: reason for story, reason in judged if reason}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    by_time: dict[datetime, list[Story]] = defaultdict(list)
    for story in stories:
        if story.id in reasons:
            continue
        by_time[story.published + ON_AIR_AFTER if story.best.is_dated else at].append(story)
    scripts: dict[str, StoryScript] = {}
    for on_air, some in by_time.items():
        # a single story has no headline, which would repeat it
        script = write_script(
            [*some, _filler(on_air)],
            station=StationWords(id="reading", name="Wexcombe Radio"),
            at=on_air,
            options=ScriptOptions(headlines=AT_ONCE + 1),
            lexicon=Lexicon(),
        )
        scripts |= {item.story.id: item for item in script.stories}
        reasons |= {left.article_id: left.reason for left in script.left}
    for story in stories:
        if story.id in scripts:
            tellings.append(_telling_of(scripts[story.id]))
        else:
            tellings.append(
                {"id": story.id, "headline": "", "sentences": [], "reason": reasons.get(story.id, "")}
            )
    return tellings


def judge_telling(story: Story) -> tuple[Story, str]:
    """The story as the choice marks it, and why it would not air as news; nothing where it would."""
    judgement = judge_article(story.best, options=StoriesOptions(), language="en-GB")
    story = replace(story, is_soft=judgement.worth is NewsWorth.DOUBTFUL)
    return story, judgement.reason if judgement.worth in (NewsWorth.SOFT, NewsWorth.NEVER) else ""


def _telling_of(script: StoryScript) -> Told:
    cut = next((c for c in reversed(script.cuts) if c.cut in (Cut.SHORT, Cut.NORMAL)), script.cuts[0])
    return {
        "id": script.story.id,
        "headline": script.headline.sentences[0].text if script.headline else "",
        "sentences": [sentence.text for sentence in cut.sentences],
        "sources": [[origin.text for origin in sentence.origins] for sentence in cut.sentences],
        "reason": "",
    }


def story_of(article: Mapping[str, Any]) -> Story:
    """An article of a slice as a story."""
    published = _when(str(article.get("published") or ""))
    item = Article(
        id=str(article["id"]),
        feed="reading",
        title=article["title"],
        summary=article.get("summary", ""),
        text=article["text"],
        published=published or datetime(2026, 1, 1, tzinfo=UTC),
        is_dated=published is not None,
    )
    return Story(id=item.id, articles=(item,))


def _filler(at: datetime) -> Story:
    text = "The bridge over the Wex at Upper Sallow has reopened after three weeks of repairs."
    article = Article(
        id="filler",
        feed="filler",
        title="Bridge at Upper Sallow reopens",
        summary="",
        text=text,
        published=at,
    )
    return Story(id="filler", articles=(article,))


def _when(written: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    if len(written) <= len("2026-01-01"):
        read += timedelta(hours=6)  # a day without an hour: its morning
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def write_sheet(options: argparse.Namespace) -> None:
    articles = read_articles(options.articles)
    versions = [
        {telling["id"]: telling for telling in json.loads(path.read_text(encoding="utf-8"))}
        for path in options.versions
    ]
    draw = random.Random(options.seed)
    key: dict[str, Any] = {}
    pages, texts = [], []
    for number, article in enumerate(articles, 1):
        order = draw.sample(range(len(versions)), len(versions))
        columns = []
        for letter, version in zip("AB", order, strict=False):
            telling = versions[version][str(article["id"])]
            sentences = len(telling["sentences"])
            key[f"{number}.{letter}"] = {
                "version": str(options.versions[version]),
                "sentences": sentences,
                "headline": bool(telling["headline"]),
            }
            columns.append((f"{number}.{letter}", telling))
        pages.append(_as_html(number, article, columns))
        texts.append(_as_text(number, article, columns))
    options.out.write_text(_PAGE.format(body="\n".join(pages)), encoding="utf-8")
    options.out.with_suffix(".key.json").write_text(json.dumps(key, indent=1), encoding="utf-8")
    if options.text:
        options.text.write_text("\n".join(texts), encoding="utf-8")


_PAGE = """<!doctype html><meta charset="utf-8"><title>Reading</title>
<style>body{{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:90rem;padding:0 1rem}}
article{{display:grid;grid-template-columns:3fr 2fr;gap:2rem;border-top:2px solid #888;padding:1rem 0}}
.source{{max-height:34rem;overflow:auto;color:#333}} .id{{color:#777;font-size:.8em}} h3{{margin:.2rem 0}}
.from{{color:#777;font-size:.8em;margin:0 0 .6rem 1rem}}</style>
{body}
"""


def _as_html(number: int, article: Mapping[str, Any], columns: Sequence[tuple[str, Told]]) -> str:
    source = "".join(f"<p>{escape(part)}</p>" for part in article["text"].split("\n") if part.strip())
    scripts = []
    for label, telling in columns:
        lines = [f"<h3>{label}</h3>"]
        if not telling["sentences"]:
            lines.append(f"<p>Not read: {escape(telling['reason'])}</p>")
        if telling["headline"]:
            lines.append(f"<p><span class=id>{label}.0</span> <b>{escape(telling['headline'])}</b></p>")
        for line_number, sentence in enumerate(telling["sentences"], 1):
            origin = " / ".join(telling["sources"][line_number - 1])
            lines.append(f"<p><span class=id>{label}.{line_number}</span> {escape(sentence)}</p>")
            if origin and origin != sentence:
                lines.append(f"<p class=from>{escape(origin)}</p>")
        scripts.append("".join(lines))
    return (
        f"<article><div class=source><h2>{number}. {escape(article['title'])}</h2>"
        f"<p class=id>{escape(_about(article))}</p>{source}</div><div>{''.join(scripts)}</div></article>"
    )


def _as_text(number: int, article: Mapping[str, Any], columns: Sequence[tuple[str, Told]]) -> str:
    lines = [f"##### {number}. {article['title']}", f"({_about(article)})", ""]
    lines += [article["text"].strip(), ""]
    for label, telling in columns:
        lines.append(
            f"--- script {label}" + ("" if telling["sentences"] else f": not read ({telling['reason']})")
        )
        if telling["headline"]:
            lines.append(f"[{label}.0] HEADLINE: {telling['headline']}")
        lines += [
            f"[{label}.{line_number}] {sentence}"
            for line_number, sentence in enumerate(telling["sentences"], 1)
        ]
    return "\n".join([*lines, "", ""])


def _about(article: Mapping[str, Any]) -> str:
    parts = (article.get(name) for name in ("publisher", "country", "published"))
    return ", ".join(str(part) for part in parts if part)


def count_verdicts(key: Mapping[str, Mapping[str, Any]], files: Sequence[Path]) -> str:
    """A line a version: sentences, severe, moderate, fine; headlines; stories, airable ones and their share."""
    verdicts: dict[str, str] = {}
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            parts = line.split("\t")
            if len(parts) >= 2 and parts[1].strip() in ("severe", "moderate", "fine"):
                verdicts[parts[0].strip()] = parts[1].strip()
    unknown = [name for name in verdicts if name.rpartition(".")[0] not in key]
    if unknown:
        raise SystemExit(f"no such sentence in the sheet: {', '.join(sorted(unknown)[:5])}")
    versions = sorted({entry["version"] for entry in key.values()})
    return "\n".join(_count_version(version, key, verdicts) for version in versions)


def _count_version(version: str, key: Mapping[str, Mapping[str, Any]], verdicts: Mapping[str, str]) -> str:
    sentences, headlines = Counter[str](), Counter[str]()
    stories = airable = untold = 0
    for label, story in key.items():
        if story["version"] != version:
            continue
        if not story["sentences"]:
            untold += 1
            continue
        story_verdicts = [verdicts.get(f"{label}.{n}", "fine") for n in range(1, story["sentences"] + 1)]
        sentences.update(story_verdicts)
        if story["headline"]:
            headlines[verdicts.get(f"{label}.0", "fine")] += 1
        stories += 1
        airable += "severe" not in story_verdicts and story_verdicts.count("moderate") <= 1
    share = 100 * airable / stories if stories else 0.0
    return (
        f"{version}: {sentences.total()} sentences: {sentences['severe']} severe, {sentences['moderate']} moderate, "
        f"{sentences['fine']} fine; {headlines.total()} headlines: {headlines['severe']} severe, "
        f"{headlines['moderate']} moderate; {airable} of {stories} stories airable ({share:.0f} %), {untold} not read"
    )


if __name__ == "__main__":
    main()
