"""Pages on the terminal: the finished bulletin, the script, the feeds, the findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from bulletin.audio.metering.quality_report import clock
from bulletin.cli.output.json_output import NAMES, left_data, longest_passages, rewrites_data
from bulletin.model import FeedReport, Left, Reason, Sentence, Story
from bulletin.model.diagnostic_findings import Finding
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.runtime.redact_secrets import hide

SHOWN = 3
"""Number of dropped stories that are named; `--json` has them all."""
DIM, WARNED = "dim", "yellow"
_COLOURS = {"ok": "green", "warning": WARNED, "failure": "red"}


@cache
def _console(width: int | None = None) -> Console:
    return Console(highlight=False, soft_wrap=True, width=width)


def show(*parts: str | tuple[str, str]) -> None:
    """A line of texts, some of them with a style: ("3 files", "dim")."""
    _console().print(Text.assemble(*parts))


def print_run(data: Mapping[str, Any]) -> None:
    """The finished bulletin as a page: running order, files, and what failed."""
    show()
    voice, second = data["voice"], data["second_voice"]
    also = f" and {second['engine']} {second['name']}" if second else ""
    for language, other in data["other_voices"].items():
        also += f", {language} by {other['engine']} {other['name']}"
    show((data["title"], "bold"), (f" read by {voice['engine']} {voice['name']}{also}", DIM))
    made = data["renditions"]
    if any(other["chapters"] != made[0]["chapters"] for other in made[1:]):
        show((f"Start times in the {_kind(made[0])} file", DIM))
    for chapter in made[0]["chapters"]:
        show((clock(chapter["start_s"]), DIM), f"  {chapter['title']}")
    _print_exceptions(data)
    lengths, timings = data["lengths"], data["timings_s"]
    show((f"Length {clock(lengths['actual_s'])} (target {clock(lengths['target_s'])})", DIM))
    show((f"Took {sum(timings.values()):.1f} s:", DIM))
    show((", ".join(f"{NAMES[stage].lower()} {seconds:.1f}" for stage, seconds in timings.items()), DIM))
    show()
    for name, location in _places(data).items():
        show(f"{name:<10}{location}")


def _print_exceptions(data: Mapping[str, Any]) -> None:
    for attempt in data["attempts"]:
        if not attempt["ok"]:
            engine, reason = attempt["engine"], attempt["reason"].removeprefix("voice engine ")
            reason = reason.removeprefix(f"{engine}: ")
            show((f"{engine} skipped ({reason}); {_who_read(data, attempt['language'])}", WARNED))
        if attempt["cost"]:
            show((f"{attempt['engine']}: {attempt['cost']}", DIM))
    for feed in data["feeds"]:
        if feed["reason"]:
            show((f"feed {feed['name']}: {feed['reason']}", WARNED))
    foreign = [left for left in data["left"] if "language" in left["reason"]]
    _print_titles("not in the station's language", foreign)
    _print_dropped(data["dropped"])
    _print_rewrites(data["rewrites"])
    for note in data["notes"]:
        show((note, WARNED))


def _who_read(data: Mapping[str, Any], language: str) -> str:
    """ "hibari read the bulletin", or the stories in a further language."""
    if not language:
        return f"{data['voice']['engine']} read the bulletin"
    voice = data["other_voices"].get(language)
    return f"{voice['engine'] if voice else 'no voice'} read the stories in {language}"


def _print_rewrites(rewrites: Sequence[Mapping[str, Any]]) -> None:
    """Print the stories that a language model rewrote, and the others with the reason."""
    titles = [item["title"] for item in rewrites if item["state"] == "rewritten"]
    if titles:
        show((f"rewritten: {'; '.join(titles)}", DIM))
    for item in rewrites:
        if item["state"] != "rewritten":
            show((f"not rewritten ({item['state']}): {item['title']}: {item['reason']}", WARNED))


def _places(data: Mapping[str, Any]) -> dict[str, str]:
    """Name -> file or folder that a person opens, with the levels of the sound."""
    made = [rendition for rendition in data["renditions"] if rendition["path"]]
    stories = [rendition for rendition in made if rendition["kind"] == "stories"]
    places = {
        _kind(rendition): f"{rendition['path']}  ({clock(rendition['duration_s'])}, "
        f"{rendition['loudness_lufs']:.1f} LUFS, {rendition['true_peak_dbtp']:.1f} dBTP)"
        for rendition in made
        if rendition not in stories
    }
    if stories:
        folder = str(Path(stories[0]["path"]).parent)
        places["Stories"] = f"{folder}  {len(stories)} files, {stories[0]['loudness_lufs']:.1f} LUFS"
    for episode in data["episodes"]:
        for name in ("latest", "feed", "artwork", "index", "front"):
            if name in episode["places"]:
                places["Page" if name == "front" else name.capitalize()] = episode["places"][name]
    return places


def _kind(made: Mapping[str, Any]) -> str:
    return "FM" if made["kind"] == "fm" else str(made["kind"]).capitalize()


def print_script(draft: Draft, *, why: bool, everything: bool = False) -> None:
    """The running order and the words, with the source of each sentence."""
    script = draft.script
    show((script.title, "bold"))
    for passage in longest_passages(script):
        show()
        title = f": {passage.title}" if passage.title else ""
        show((f"{passage.role.value.upper()}{title}", "bold"))
        for sentence in passage.sentences:
            show(f"  {_words(sentence)}", (name_editor(sentence), DIM))
            for origin in sentence.origins:
                source = origin.credit or origin.link or origin.article_id
                show((f"    from {source}: {origin.text}", DIM))
    show()
    _print_dropped(left_data(draft.foreseen.dropped))
    if why:
        _print_why(draft, everything=everything)
    rewrites = rewrites_data(script)
    if draft.notes or rewrites:
        show()
    _print_rewrites(rewrites)
    for note in draft.notes:
        show((note, WARNED))


def name_editor(sentence: Sentence) -> str:
    """Who reworded a sentence or attached a recording; empty for the program's own."""
    if not sentence.editor:
        return ""
    return f"  ({'attached' if sentence.recording else 'edited'} by {sentence.editor})"


