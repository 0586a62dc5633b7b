"""
Cost of the 10th, 100th and 1,000th episode: CPU seconds and files written, for podcast and pages.

    python -m bench.publish [--episodes 1000] [--every 30]

A bulletin of eight stories every half an hour, with a small sound file that is not decoded (its waveform picture
costs the same for each bulletin, and is measured separately). Medians of the ten bulletins up to each mark. In
between, new stations publish their 6th to 15th bulletins, so that the machine's load is the same for both: the ratio
compares with these.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.config.profile_options import Profile
from bulletin.model import Bulletin
from bulletin.publishing.outlet_interface import Outlet
from bulletin.station.build_published_outputs_from_profile import build_outlets
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
    make_words,
)

ARTWORK = b"\xff\xd8\xff" + b"picture" * 50_000
STORIES = 8
MEDIAN_OF = 10
CONTROLS = 2


def make_numbered(folder: Path, number: int, at: datetime) -> Bulletin:
    """A bulletin with its own sound, and so its own guid."""
    scripts = []
    for n in range(STORIES):
        words = f"Story {n} of bulletin {number}, in about as many words as are usual. " * 3
        scripts.append(
            make_story_script(make_story(make_article(id=f"{number}:{n}", title=words[:60], summary=words)))
        )
    path = folder / f"demo-{at:%Y%m%d-%H%M}-made.mp3"
    path.write_bytes(f"{number:06d}".encode() * 2000)
    return make_bulletin(path, make_script(*scripts, title=f"Bulletin {number}", at=at))


def cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def written_since(folder: Path, since_ns: int) -> int:
    return sum(path.stat().st_mtime_ns >= since_ns for path in folder.rglob("*") if path.is_file())


class House:
    """A station that publishes one bulletin after the other."""

    def __init__(self, folder: Path, every: timedelta) -> None:
        self.folder = folder / "demo"
        self.folder.mkdir(parents=True)
        self.every = every
        self.number = 0
        self.archive = Archive.open(folder / "archive.sqlite")
        # published when it is due: all of them now would be episodes of one day
        self.outlets = build(self.folder, self.archive, clock=self.due)

    def due(self) -> datetime:
        return NOW + self.number * self.every

    def publish(self) -> Mapping[str, float]:
        """Milliseconds: what each outlet does, and what comes last."""
        self.number += 1
        bulletin = make_numbered(self.folder, self.number, self.due())
        spent: dict[str, float] = {}
        for outlet in self.outlets:
            spent[outlet.name] = cost(partial(outlet.place, bulletin))
        for outlet in self.outlets:
            spent[outlet.name] += cost(outlet.show)
        return spent


def run(episodes: int, every: timedelta) -> None:
    """Print a line for each mark."""
    marks = [mark for mark in (10, 100, 300, 1000, 3000) if mark <= episodes]
    print(f"{'episode':>8} {'podcast ms':>11} {'page ms':>8} {'both':>6} {'of the 10th':>12} {'files':>6}")
    with tempfile.TemporaryDirectory() as name:
        house = House(Path(name) / "long", every)
        for mark in marks:
            while house.number < mark - MEDIAN_OF:
                house.publish()
            young = [House(Path(name) / f"{mark}-{n}", every) for n in range(CONTROLS)]
            for _ in range(10 - MEDIAN_OF // 2):
                for control in young:
                    control.publish()
            spent: list[Mapping[str, float]] = []
            tenth: list[float] = []
            for _ in range(MEDIAN_OF):
                spent.append(house.publish())
                tenth += [sum(control.publish().values()) for control in young]
            since_ns = time.time_ns()
            house.publish()
            files = written_since(house.folder, since_ns)
            podcast, page = (statistics.median(costs[n] for costs in spent) for n in ("podcast", "page"))
            both = statistics.median(sum(costs.values()) for costs in spent)
            ratio = both / statistics.median(tenth)
            print(f"{mark:8d} {podcast:11.1f} {page:8.1f} {both:6.1f} {ratio:12.2f} {files:6d}")
            for control in young:
                control.archive.close()
        house.archive.close()


def build(folder: Path, archive: Archive, *, clock: Callable[[], datetime]) -> tuple[Outlet, ...]:
    """Podcast and pages, as a station has them."""
    profile = Profile.model_validate({"name": "Wexcombe Radio", "outputs": {"page": {"on": True}}})
    return build_outlets(
        profile,
        folder=folder,
        station=make_words(),
        artwork=ARTWORK,
        archive=archive,
        cover=ARTWORK[:30_000],
        clock=clock,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--episodes", type=int, default=1000)
    parser.add_argument("--every", type=float, default=30, help="minutes between two bulletins")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    run(options.episodes, timedelta(minutes=options.every))


if __name__ == "__main__":
    main()
