"""
What it costs to hear words before air: CPU seconds of the command and of a warm process, as medians.

A station of 2:00 with the voice hibari and its bulletin of eight stories. "Warm" is the newsroom's process, which keeps
the voice; each figure includes opening the station's voices, normalizing, speaking, joining and encoding.
`python -m bench.hear --runs 9`
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median

from bulletin.config.load_profile import load_profile
from bulletin.model import Passage, Role, Sentence
from bulletin.newsroom.coming_names import first_respelling
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.hear import hear_bulletin, hear_sentence, hear_story
from bulletin.newsroom.hear_coming import open_voices
from bulletin.station.open_archive import open_archive

PROFILE = 'name = "Hill"\nlength = "2:00"\n[speech]\nchain = ["hibari"]\n'
STORY = (
    "Corn Bridge in Wexcombe will be shut for six weeks from Monday, the county council said.",
    "Engineers told the council that they had found cracks in two of its arches.",
    "Traders in Bridge Street fear that shoppers will stay away until the spring.",
)
_STORIES = 8
_numbers = count(1)


def new_sentence() -> str:
    """A sentence that was never spoken."""
    return f"Nurses at Marlbridge infirmary voted on Friday for a walkout of {next(_numbers)} hours, their union said."


def new_name() -> str:
    """A name that was never read."""
    return "Bogumil" + "".join(chr(ord("a") + int(digit)) for digit in str(next(_numbers)))


def bulletin() -> list[Passage]:
    """A bulletin of about two minutes."""
    stories = [[f"In story {number} today: {STORY[0]}", *STORY[1:]] for number in range(1, _STORIES + 1)]
    return [
        Passage(role=Role.STORY, sentences=tuple(Sentence(text=text, spoken=text) for text in texts))
        for texts in stories
    ]


def changed(passages: list[Passage]) -> list[Passage]:
    """The bulletin with a new first sentence of its third story."""
    text = new_sentence()
    third = passages[2]
    sentences = (Sentence(text=text, spoken=text), *third.sentences[1:])
    return [*passages[:2], Passage(role=Role.STORY, sentences=sentences), *passages[3:]]


def all_new(passages: list[Passage]) -> list[Passage]:
    """The bulletin with other sentences, none of which was spoken."""
    return [
        Passage(
            role=Role.STORY, sentences=tuple(Sentence(text=new_sentence(), spoken="") for _ in old.sentences)
        )
        for old in passages
    ]


def cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of all threads of this process."""
    begun_s = time.process_time()
    work()
    return time.process_time() - begun_s


def command_s(folder: Path, text: str) -> float:
    """CPU seconds of `bulletin say` in a new process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "bulletin", "say", text, "hill.toml", "--to", "heard.mp3", "--quiet"],
        cwd=folder,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hill.toml").write_text(PROFILE, "utf-8")
        loaded, output = load_profile(str(folder / "hill.toml")), folder / "output"
        with open_archive(output) as archive:
            desk = Desk(
                loaded=loaded, output=output, archive=archive, editor="ann", now=lambda: datetime.now(UTC)
            )
            passages = bulletin()
            hear_bulletin(open_voices(desk), passages)  # loads the voice, and speaks the sentences once
            first_respelling("Masaccio", language="en-GB")
            jobs: dict[str, Callable[[], float]] = {
                "`bulletin say`, a new process and a new sentence": lambda: command_s(folder, new_sentence()),
                "`bulletin say`, a new process, spoken before": lambda: command_s(folder, STORY[1]),
                "a new sentence": lambda: cpu_s(lambda: hear_sentence(open_voices(desk), new_sentence())),
                "a story with one changed sentence": lambda: cpu_s(
                    lambda: hear_story(open_voices(desk), [new_sentence(), *STORY[1:]])
                ),
                "a story of three sentences, all new": lambda: cpu_s(
                    lambda: hear_story(open_voices(desk), [new_sentence(), new_sentence(), new_sentence()])
                ),
                "the whole bulletin, all new": lambda: cpu_s(
                    lambda: hear_bulletin(open_voices(desk), all_new(passages))
                ),
                "the whole bulletin with one changed sentence": lambda: cpu_s(
                    lambda: hear_bulletin(open_voices(desk), changed(passages))
                ),
                "the whole bulletin, heard before": lambda: cpu_s(
                    lambda: hear_bulletin(open_voices(desk), passages)
                ),
                "the first respelling of a name": lambda: cpu_s(
                    lambda: first_respelling(new_name(), language="en-GB")
                ),
            }
            print("| heard | CPU s, median | least | most |\n|---|---|---|---|")
            for label, job in jobs.items():
                figures = [job() for _ in range(runs)]
                print(
                    f"| {label} | {median(figures):.3f} | {min(figures):.3f} | {max(figures):.3f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
