"""Checks of `bench.edit_sequences`: no edit lost, none applied twice, every aired word with its origin."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from bench.edit_sequence_case import CHANGES, DUE, EDITORS, Case, Journal
from bulletin.archive.ledgers.editor_edits import EditLedger, counts_for, find_undone, names_of
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.edits.approval import approved_from_row, find_approval
from bulletin.language.split_sentences import split_sentences
from bulletin.model import Edit, EditAction, Passage, Role, Sentence
from bulletin.station.open_archive import open_archive
from tests.support.newsroom_desk import NEWS


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
    known = [edit for edit in records if edit.id <= claimed and (edit.due or counts_for(edit, DUE))]
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
        case.counts["approved"] += 1
        check_approved(case, passages, approval.edit, kills=kills)
        return
    check_held(case, passages, held)
    check_undone(case, passages, [edit for edit in known if edit.id in undone])


def check_approved(case: Case, passages: Sequence[Passage], approval: Edit, *, kills: Sequence[str]) -> None:
    """The approved stories and headlines air in their order, with exactly the approved words, kills excepted."""
    with open_archive(case.output) as archive:
        row = EditLedger(archive).approved_words("hill", approval.id)
    stories = approved_from_row(row) if row else None
    if not stories:
        case.fault(f"the words of approval {approval.id} are not in the archive")
        return
    headlines = [item.headline.text for item in stories if item.headline]
    words = [*headlines, *(cut.text for item in stories for cut in item.cuts)]
    aired = [passage.text for passage in passages]
    if aired != [text for text in words if text in aired] or (not kills and aired != words):
        case.fault(f"approved {words}, aired {aired}")


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


def check_undone(case: Case, passages: Sequence[Passage], undone: Sequence[Edit]) -> None:
    """No words air whose edit was undone; each text of this bench is written once."""
    words = {edit.text: edit.id for edit in undone if edit.action is EditAction.REWORD and edit.text}
    for sentence in (sentence for passage in passages for sentence in passage.sentences):
        if sentence.text in words:
            case.fault(f"edit {words[sentence.text]} was undone, and airs: {sentence.text}")


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
