"""
Random edits by two editors, new readings of the feeds and kill -9 between them: is an edit lost, or applied twice?

    nice python -m bench.edit_sequences --seed 15 --count 200 [--first 0] [--only NUMBER]

Each case is a station with nine stories. Two editors, each a process of its own, pin, drop, move, lengthen, shorten,
reword, leave out, undo and approve what their screens show; a third process reads changed feeds and prepares the
bulletin anew. Each of them may be killed (SIGKILL) at any moment; an editor then sends the last request again, as a
browser does. At the end a worker claims the slot, makes the bulletin and may be killed, too, while the editors go on.
Then every request that was answered must be in the archive, once; no sentence that an editor saw may have been
overwritten by another one without a conflict; the bulletin must have the edits of its slot; and every aired word must
be an editor's, marked as that, or come from a source. A case takes about three CPU seconds; a seeded sample is a test
(tests/faults/test_edit_sequences.py). The exit code is 1 when a case fails.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.edit_sequence_case import CHANGES, DUE, EDITORS, Case, Child, killing, start, wait
from bench.edit_sequence_checks import check
from bench.edit_sequence_work import approve_for_the_slot, edit_for_a_while, read_feeds, work_on_slot
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.model import Slot
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.previews.prepare_preview import prepare_preview
from bulletin.station.build_station_object import STATE
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import NEWS, add_news, open_hill, write_profile

ROUNDS, EDITS_A_ROUND = 3, 3
_TRIES = 6
_APPROVED_SHARE = 0.8
"""Share of bulletins that an editor approves before the slot, where the station asks for it; later edits may withdraw it."""
OUTPUTS = '[outputs]\nmake = ["fm"]\n'
"""One file: the sound is not what is tested."""


def run_case(number: int, seed: int, prepared: Path, folder: Path) -> Case:
    """Rounds of edits and feeds, then the slot, then the checks."""
    rng = random.Random(f"{seed}/{number}")
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    case = Case(
        number=number, rng=rng, folder=folder, approval=rng.choice(("off", "off", "by-deadline", "required"))
    )
    write_profile(folder, f'[newsroom]\napproval = "{case.approval}"\n{OUTPUTS}')
    with open_archive(case.output) as archive:
        SlotLedger(archive).plan([Slot(station="hill", due=DUE, length_s=60.0)])
    for _ in range(ROUNDS):
        change_sources(case)
        wait(case, [*_editors(case), _feeds(case)])
    if case.approval != "off" and rng.random() < _APPROVED_SHARE:
        wait(case, [start(partial(approve_for_the_slot, case, "ann"), log=folder / "ann.log")])
    make_at_last(case)
    for editor in EDITORS:  # the last requests are answered
        wait(
            case,
            [start(partial(edit_for_a_while, case, editor, 0, count=0), log=case.folder / f"{editor}.log")],
        )
    check(case)
    return case


def _editors(case: Case) -> list[Child]:
    return [
        start(
            partial(edit_for_a_while, case, editor, case.rng.randrange(2**32), count=EDITS_A_ROUND),
            log=case.folder / f"{editor}.log",
            kill_after_s=killing(case, "edit"),
        )
        for editor in EDITORS
    ]


def _feeds(case: Case) -> Child:
    return start(
        partial(read_feeds, case), log=case.folder / "feeds.log", kill_after_s=killing(case, "preview")
    )


def change_sources(case: Case) -> None:
    """A story changes, ends or is killed."""
    rng = case.rng
    with open_archive(case.output) as archive:
        if rng.random() < 0.5:
            old, new = rng.choice(CHANGES)
            add_news(
                archive, [(name, title, text.replace(old, new)) for name, title, text in NEWS if old in text]
            )
        if rng.random() < 0.2:
            archive.remove_own_story("hill", rng.choice(NEWS)[0], at=NOW)
        if rng.random() < 0.15:
            archive.add_kill(
                "hill", Kill(entry=rng.choice(("Hollinbrook", "Upper Sallow", "ann")), added_at=NOW)
            )


def make_at_last(case: Case) -> None:
    """The slot's work, killed and begun again, while the editors go on; the last try is not killed."""
    for attempt in range(_TRIES):
        log = case.folder / "make.log"
        after_s = killing(case, "make") if attempt + 1 < _TRIES else None
        maker = start(partial(work_on_slot, case, f"worker-{attempt}"), kill_after_s=after_s, log=log)
        editors = _editors(case) if attempt == 0 else []
        if wait(case, [maker, *editors])[0]:
            return


def prepare_all(folder: Path) -> Path:
    """A station with every variant of its stories written and its files drawn once, so that a case is quick."""
    folder.mkdir(parents=True, exist_ok=True)
    loaded, output = write_profile(folder, OUTPUTS), folder / "out"
    now = NOW + timedelta(minutes=30)
    for old, new in (*CHANGES, ("", "")):
        with open_archive(output) as archive:
            add_news(
                archive,
                [(name, title, text.replace(old, new) if old else text) for name, title, text in NEWS],
            )
            prepare_preview(loaded, output=output, now=now, archive=archive, clock=lambda: now)
    elsewhere = folder.with_name("elsewhere")
    shutil.copytree(output, elsewhere)
    with open_hill(loaded, elsewhere) as station:
        make_bulletin(station, now=now, due=DUE)
    for name in ("artwork", "jingles", "speech"):
        if (made := elsewhere / STATE / name).exists():
            shutil.copytree(made, output / STATE / name, dirs_exist_ok=True)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    numbers = (
        [options.only] if options.only is not None else range(options.first, options.first + options.count)
    )
    sys.exit(1 if run_all(numbers, options.seed, show=print) else 0)


def run_all(numbers: Sequence[int], seed: int, *, show: Callable[[str], None]) -> list[Case]:
    """Run cases; return those with faults, and print the sums."""
    failed, sums = [], Counter[str]()
    with tempfile.TemporaryDirectory(prefix="edit-sequences-") as name:
        prepared = prepare_all(Path(name) / "prepared")
        for number in numbers:
            folder = Path(name) / f"case-{number}"
            case = run_case(number, seed, prepared, folder)
            sums.update(case.counts)
            for fault in case.faults:
                show(f"case {number} ({case.approval}): {fault}")
            failed += [case] if case.faults else []
            with suppress(OSError):
                shutil.rmtree(folder)
    show(
        f"{len(numbers)} cases, {len(failed)} with faults: "
        + ", ".join(f"{n} {k}" for k, n in sorted(sums.items()))
    )
    return failed


if __name__ == "__main__":
    main()
