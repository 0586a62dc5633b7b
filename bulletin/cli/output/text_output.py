"""Pages on the terminal: the finished bulletin, the script, the feeds, the findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bulletin.audio.metering.quality_report import clock
from bulletin.cli.output.choice_reasons import ORDER, left_lines, story_lines
from bulletin.cli.output.json_output import NAMES, left_data, longest_passages, rewrites_data
from bulletin.cli.output.length_json import lengths_line
from bulletin.model import FeedReport, Passage
from bulletin.runtime.redaction import hide

if TYPE_CHECKING:
    from bulletin.model.findings import Finding
    from bulletin.pipeline.bulletin_run import Draft


SHOWN = 3
"""Number of dropped stories that are named; `--json` has them all."""


def print_run(data: Mapping[str, Any]) -> None:
    """The finished bulletin as a page: running order, files, and what failed."""
    console = Console(highlight=False, soft_wrap=True)
    console.print()
    console.print(f"[bold]{escape(data['title'])}[/]", _voices(data))
    made = data["renditions"]
    if any(other["chapters"] != made[0]["chapters"] for other in made[1:]):
        console.print(f"[dim]Times are for the {_kind(made[0])} file[/]")
    for chapter in made[0]["chapters"]:
        console.print(f"[dim]{clock(chapter['start_s'])}[/]  {escape(chapter['title'])}")
    _print_exceptions(console, data)
    console.print(f"[dim]{lengths_line(data['lengths'])}[/]")
    for stage_line in (f"Took {sum(data['timings_s'].values()):.1f} s:", _stage_times(data["timings_s"])):
        console.print(f"[dim]{stage_line}[/]")
    console.print()
    for name, place in _places(data).items():
        console.print(f"{name:<10}{escape(place)}")


def _voices(data: Mapping[str, Any]) -> str:
    voice, second = data["voice"], data["second_voice"]
    also = f" and {second['engine']} {second['name']}" if second else ""
    return f"[dim]read by {voice['engine']} {voice['name']}{also}[/]"


def _print_exceptions(console: Console, data: Mapping[str, Any]) -> None:
    for attempt in data["attempts"]:
        if not attempt["ok"]:
            engine, reason = attempt["engine"], attempt["reason"].removeprefix(f"{attempt['engine']}: ")
            reader = data["voice"]["engine"]
            line = f"{engine} skipped ({reason}); {reader} read the bulletin"
            console.print(f"[yellow]{escape(line)}[/]")
    for feed in data["feeds"]:
        if feed["reason"]:
            console.print(f"[yellow]feed {escape(feed['name'])}: {escape(feed['reason'])}[/]")
    foreign = [left for left in data["left"] if "language" in left["reason"]]
    _print_titles(console, "not in the station's language", foreign)
    _print_dropped(console, data["dropped"])
    _print_rewrites(console, data["rewrites"])
    for note in data["notes"]:
        console.print(f"[yellow]{escape(note)}[/]")


def _print_rewrites(console: Console, rewrites: Sequence[Mapping[str, Any]]) -> None:
    """Stories that a language model rewrote, and those that it did not, with the reason."""
    worded = [item["title"] for item in rewrites if item["state"] == "rewritten"]
    if worded:
        console.print(f"[dim]rewritten: {escape('; '.join(worded))}[/]")
    for item in rewrites:
        if item["state"] != "rewritten":
            line = f"not rewritten ({item['state']}): {item['title']}: {item['reason']}"
            console.print(f"[yellow]{escape(line)}[/]")


def _stage_times(timings: Mapping[str, float]) -> str:
    return ", ".join(f"{NAMES[stage].lower()} {seconds:.1f}" for stage, seconds in timings.items())


def _places(data: Mapping[str, Any]) -> dict[str, str]:
    """Name -> file or folder that a person opens, with the levels of the sound."""
    made = data["renditions"]
    whole = [rendition for rendition in made if rendition["kind"] != "stories" and rendition["path"]]
    places = {_kind(rendition): f"{rendition['path']}  {_measures(rendition)}" for rendition in whole}
    stories = [rendition for rendition in made if rendition["kind"] == "stories"]
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


def _measures(made: Mapping[str, Any]) -> str:
    """ "(2:00.0, -16.0 LUFS, -1.8 dBTP)"."""
    return (
        f"({clock(made['duration_s'])}, {made['loudness_lufs']:.1f} LUFS, {made['true_peak_dbtp']:.1f} dBTP)"
    )


def print_script(draft: Draft, *, why: bool, everything: bool = False) -> None:
    """The running order and the words, with the source of each sentence."""
    console = Console(highlight=False, soft_wrap=True)
    script = draft.script
    console.print(f"[bold]{escape(script.title)}[/]")
    for passage in longest_passages(script):
        console.print()
        console.print(f"[bold]{_heading(passage)}[/]")
        for sentence in passage.sentences:
            console.print(f"  {escape(sentence.spoken)}")
            for origin in sentence.origins:
                where = origin.credit or origin.link or origin.article_id
                console.print(f"    [dim]from {escape(where)}: {escape(origin.text)}[/]")
    console.print()
    _print_dropped(console, left_data(draft.dropped))
    if why:
        _print_why(console, draft, everything=everything)
    rewrites = rewrites_data(script)
    if draft.notes or rewrites:
        console.print()
    _print_rewrites(console, rewrites)
    for note in draft.notes:
        console.print(f"[yellow]{escape(note)}[/]")


def _print_dropped(console: Console, dropped: list[dict[str, str]]) -> None:
    """Dropped stories, by reason."""
    for reason in dict.fromkeys(left["reason"] for left in dropped):
        what = "no room for" if reason == "no room" else reason
        _print_titles(console, what, [left for left in dropped if left["reason"] == reason])


def _print_titles(console: Console, what: str, left: list[dict[str, str]]) -> None:
    """The first titles, and how many more there are."""
    if left:
        titles = "; ".join(item["title"] for item in left[:SHOWN])
        rest = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        console.print(f"[dim]{what}: {escape(titles)}{rest}[/]")


def _heading(passage: Passage) -> str:
    title = f": {passage.title}" if passage.title else ""
    return escape(f"{passage.role.value.upper()}{title}")


def _print_why(console: Console, draft: Draft, *, everything: bool) -> None:
    console.print("\n[bold]Why these stories[/]")
    for line in ORDER:
        console.print(f"[dim]{line}[/]")
    for bright, dim in story_lines(item.story for item in draft.script.stories):
        console.print(f"{escape(bright)} [dim]{escape(dim)}[/]")
    console.print(f"\n[bold]Length[/]\nEstimated length {clock(draft.lasts_s)}")
    console.print("\n[bold]Left out[/]")
    for bright, dim in left_lines((*draft.chosen.left, *draft.script.left), everything=everything):
        console.print(f"{escape(bright)} [dim]{escape(dim)}[/]")


def print_feeds(reports: tuple[FeedReport, ...]) -> None:
    """Name, address and articles of each feed, and why it failed."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("feed", "state", "articles", "newest", "seconds", "address"):
        table.add_column(title, justify="right" if title in ("articles", "seconds") else "left")
    for report in reports:
        colour = "red" if report.reason else "green"
        newest = f"{report.newest:%d %b %H:%M} UTC" if report.newest else ""
        table.add_row(
            escape(report.feed.name),
            f"[{colour}]{report.state.value}[/]",
            str(report.articles),
            newest,
            f"{report.seconds:.2f}",
            f"[dim]{escape(hide(report.feed.url))}[/]",
        )
    console.print(table)
    for report in reports:
        for line in filter(None, (report.reason, *report.notes)):
            console.print(f"{escape(report.feed.name)}: {escape(line)}")


def print_findings(findings: tuple[Finding, ...]) -> None:
    """A line for each finding; a failure that several parts share is printed once."""
    console = Console(highlight=False, soft_wrap=True)
    colours = {"ok": "green", "warning": "yellow", "failure": "red"}
    failures: set[str] = set()
    for finding in findings:
        verdict = finding.verdict.value
        if finding.message in failures:
            continue
        if verdict == "failure":
            failures.add(finding.message)
        mark = f"[{colours[verdict]}]{verdict:<8}[/]"
        console.print(f"{mark} {escape(finding.part)}  {escape(finding.message)}".rstrip())
