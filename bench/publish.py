"""
What the 10th, 100th and 1,000th episode cost: CPU seconds and files written, for podcast and pages.

    python -m bench.publish [--episodes 1000] [--every 30]

One bulletin of eight stories every half an hour, its sound a small file of its own that nothing decodes (the
picture of the sound costs the same for each and is measured apart). Medians of the ten bulletins up to each mark.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.config.options import Profile
from bulletin.model import Bulletin
from bulletin.outlets.outlet import Outlet
from bulletin.outputs import outlets_of
from tests.factories import NOW, make_article, make_bulletin, make_script, make_story, make_told, make_words

ARTWORK = b"\xff\xd8\xff" + b"picture" * 50_000
STORIES = 8
MEDIAN_OF = 10


def make_numbered(folder: Path, number: int, at: datetime) -> Bulletin:
    """With a sound, and so a guid, of its own."""
    told = []
    for n in range(STORIES):
        words = f"Story {n} of bulletin {number}, in about as many words as are usual. " * 3
        told.append(make_told(make_story(make_article(id=f"{number}:{n}", title=words[:60], summary=words))))
    path = folder / f"demo-{at:%Y%m%d-%H%M}-made.mp3"
    path.write_bytes(f"{number:06d}".encode() * 2000)
    return make_bulletin(path, make_script(*told, title=f"Bulletin {number}", at=at))


def cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def written_since(folder: Path, since_ns: int) -> int:
    return sum(path.stat().st_mtime_ns >= since_ns for path in folder.rglob("*") if path.is_file())


def run(episodes: int, every: timedelta) -> None:
    """Print a line for each mark."""
    marks = [mark for mark in (10, 100, 300, 1000, 3000) if mark <= episodes]
    spent: dict[str, list[float]] = {}
    files: list[int] = []
    print(f"{'episode':>8} {'podcast ms':>11} {'page ms':>9} {'files':>6}")
    with tempfile.TemporaryDirectory() as name, Archive.open(Path(name) / "archive.sqlite") as archive:
        folder = Path(name) / "demo"
        folder.mkdir()
        due = NOW
        # published when it is due: all of them now would be episodes of one day
        outlets = build(folder, archive, clock=lambda: due)
        for number in range(1, episodes + 1):
            due = NOW + number * every
            bulletin = make_numbered(folder, number, due)
            since_ns = time.time_ns()
            for outlet in outlets:
                spent.setdefault(outlet.name, []).append(cost(partial(outlet.publish, bulletin)))
            if number in marks or any(0 < mark - number < MEDIAN_OF for mark in marks):
                files.append(written_since(folder, since_ns))
            if number in marks:
                podcast, page = (1000 * statistics.median(spent[n][-MEDIAN_OF:]) for n in ("podcast", "page"))
                print(f"{number:8d} {podcast:11.1f} {page:9.1f} {statistics.median(files[-MEDIAN_OF:]):6.0f}")


def build(folder: Path, archive: Archive, *, clock: Callable[[], datetime]) -> tuple[Outlet, ...]:
    """Podcast and pages, as a station has them."""
    profile = Profile.model_validate({"name": "Wexcombe Radio", "outputs": {"page": {"on": True}}})
    return outlets_of(
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
