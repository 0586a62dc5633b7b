"""Stages of a run -> RunRecord in the archive's journal: stories with their scores, timings, result."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import RunJournal, WeighedStory
from bulletin.archive.record_dataclasses import RunRecord
from bulletin.errors import ArchiveError
from bulletin.model import AppliedEdit, Bulletin, Chosen, Gathered, Left, Script, Spoken
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.stage_timer import StageTimer

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class RunRecorder(StageTimer):
    """Times the stages of a run, and records the run."""

    station: str
    began_at: datetime
    """Start of the run, and the key of its bulletin in the archive."""
    at: datetime | None = None
    gathered: Gathered | None = None
    chosen: Chosen | None = None
    script: Script | None = None
    dropped: tuple[Left, ...] = ()
    spoken: Spoken | None = None
    bulletin: Bulletin | None = None
    edits: tuple[AppliedEdit, ...] = ()

    def close(self, archive: Archive, error: BaseException | None = None) -> None:
        """Write the record; a failure is only logged, because the bulletin is published."""
        run = RunRecord(
            station=self.station,
            began_at=self.began_at,
            at=self.at,
            verdict=_verdict(self.bulletin, error),
            error="" if error is None else str(error) or type(error).__name__,
            timings={stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
            notes=tuple(self.bulletin.notes) if self.bulletin else archive.notes,
            log=(*self.lines, *self._edit_lines(), *self._failures()),
        )
        try:
            RunJournal(archive).keep_run(run, weighed=self._weighed(run), left=self._unfit())
        except ArchiveError as problem:
            log.error("run not recorded in the journal: %s", problem)

    def _edit_lines(self) -> list[str]:
        """What became of each edit: "edit 12 reword by ann: applied"."""
        lines = []
        for item in self.edits:
            reason = f" ({item.reason})" if item.reason else ""
            lines.append(
                f"edit {item.edit.id} {item.edit.action} by {item.edit.editor}: {item.state}{reason}"
            )
        return lines

    def _failures(self) -> list[str]:
        feeds = self.gathered.reports if self.gathered else ()
        voices = self.spoken.attempts if self.spoken else ()
        failed = [f"feed {report.feed.name}: {report.reason}" for report in feeds if report.reason]
        costs = [f"voice {v.engine} ({v.voice}): {v.cost}" for v in voices if v.cost]
        return failed + [f"voice {v.engine} ({v.voice}): {v.reason}" for v in voices if not v.ok] + costs

    def _weighed(self, run: RunRecord) -> list[WeighedStory]:
        """Every story that was scored, in its chosen form if it was chosen."""
        if self.chosen is None:
            return []
        positions = {story.id: number for number, story in enumerate(self.chosen.stories, 1)}
        stories = {story.id: story for story in (*self.chosen.ranked, *self.chosen.stories)}
        aired = set(self.bulletin.story_ids) if self.bulletin else set()
        why = {
            name: item.reason for item in self._all_left() for name in (item.article_id, item.title) if name
        }
        ended = f"the run failed: {run.error.splitlines()[0]}" if run.error else "did not air"
        return [
            WeighedStory(
                story=story,
                place=positions.get(story.id, 0),
                verdict="aired"
                if story.id in aired
                else why.get(story.best.id) or why.get(story.id) or why.get(story.title) or ended,
            )
            for story in stories.values()
        ]

    def _all_left(self) -> tuple[Left, ...]:
        chosen = self.chosen.left if self.chosen else ()
        script = self.script.left if self.script else ()
        return (*chosen, *script, *self.dropped, *(self.bulletin.dropped if self.bulletin else ()))

    def _unfit(self) -> list[Left]:
        """Articles that were rejected before scoring."""
        if self.chosen is None:
            return []
        scored = {story.best.id for story in (*self.chosen.ranked, *self.chosen.stories)}
        return [item for item in self.chosen.left if item.article_id not in scored]


def resume_recorder(draft: Draft, *, station: str, began_at: datetime) -> RunRecorder:
    """The recorder of a run whose draft was made elsewhere."""
    return RunRecorder(
        station=station,
        began_at=began_at,
        at=draft.request.due,
        seconds=dict(draft.timings),
        lines=list(draft.log),
        gathered=draft.gathered,
        chosen=draft.chosen,
        script=draft.whole,
        dropped=draft.foreseen.dropped,
        edits=draft.edits,
    )


def _verdict(bulletin: Bulletin | None, error: BaseException | None) -> str:
    if error is None:
        return str(bulletin.level) if bulletin else "nothing"
    return "interrupted" if isinstance(error, KeyboardInterrupt) else type(error).__name__
