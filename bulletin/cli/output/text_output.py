"""What a person reads on the terminal: the finished bulletin, the words, the feeds."""

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

if TYPE_CHECKING:
    from bulletin.model.findings import Finding
    from bulletin.pipeline.run import Draft


SHOWN = 3
"""Stories without room that are named; `--json` has them all."""


def print_run(data: Mapping[str, Any]) -> None:
    """The finished bulletin as a page: running order, where it is, what was done without."""
    console = Console(highlight=False, soft_wrap=True)
    console.print()
    console.print(f"[bold]{escape(data['title'])}[/]", _voices(data))
    made = data["renditions"]
    if any(one["chapters"] != made[0]["chapters"] for one in made[1:]):
        console.print(f"[dim]times of {_kind(made[0])}; the other files have their own[/]")
    for chapter in made[0]["chapters"]:
        console.print(f"[dim]{clock(chapter['start_s'])}[/]  {escape(chapter['title'])}")
    _print_exceptions(console, data)
    console.print(f"[dim]Length: {lengths_line(data['lengths'])}[/]")
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
            console.print(
                f"[yellow]voice {attempt['engine']} was left: {escape(attempt['reason'])}[/]", soft_wrap=True
            )
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
    """Which stories a language model worded, and which it did not, and why."""
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
    """Files that a person opens, and what the sound is; addresses are in the feed."""
    made = data["renditions"]
    out = [one for one in made if one["kind"] != "stories" and one["path"]]
    places = {_kind(one): f"{one['path']}  {_measures(one)}" for one in out}
    stories = [one for one in made if one["kind"] == "stories"]
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


def print_script(draft: Draft, *, why: bool) -> None:
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
        _print_why(console, draft)
    rewrites = rewrites_data(script)
    if draft.notes or rewrites:
        console.print()
    _print_rewrites(console, rewrites)
    for note in draft.notes:
        console.print(f"[yellow]{escape(note)}[/]")


def _print_dropped(console: Console, dropped: list[dict[str, str]]) -> None:
    """What does not air, by the reason."""
    for reason in dict.fromkeys(left["reason"] for left in dropped):
        what = "no room for" if reason == "no room" else reason
        _print_titles(console, what, [left for left in dropped if left["reason"] == reason])


def _print_titles(console: Console, what: str, left: list[dict[str, str]]) -> None:
    """A few of what was left out, and how many more there are."""
    if left:
        titles = "; ".join(item["title"] for item in left[:SHOWN])
        rest = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        console.print(f"[dim]{what}: {escape(titles)}{rest}[/]")


def _heading(passage: Passage) -> str:
    title = f": {passage.title}" if passage.title else ""
    return escape(f"{passage.role.value.upper()}{title}")


def _print_why(console: Console, draft: Draft) -> None:
    console.print("\n[bold]Why these stories[/]")
    for line in ORDER:
        console.print(f"[dim]{line}[/]")
    for bright, dim in story_lines(item.story for item in draft.script.stories):
        console.print(f"{escape(bright)} [dim]{escape(dim)}[/]")
    console.print(f"\n[bold]Length[/]\nForetold to last {clock(draft.lasts_s)}, by the voice's pace.")
    console.print("\n[bold]Left out[/]")
    for bright, dim in left_lines((*draft.chosen.left, *draft.script.left)):
        console.print(f"{escape(bright)} [dim]{escape(dim)}[/]")


def print_feeds(reports: tuple[FeedReport, ...]) -> None:
    """What each feed gave, what failed and why."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in ("feed", "state", "articles", "newest", "seconds"):
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
        )
    console.print(table)
    for report in reports:
        for line in filter(None, (report.reason, *report.notes)):
            console.print(f"{escape(report.feed.name)}: {escape(line)}")


def print_findings(findings: tuple[Finding, ...]) -> None:
    """What each part said of itself; what stops several alike, a wrong lexicon, once."""
    first: dict[str, str] = {}
    console = Console(highlight=False, soft_wrap=True)
    colours = {"ok": "green", "warning": "yellow", "failure": "red"}
    for finding in findings:
        colour = colours[finding.verdict.value]
        mark = f"[{colour}]{finding.verdict.value:<8}[/]"
        said = first.setdefault(finding.message, finding.part)
        is_again = finding.verdict.value == "failure" and said != finding.part
        message = f"for the same reason as {said}" if is_again else finding.message
        console.print(f"{mark} {escape(finding.part)}  {escape(message)}".rstrip())
