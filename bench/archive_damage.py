"""
Damage archives at random, then check what is on air.

    nice python -m bench.archive_damage --seed 13 --count 1000 [--first 0] [--only NUMBER]

The archive is in use: it has kills, a removed kill, a removed own story, a withdrawn episode, aired stories, slots
and work in progress; half of it only in the log file beside it. A seeded draw damages the file, its log, or both,
and sometimes the kill list's copy too: flipped bits, noise, zeros, missing or swapped pages, a truncated file, a
wrong header. Then `bulletin make` runs, or a service starts, or a service goes on, with a simulated clock.
After each case there must be a sound on air, no traceback, a documented exit code, no killed story in any bulletin,
and an alert if the kill list may be incomplete. A case takes about 0.6 CPU seconds; a seeded sample is a test
(tests/faults/test_archive_damage.py). The exit code is 1 when a case fails.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.kill_list_safety_copy import KillList, kill_list_path
from bulletin.archive.record_dataclasses import Kill
from bulletin.pipeline.changes.withdraw_story import recall_story
from bulletin.station.build_station_object import open_station
from tests.articles.feed_texts import rss
from tests.faults.station_on_clock import EIGHT, HOUR, MINUTE, SEVEN, Air, _entry
from tests.support.factories import make_article

PAGE = 4096
KILLED = ("library", "harbour", "bridge", "orchard")
"""By hand, by hand and only in the log, withdrawn after it aired, an own story that was removed."""
DOCUMENTED = frozenset({0, 4, 5, 6, 7, 8, 9})

Damage = Callable[[bytearray, random.Random], str]


def flip_bits(data: bytearray, rng: random.Random) -> str:
    count = rng.choice((1, 1, 1, 2, 8, 64))
    for _ in range(count):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return f"{count} bits flipped"


def flip_schema(data: bytearray, rng: random.Random) -> str:
    """The first pages hold what the tables are."""
    offset = rng.randrange(100, min(len(data), 4 * PAGE))
    data[offset] ^= 1 << rng.randrange(8)
    return f"a bit flipped at byte {offset}"


def write_noise(data: bytearray, rng: random.Random) -> str:
    size = min(len(data), rng.choice((1, 16, 256, PAGE, 16 * PAGE)))
    begin = rng.randrange(len(data) - size + 1)
    data[begin : begin + size] = rng.randbytes(size)
    return f"{size} bytes of noise at {begin}"


def write_zeros(data: bytearray, rng: random.Random) -> str:
    size = min(len(data), rng.choice((64, 512, PAGE, 8 * PAGE, 64 * PAGE)))
    begin = rng.randrange(len(data) - size + 1)
    data[begin : begin + size] = bytes(size)
    return f"{size} zeros at {begin}"


def zero_pages(data: bytearray, rng: random.Random) -> str:
    pages = rng.sample(
        range(max(1, len(data) // PAGE)), k=min(rng.choice((1, 1, 3, 10)), max(1, len(data) // PAGE))
    )
    for page in pages:
        data[page * PAGE : (page + 1) * PAGE] = bytes(len(data[page * PAGE : (page + 1) * PAGE]))
    return f"pages {sorted(pages)} zero"


def swap_pages(data: bytearray, rng: random.Random) -> str:
    """As a disk does it that writes to the wrong place."""
    first, second = (rng.randrange(max(1, len(data) // PAGE)) * PAGE for _ in range(2))
    data[first : first + PAGE], data[second : second + PAGE] = (
        data[second : second + PAGE],
        data[first : first + PAGE],
    )
    return f"pages at {first} and {second} swapped"


def cut_short(data: bytearray, rng: random.Random) -> str:
    size = rng.choice((0, rng.randrange(len(data)), rng.randrange(len(data)) // PAGE * PAGE))
    del data[size:]
    return f"cut to {size} bytes"


def change_header(data: bytearray, rng: random.Random) -> str:
    begin = rng.randrange(min(100, len(data)))
    size = rng.choice((1, 1, 4, 100 - begin))
    data[begin : begin + size] = rng.randbytes(len(data[begin : begin + size]))
    return f"{size} bytes of its header changed, from {begin}"


DAMAGES: tuple[Damage, ...] = (
    flip_bits,
    flip_schema,
    write_noise,
    write_zeros,
    zero_pages,
    swap_pages,
    cut_short,
    change_header,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The damage, and the command that runs after it."""

    road: str
    """ "make", "start" or "running"."""
    targets: tuple[str, ...]
    """Tails of the files: "" the archive, "-wal" its log."""
    sealed: str
    """What happens to the kill list's copy: "", "damaged" or "deleted"."""
    has_copies: bool


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of a case; `failures` are what must not be."""

    notes: list[str] = field(default_factory=list)
    ended: str = ""
    failures: list[str] = field(default_factory=list)
    is_in_doubt: bool = False


class Tracebacks(logging.Handler):
    """What was logged with one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self.errors.append(f"{type(error).__name__}: {error}")