def _words(sentence: Sentence) -> str:
    """What is read, or what is heard of a recorded voice."""
    if clip := sentence.recording:
        who = f" of {clip.speaker}" if clip.speaker else ""
        return f"[clip{who}, {clip.duration_s:.1f} s] {sentence.text}"
    return sentence.spoken


def _print_dropped(dropped: list[dict[str, str]]) -> None:
    """Dropped stories, by reason."""
    for reason in dict.fromkeys(left["reason"] for left in dropped):
        heading = "no room for" if reason == "no room" else reason
        _print_titles(heading, [left for left in dropped if left["reason"] == reason])


def _print_titles(heading: str, left: list[dict[str, str]]) -> None:
    """The first titles, and how many more there are."""
    if left:
        titles = "; ".join(item["title"] for item in left[:SHOWN])
        rest = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        show((f"{heading}: {titles}{rest}", DIM))


def _print_why(draft: Draft, *, everything: bool) -> None:
    show(("\nWhy these stories", "bold"))
    for line in ORDER:
        show((line, DIM))
    show_pairs(story_lines(item.story for item in draft.script.stories))
    show(("\nLength", "bold"), f"\nEstimated length {clock(draft.foreseen.lasts_s)}")
    show(("\nLeft out", "bold"))
    show_pairs(left_lines((*draft.chosen.left, *draft.script.left), everything=everything))


def show_pairs(lines: Iterable[tuple[str, str]]) -> None:
    """Lines of a bright and a dim text."""
    for bright, dim in lines:
        show(f"{bright} ", (dim, DIM))


def print_feeds(reports: tuple[FeedReport, ...]) -> None:
    """Name, address and articles of each feed, and why it failed."""
    titles = ("feed", "state", "articles", "newest", "seconds", Column("address", overflow="fold"))
    table = Table(*titles, box=None, padding=(0, 2, 0, 0))
    table.columns[2].justify = table.columns[4].justify = "right"
    for report in reports:
        colour = "red" if report.reason else "green"
        table.add_row(
            escape(report.feed.name),
            f"[{colour}]{report.state.value}[/]",
            str(report.articles),
            f"{report.newest:%d %b %H:%M} UTC" if report.newest else "",
            f"{report.seconds:.2f}",
            f"[dim]{escape(hide(report.feed.url))}[/]",
        )
    # off a terminal nothing limits a line: a program that reads it needs each feed on one
    _console(None if _console().is_terminal else 100_000).print(table)
    for report in reports:
        for line in filter(None, (report.reason, *report.notes)):
            show(f"{report.feed.name}: {line}")


def print_findings(findings: tuple[Finding, ...]) -> None:
    """A line for each finding; a failure that several parts share is printed once."""
    failures: set[str] = set()
    for finding in findings:
        verdict = finding.verdict.value
        if finding.message in failures:
            continue
        if verdict == "failure":
            failures.add(finding.message)
        show((f"{verdict:<8}", _COLOURS[verdict]), f" {finding.part}  {finding.message}".rstrip())


_MOST_IN_GROUP = 5
ORDER = (
    "Breaking news goes first, then the other news by score, new or repeated; after it sport, the light",
    "story, weather and travel. A score is the sum of the terms below it (docs/CHOICE.md).",
)


def story_lines(stories: Iterable[Story]) -> Iterator[tuple[str, str]]:
    """Rank, section, score, publishers and terms of the score of each story; (bright, dim)."""
    for rank, story in enumerate(stories, 1):
        yield f"{rank:>2}. {story.title}", f"({story.section.value}, {story.score:.2f}, id {story.id})"
        names = dict.fromkeys(article.credit or article.feed for article in story.articles)
        yield "", f"      from {', '.join(names)}"
        for reason in story.reasons:
            yield reason_line(reason)


def left_lines(left: Iterable[Left], *, everything: bool = False) -> Iterator[tuple[str, str]]:
    """Stories left out, grouped by reason, with the id for `kill` and `why`; (bright, dim)."""
    groups: dict[str, list[Left]] = {}
    for item in left:
        groups.setdefault(re.split("[;:]", item.reason)[0], []).append(item)
    for reason, items in groups.items():
        yield f"  {reason}", f"({len(items)})"
        shown = items if everything else items[:_MOST_IN_GROUP]
        for item in shown:
            more = item.reason.removeprefix(reason).lstrip(";: ")
            yield (
                f"    {item.title}",
                "; ".join(filter(None, (more, item.article_id and f"id {item.article_id}"))),
            )
        if len(items) > len(shown):
            yield f"    ... and {len(items) - len(shown)} more", "--all lists them"


def reason_line(reason: Reason) -> tuple[str, str]:
    """A term of a score; (bright, dim)."""
    value = f"{reason.value:+7.2f}" if reason.value else " " * 7  # blank: it moves a story without a score
    return f"      {reason.name:<12}{value}", f" {reason.note}"
