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
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.editor_edits import EditLedger, find_undone, names_of
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.record_dataclasses import BulletinRecord, Kill
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.edits.approval import find_approval
from bulletin.errors import ApprovalMissingError, NewsroomError
from bulletin.language.split_sentences import split_sentences
from bulletin.model import Edit, EditAction, EditConflictError, Level, Passage, Role, Sentence, Slot
from bulletin.newsroom.actions import edit_stories
from bulletin.newsroom.actions.approve_bulletin import approve_bulletin
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import ComingBulletin, coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.previews.prepare_preview import prepare_preview
from bulletin.station.build_station_object import STATE, open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, NEWS, add_news, open_hill, write_profile

DUE = NOW + HOUR
EDITORS = ("ann", "ben")
ROUNDS, EDITS_A_ROUND = 3, 3
KILLED_SHARE = 0.5
"""Share of processes that are killed."""
_LONGEST_S = {"edit": 0.6, "preview": 0.6, "make": 1.5}
"""Longest time until a kill, by the work of the process."""
_LEASE = timedelta(minutes=9)
_TRIES = 6
OUTPUTS = '[outputs]\nmake = ["fm"]\n'
"""One file: the sound is not what is tested."""
CHANGES = (
    ("six weeks", "nine weeks"),
    ("two of its arches", "three of its arches"),
    ("seven votes", "nine votes"),
)
"""Changes of sources: a sentence in other words, of which an edit may know the first."""


@dataclass(slots=True)
class Case:
    """One station, its journal and its faults."""

    number: int
    rng: random.Random
    folder: Path
    approval: str
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def output(self) -> Path:
        return self.folder / "out"

    @property
    def loaded(self) -> LoadedProfile:
        return load_profile(str(self.folder / "hill.toml"))

    def fault(self, text: str) -> None:
        self.faults.append(text)


class Journal:
    """Requests of one editor and their answers, written before the process can be killed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, **line: Any) -> None:
        number = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(number, (json.dumps(line) + "\n").encode())
        os.close(number)

    def lines(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def unanswered(self) -> list[dict[str, Any]]:
        """Requests without an answer, as the editor's browser sends them again."""
        lines = self.lines()
        answered = {line["key"] for line in lines if line["state"] != "begun"}
        return [line for line in lines if line["state"] == "begun" and line["key"] not in answered]


