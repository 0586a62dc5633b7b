"""
Bulletins on a busy machine, compared with a bulletin on an idle one.

    python -m bench.loaded [--count 50] [--busy 10] [--at-once 1] [--voice hibari] [--fresh-speech]

The demo is made once to speak its sentences, and once more, undisturbed, to record its stories and the state of its
feeds. Then it is made `--count` times, each time in a new process and a new output folder, beside `--busy` processes
that only keep the processors busy. Speech comes from the first run; with `--fresh-speech` each run speaks it again,
which takes twice as long. Printed: a line for each run, and the number of runs with all stories of the undisturbed
one and every feed and page read as well; the exit code is 1 if a run lacks one. Fifty runs take half an hour on two
otherwise idle processors, and a quarter with `--at-once 5`, which is a harder test for each run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PRIVATE = ".bulletin"
_SPEECH = "speech"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of one run."""

    exit_code: int
    stderr: str
    """On standard error."""
    stories: frozenset[str]
    """Titles of those that aired."""
    feeds: tuple[tuple[str, ...], ...]
    """Name, state, reason and notes of each feed."""
    took_s: float

    def lost_beside(self, quiet: Made) -> tuple[str, ...]:
        """What the undisturbed run has and this one has not; nothing where all is well."""
        if self.exit_code:
            return (f"exit code {self.exit_code}: {self.stderr.strip()[-300:]}",)
        worse = [" ".join(feed) for feed in self.feeds if feed not in quiet.feeds]
        return (*sorted(quiet.stories - self.stories), *worse)


@contextmanager
def busy(count: int) -> Iterator[None]:
    """So many processes that do nothing but use the processors."""
    command = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.wait()


def make(output: Path, *, voice: str) -> Made:
    """One bulletin of the demo, by the command."""
    command = [sys.executable, "-m", "bulletin", "make", "demo", "--output", str(output)]
    began = time.monotonic()
    done = subprocess.run(
        [*command, "--voice", voice, "--at", "07:00", "--json"],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"aired": [], "feeds": []}
    return Made(
        exit_code=done.returncode,
        stderr=done.stderr,
        stories=frozenset(passage["title"] for passage in answer["aired"] if passage["role"] == "story"),
        feeds=tuple(
            (feed["name"], feed["state"], feed["reason"], *feed["notes"]) for feed in answer["feeds"]
        ),
        took_s=time.monotonic() - began,
    )


def make_loaded(
    folder: Path, *, count: int, others: int, voice: str, at_once: int = 1, says_anew: bool = False
) -> Iterator[tuple[Made, tuple[str, ...]]]:
    """
    The undisturbed run, then each run beside `others` busy processes, with its losses.

    `at_once` of them run side by side.
    """
    speech = folder / "said" / _PRIVATE / _SPEECH
    first = make(folder / "said", voice=voice)
    quiet = _make_with(speech, folder / "quiet", voice=voice) if speech.is_dir() else first
    yield quiet, () if quiet.stories else ("there is no story even when nothing disturbs",)

    def make_one(number: int) -> Made:
        output = folder / f"loaded-{number}"
        made = make(output, voice=voice) if says_anew else _make_with(speech, output, voice=voice)
        shutil.rmtree(output, ignore_errors=True)
        return made

    with busy(others), ThreadPoolExecutor(at_once) as pool:
        for made in pool.map(make_one, range(count)):
            yield made, made.lost_beside(quiet)


def _make_with(speech: Path, output: Path, *, voice: str) -> Made:
    shutil.copytree(speech, output / _PRIVATE / _SPEECH)
    return make(output, voice=voice)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--busy", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--voice", default="hibari")
    parser.add_argument("--fresh-speech", action="store_true")
    options = parser.parse_args()
    whole, slowest_s = 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        runs = make_loaded(
            Path(folder),
            count=options.count,
            others=options.busy,
            voice=options.voice,
            at_once=options.at_once,
            says_anew=options.fresh_speech,
        )
        for number, (made, lost) in enumerate(runs):
            name = f"{number:3}" if number else "undisturbed"
            print(f"{name}  {made.took_s:6.1f} s  {len(made.stories)} stories  {'; '.join(lost)}", flush=True)
            whole += bool(number) and not lost
            slowest_s = max(slowest_s, made.took_s)
    print(f"{whole} of {options.count} have all stories; the slowest took {slowest_s:.0f} s")
    return int(whole < options.count)


if __name__ == "__main__":
    raise SystemExit(main())