def write_profile(air: Air) -> None:
    """With the podcast, whose feed is written from the archive."""
    path = air.write()
    path.write_text(path.read_text("utf-8").replace('make = ["fm"]', 'make = ["fm", "podcast"]'), "utf-8")


def write_feed(air: Air, *numbers: int, at: datetime) -> None:
    text = rss(*(_entry(number, format_datetime(at - HOUR)) for number in numbers))
    (air.folder / "gazette.rss").write_text(text, "utf-8")


def prepare(folder: Path) -> Path:
    """A station after its slot at seven, with its archive still open and its write-ahead log not yet checkpointed."""
    air = Air(folder=folder / "whole")
    air.folder.mkdir()
    write_profile(air)
    write_feed(air, 0, 4, at=SEVEN)
    air.switch_on()
    air.slot(SEVEN)
    archive = air.archive
    assert archive
    words = "An orchard in the valley was sold to a family from Norway, the town council said."
    own = make_article(id="own-1", title="Orchard is sold", text=words, summary=words, published=SEVEN)
    archive.add_own_story("valley", own)
    for entry in ("library", "market"):
        archive.add_kill("valley", Kill(entry=entry, added_at=SEVEN))
    archive.copy_daily(now=SEVEN)
    with archive.reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    archive.add_kill("valley", Kill(entry="harbour", added_at=SEVEN + MINUTE))
    archive.remove_kill("valley", "market", at=SEVEN + MINUTE)
    archive.remove_own_story("valley", "own-1", at=SEVEN + MINUTE)
    archive.add_kill("valley", Kill(entry="bridge", added_at=SEVEN + MINUTE))
    assert air.reconciler
    with open_station(air.reconciler.workers[0].loaded, output=air.output, clock=lambda: air.now) as station:  # type: ignore[attr-defined]
        recall_story(station, "bridge", now=SEVEN + MINUTE)
    air.stand_by(EIGHT)
    template = folder / "template"
    shutil.copytree(air.folder, template)
    air.switch_off()
    return template


def draw(rng: random.Random) -> Case:
    return Case(
        road=rng.choice(("make", "start", "start", "running")),
        targets=rng.choice((("",), ("",), ("-wal",), ("", "-wal"))),
        sealed=rng.choice(("", "", "", "", "damaged", "deleted")),
        has_copies=rng.random() < 0.7,
    )


def play(template: Path, folder: Path, *, seed: str) -> Result:
    """One case, in a separate folder."""
    rng = random.Random(seed)
    case, result = draw(rng), Result()
    shutil.copytree(template, folder, dirs_exist_ok=True)
    air = Air(folder=folder)
    air.now = SEVEN + 20 * MINUTE
    if not case.has_copies:
        shutil.rmtree(air.output / ".bulletin" / "copies")
    result.notes.append(f"{case.road}, {'with' if case.has_copies else 'without'} a copy")
    tracebacks = Tracebacks()
    logging.getLogger().addHandler(tracebacks)
    began = time.time() - 1
    try:
        road = {"make": go_make, "start": go_start, "running": go_running}[case.road]
        road(air, lambda: do_damage(air.database, case, rng, result), result)
    except Exception as error:  # noqa: BLE001 - any error fails the case
        result.failures.append(f"{type(error).__name__}: {error}")
    finally:
        logging.getLogger().removeHandler(tracebacks)
    result.failures += [f"traceback in the log: {text}" for text in tracebacks.errors]
    check_killed(air, since=began, result=result)
    return result


def do_damage(path: Path, case: Case, rng: random.Random, result: Result) -> None:
    for tail in case.targets:
        damage(path.with_name(path.name + tail), rng, result, keeps_open=case.road == "running")
    sealed = kill_list_path(path)
    if case.sealed == "damaged":
        damage(sealed, rng, result, keeps_open=False)
    elif case.sealed == "deleted":
        sealed.unlink()
        result.notes.append(f"{sealed.name} deleted")


def damage(path: Path, rng: random.Random, result: Result, *, keeps_open: bool) -> None:
    """Under an open connection the file stays the same one."""
    data = bytearray(path.read_bytes()) if path.exists() else bytearray()
    if not data:
        return
    result.notes.append(f"{path.name}: {rng.choice(DAMAGES)(data, rng)}")
    with path.open("rb+") as file:
        file.write(data)
        file.truncate()


def go_make(air: Air, do_damage: Callable[[], None], result: Result) -> None:
    """The command, on the real clock."""
    now = datetime.now(UTC)
    write_feed(air, 0, 1, 2, 3, 5, at=now)
    before = (air.public / "fm.flac").stat().st_mtime_ns
    do_damage()
    code, out, err = run_command("make", "./valley.toml", "--output", "output", folder=air.folder)
    result.ended = f"exit code {code}"
    result.is_in_doubt = err.startswith("The kill list may be incomplete")
    if code not in DOCUMENTED:
        result.failures.append(f"exit code {code}: {err[-300:]}")
    if "Traceback" in out + err:
        result.failures.append(f"traceback: {err[-600:]}")
    if air.on_air_file() is None:
        result.failures.append("no on-air file")
    if (code == 0) != ((air.public / "fm.flac").stat().st_mtime_ns != before):
        result.failures.append(f"exit code {code}, and the on-air file says something else")
    check_doubt(air, result, notes=out + err)