# -- processes


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process of a case."""

    pid: int
    log: Path
    kill_at: float | None
    """Moment of its SIGKILL on the monotonic clock; None: it ends by itself."""


def start(work: Callable[[], None], *, log: Path, kill_after_s: float | None = None) -> Child:
    """Do the work in a process of its own, which `wait` kills after a time."""
    pid = os.fork()
    if pid:
        return Child(
            pid=pid, log=log, kill_at=time.monotonic() + kill_after_s if kill_after_s is not None else None
        )
    code = 0
    try:
        work()
    except BaseException:  # noqa: BLE001 - the child reports everything, and never returns
        code = 1
        log.write_text(traceback.format_exc())
    os._exit(code)


def wait(case: Case, children: Sequence[Child]) -> list[bool]:
    """Wait for processes, and kill those whose time has come; whether each ended by itself."""
    ended: dict[int, bool] = {}
    while len(ended) < len(children):
        for child in children:
            if child.pid in ended:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                ended[pid] = not os.WIFSIGNALED(status)
                case.counts["processes" if ended[pid] else "killed processes"] += 1
                if ended[pid] and os.WEXITSTATUS(status):
                    case.fault(
                        f"a process failed:\n{child.log.read_text() if child.log.exists() else status}"
                    )
            elif child.kill_at is not None and time.monotonic() >= child.kill_at:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
        time.sleep(0.002)
    return [ended[child.pid] for child in children]


def killing(case: Case, work: str) -> float | None:
    """Seconds until the kill of the next process; None: it is not killed."""
    return case.rng.uniform(0, _LONGEST_S[work]) if case.rng.random() < KILLED_SHARE else None


# -- editors


@contextmanager
def desk_of(case: Case, editor: str, *, minute: int = 50) -> Iterator[Desk]:
    with open_archive(case.output) as archive:
        yield Desk(
            loaded=case.loaded,
            output=case.output,
            archive=archive,
            editor=editor,
            now=lambda: NOW + timedelta(minutes=minute),
        )


def edit_for_a_while(case: Case, editor: str, seed: int, *, count: int) -> None:
    """Requests without an answer once more, then new ones."""
    rng, journal = random.Random(seed), Journal(case.folder / f"{editor}.jsonl")
    with desk_of(case, editor) as desk:
        for line in journal.unanswered():
            send(desk, journal, line)
        for _ in range(count):
            seen = coming_bulletin(desk)
            time.sleep(rng.uniform(0, 0.1))  # the editor thinks, and the other one edits
            if request := draw_request(desk, seen, rng, first=len(journal.lines())):
                journal.write(state="begun", **request)
                send(desk, journal, request)


def draw_request(
    desk: Desk, seen: ComingBulletin, rng: random.Random, *, first: int
) -> dict[str, Any] | None:
    """What an editor does with the bulletin on the screen."""
    action = rng.choice(
        (
            "pin",
            "drop",
            "move",
            "lengthen",
            "shorten",
            "reword",
            "reword",
            "reword",
            "leave-out",
            "undo",
            "approve",
        )
    )
    key = f"{desk.editor}-{first}"
    if action == "undo":
        history = desk.edits.history(desk.station, limit=6)
        return {"key": key, "action": action, "number": rng.choice(history).id} if history else None
    if action == "approve":
        return {"key": key, "action": action, "fingerprint": seen.fingerprint}
    story = rng.choice(seen.all_stories if action == "pin" else seen.stories or seen.all_stories)
    request = {"key": key, "action": action, "story": story.id}
    if action == "move":
        request["position"] = rng.randrange(6)
    if action in ("reword", "leave-out"):
        # both editors at the same sentences, or they would hardly ever meet
        story = rng.choice((seen.stories or seen.all_stories)[:2])
        request["story"], sentence = story.id, rng.choice(story.sentences[:2])
        words = f"Words of {desk.editor} number {first} about {story.id}." if action == "reword" else ""
        request |= {"sentence": sentence.original, "text": words, "seen": sentence.version}
    return request


def send(desk: Desk, journal: Journal, request: dict[str, Any]) -> None:
    """Send a request, and note its answer."""
    try:
        answer = act(desk, request)
    except EditConflictError as conflict:
        journal.write(state="conflict", key=request["key"], theirs=conflict.theirs.id)
    except NewsroomError as error:
        journal.write(state="refused", key=request["key"], error=str(error))
    else:
        journal.write(state="done", key=request["key"], id=answer.edit.id)


def act(desk: Desk, request: dict[str, Any]) -> Any:
    action, key, story = request["action"], request["key"], request.get("story", "")
    if action == "move":
        return edit_stories.move_story(desk, story=story, position=request["position"], key=key)
    if action in ("reword", "leave-out"):
        words = {"sentence": request["sentence"], "text": request["text"], "seen_id": request["seen"]}
        return reword_sentence(desk, story=story, key=key, **words)
    if action == "undo":
        return undo_edit(desk, number=request["number"], key=key)
    if action == "approve":
        return approve_bulletin(desk, fingerprint=request["fingerprint"], key=key)
    return getattr(edit_stories, f"{action}_story")(desk, story=story, key=key)


# -- service


def read_feeds(case: Case) -> None:
    """What the service does before the slot: the bulletin prepared once more."""
    now = NOW + timedelta(minutes=40)
    with open_archive(case.output) as archive:
        prepare_preview(case.loaded, output=case.output, now=now, archive=archive, clock=lambda: now)


def work_on_slot(case: Case, owner: str) -> None:
    """What the service does at the slot: claim it, make the bulletin, finish."""
    now = NOW + timedelta(minutes=58)
    with open_archive(case.output) as archive:
        slots = SlotLedger(archive)
        slots.take_over(["hill"], owner=owner)
        if not slots.claim("hill", DUE, owner=owner, now=now, lease=_LEASE):
            return
        last = max((edit.id for edit in EditLedger(archive).history("hill", limit=1)), default=0)
        (case.folder / "claimed.json").write_text(json.dumps({"last": last}))
    with open_hill(case.loaded, case.output) as station:
        if archived := station.archive.bulletins("hill"):  # published, but not finished in the ledger
            level = archived[0].level
        else:
            try:
                level = make_bulletin(station, now=now, due=DUE).bulletin.level
            except ApprovalMissingError as error:
                (case.folder / "unapproved.txt").write_text(str(error))
                level = Level.IDENT
        SlotLedger(station.archive).finish("hill", DUE, owner=owner, level=level, now=now)


# -- a case


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


# -- checks


def check(case: Case) -> None:
    """Nothing lost, nothing twice, nothing overwritten in silence; every aired word has its origin."""
    with open_archive(case.output) as archive:
        records = EditLedger(archive).edits("hill", with_undone=True)
        bulletins = archive.bulletins("hill")
        kills = [kill.entry for kill in archive.kills("hill")]
        audit = [line for line in AuditLedger(archive).changes("hill", limit=10_000) if "edit " in line.note]
    case.counts.update(edit.action.value for edit in records)
    check_records(case, records)
    if len(audit) != len(records):
        case.fault(f"{len(records)} edits, but {len(audit)} lines of the audit")
    check_chains(case, records)
    if len(bulletins) > 1:
        case.fault(f"{len(bulletins)} bulletins for one slot")
    for bulletin in bulletins:
        check_bulletin(case, bulletin, records, kills)
    if not bulletins and not (case.folder / "unapproved.txt").exists():
        case.fault("no bulletin was made")
    if (case.folder / "unapproved.txt").exists():
        case.counts["unapproved"] += 1
        if case.approval != "required" or bulletins:
            case.fault("the bulletin was refused as unapproved, though the station requires no approval")


def check_records(case: Case, records: Sequence[Edit]) -> None:
    """Every answered request is recorded once, and every refused one not at all."""
    keys = Counter(edit.key for edit in records)
    for editor in EDITORS:
        journal = Journal(case.folder / f"{editor}.jsonl")
        lines = {line["key"]: line for line in journal.lines()}
        case.counts["requests"] += len(lines)
        for key, line in lines.items():
            case.counts[line["state"]] += 1
            if line["state"] == "done" and keys[key] != 1:
                case.fault(
                    f"request {key} was answered as edit {line['id']}, but is recorded {keys[key]} times"
                )
            if line["state"] in ("refused", "conflict") and keys[key]:
                case.fault(f"request {key} was {line['state']}, but is recorded: {line}")
            if line["state"] == "begun":
                case.fault(f"request {key} has no answer")


def check_chains(case: Case, records: Sequence[Edit]) -> None:
    """Each reworded sentence was the last version when it was changed."""
    versions: dict[tuple[str, str], int] = {}
    for edit in records:
        if not edit.replaced:
            continue
        place = (edit.story_id, edit.replaced)
        if edit.action is EditAction.REWORD and edit.details["seen"] != versions.get(place, 0):
            case.fault(
                f"edit {edit.id} was based on {edit.details['seen']}, but {versions.get(place, 0)} was the last"
            )
        versions[place] = edit.id


def check_bulletin(
    case: Case, bulletin: BulletinRecord, records: Sequence[Edit], kills: Sequence[str]
) -> None:
    """The bulletin has the edits of its slot, and only words with an origin."""
    claimed = json.loads((case.folder / "claimed.json").read_text())["last"]
    known = [edit for edit in records if edit.id <= claimed]
    later_undone = find_undone(records)  # words may be undone while the bulletin is made
    for edit in records:
        if edit.due == DUE and edit.id > claimed and "fingerprint" not in edit.details:
            case.fault(f"edit {edit.id} counts for a bulletin that was being made: {edit.action}")
    undone = find_undone(known)
    held = [e for e in known if e.id not in undone | later_undone and e.action is not EditAction.UNDO]
    approval = find_approval(known)
    passages = [p for p in bulletin.running_order if p.role in (Role.STORY, Role.HEADLINE)]
    for passage in passages:
        check_words(case, passage, records)
        if any(entry.casefold() in passage.text.casefold().split() for entry in kills):
            case.fault(f"a killed word aired: {passage.text}")
    if case.approval == "required" and not approval.holds:
        later = find_approval(records)
        if not later.edit:
            case.fault("an unapproved bulletin aired")
    if case.approval != "off" and approval.holds and approval.edit:
        order = [p.story_id for p in passages if p.role is Role.STORY]
        allowed = approval.edit.details["stories"]
        case.counts["approved"] += 1
        if order != [name for name in allowed if name in order] or (not kills and order != allowed):
            case.fault(f"approved {allowed}, aired {order}")
        return
    check_held(case, passages, held)


def check_held(case: Case, passages: Sequence[Passage], held: Sequence[Edit]) -> None:
    """Dropped stories do not air, and no reworded sentence airs as the program wrote it."""
    aired = {passage.story_id for passage in passages}
    last: dict[str, EditAction] = {}
    for edit in held:
        if edit.action in (EditAction.PIN, EditAction.DROP) and edit.due == DUE:
            last[edit.story_id] = edit.action
    for name, action in last.items():
        if action is EditAction.DROP and name in aired:
            case.fault(f"{name} was dropped, and aired")
    for edit in held:
        if edit.action is not EditAction.REWORD:
            continue
        for passage in passages:
            if passage.story_id in names_of(edit) and any(s.text == edit.replaced for s in passage.sentences):
                case.fault(f"edit {edit.id} was not applied: {edit.replaced}")


def check_words(case: Case, passage: Passage, records: Sequence[Edit]) -> None:
    """Each sentence is marked as an editor's and was recorded, or its source is known; none is there twice."""
    written = [edit for edit in records if edit.action is EditAction.REWORD]
    known = {sentence: edit for edit in written for sentence in split_sentences(edit.text)}
    for sentence, count in Counter(s.text for s in passage.sentences).items():
        if count > 1:
            case.fault(f"a sentence airs {count} times: {sentence}")
    for sentence in passage.sentences:
        case.counts["edited sentences" if sentence.editor else "sentences"] += 1
        if sentence.editor:
            edit = known.get(sentence.text)
            if not edit or edit.editor != sentence.editor or edit.replaced != sentence.replaced:
                case.fault(f"words of {sentence.editor} that no edit has: {sentence.text}")
        elif not is_traceable(sentence):
            case.fault(f"a sentence without a source: {sentence.text}")


def is_traceable(sentence: Sentence) -> bool:
    """Whether the sources of a sentence are in an article as it is, or as it was before a change."""
    texts = [text for _, title, body in NEWS for text in (title, *_variants(body))]
    return bool(sentence.origins) and all(any(o.text in text for text in texts) for o in sentence.origins)


def _variants(text: str) -> list[str]:
    return [text, *(text.replace(old, new) for old, new in CHANGES)]


# -- command


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