def run_command(*args: str, folder: Path) -> tuple[int, str, str]:
    from bulletin.cli.main import main

    before, argv = Path.cwd(), sys.argv
    out, err = io.StringIO(), io.StringIO()
    os.chdir(folder)
    sys.argv = ["bulletin", *args]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        return code, out.getvalue(), err.getvalue()
    finally:
        os.chdir(before)
        sys.argv = argv
    return 0, out.getvalue(), err.getvalue()


def go_start(air: Air, do_damage: Callable[[], None], result: Result) -> None:
    """A service that finds the archive so, after a crash."""
    write_feed(air, 0, 1, 2, 3, 5, at=SEVEN)
    do_damage()
    air.switch_on()
    meet(air, result)


def go_running(air: Air, do_damage: Callable[[], None], result: Result) -> None:
    """A service that has it open."""
    write_feed(air, 0, 1, 2, 3, 5, at=SEVEN)
    air.switch_on()
    do_damage()
    meet(air, result)


def meet(air: Air, result: Result) -> None:
    """The slot, and the alerts."""
    assert air.memory
    doubts: list[str] = []
    air.memory.report_kill_list = lambda text, is_over: None if is_over else doubts.append(text)
    try:
        air.slot(EIGHT)
        air.tick(EIGHT + 3 * MINUTE)
        on_air = air.on_air_file()
        result.ended = f"on air: {on_air.level if on_air else 'nothing'}"
        if on_air is None or on_air.due != EIGHT:
            result.failures.append(f"the sound on air at eight is {on_air}: {air.notes}")
        if air.events["missed"]:
            result.failures.append(f"{air.events['missed']} slots reported as missed")
        result.is_in_doubt = bool(doubts)
        check_doubt(air, result, notes=" ".join(air.notes))
    finally:
        air.switch_off()


def check_doubt(air: Air, result: Result, *, notes: str) -> None:
    """If an entry is missing, there must be an alert."""
    with Archive.open(air.database) as archive:
        known = {kill.entry for kill in archive.kills("valley")}
        is_in_doubt = bool(archive.doubt)
    sealed = KillList(kill_list_path(air.database)).read()
    if not sealed.is_intact:
        result.failures.append("copy of the kill list damaged afterwards")
    missing = {"library", "harbour", "bridge"} - known
    if missing and not (is_in_doubt and (result.is_in_doubt or "kill list" in notes)):
        result.failures.append(f"kills lost without an alert: {sorted(missing)}")
    if missing:
        result.notes.append(f"kills lost, with an alert: {sorted(missing)}")


def check_killed(air: Air, *, since: float, result: Result) -> None:
    """Killed words in new files, and in the feed of any age."""
    for path in sorted(air.public.rglob("*")):
        if (
            path.suffix in {".xml", ".txt", ".vtt", ".html", ".json", ".srt"}
            and path.stat().st_mtime >= since
        ):
            text = path.read_text("utf-8", "replace").casefold()
            killed_words = [word for word in KILLED if word in text]
            if killed_words and not result.is_in_doubt:
                result.failures.append(f"killed, but aired in {path.name}: {killed_words}")
            elif killed_words:
                result.notes.append(f"in doubt, and aired in {path.name}: {killed_words}")


def cases(folder: Path, *, seed: int, numbers: range) -> Iterator[tuple[int, Result]]:
    """Each case and what came of it."""
    os.environ["BULLETIN_DATA"] = str(folder / "data")
    template = prepare(folder)
    for number in numbers:
        case_folder = folder / f"case-{number}"
        try:
            yield number, play(template, case_folder, seed=f"{seed}-{number}")
        finally:
            shutil.rmtree(case_folder, ignore_errors=True)


def main() -> None:
    """Play them, and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int)
    args = parser.parse_args()
    logging.getLogger().addHandler(logging.NullHandler())
    first, count = (args.first, args.count) if args.only is None else (args.only, 1)
    numbers = range(first, first + count)
    ends, failed, in_doubt, began = Counter[str](), 0, 0, time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for number, result in cases(Path(folder), seed=args.seed, numbers=numbers):
            ends[f"{result.notes[0].partition(',')[0]}: {result.ended}"] += 1
            in_doubt += result.is_in_doubt
            failed += bool(result.failures)
            if result.failures or args.only is not None:
                print(
                    f"{number}: {'; '.join(result.notes)} -> {result.ended}",
                    *result.failures,
                    sep="\n    ",
                    flush=True,
                )
            if number % 50 == 49:
                print(f"{number + 1} cases, {failed} failed", flush=True)
    for end, count in sorted(ends.items()):
        print(f"{count:5d}  {end}")
    print(
        f"{len(numbers)} cases, {failed} failed, {in_doubt} alerts that the kill list may be incomplete; "
        f"{(time.process_time() - began) / len(numbers):.2f} CPU s each"
    )
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
