"""Tests use fixed times; the few that read the real clock are listed here with their reasons."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent

_READINGS = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.gmtime",
    "time.localtime",
}
"""Calls that read the real clock, with any arguments."""

_COMMAND = "a command compares with the real clock: pubDates and pieces are relative to it"
_PROCESS = "a service in a process of its own rings by the real clock"
_CLIENT = "somebody else's program or library compares with the real clock"
_AGE = "a file's age is set relative to the real clock, which the file system keeps"
_RACE = "runs that share an archive, each with its real clock; leases are longer than any load"

_REASONS = {
    "archive/ledgers/test_claim_bulletin_slots_workers.py": _RACE,
    "backup/test_restore_whole_group.py": _PROCESS,
    "cli/setup/test_doctor.py": _COMMAND,
    "cli/newsroom/test_edit.py": _COMMAND,
    "cli/newsroom/test_stories.py": _COMMAND,
    "cli/newsroom/test_kill.py": _COMMAND,
    "cli/making/test_names.py": _COMMAND,
    "cli/test_limits_of_group_commands.py": _COMMAND,
    "cli/making/test_make.py": _COMMAND,
    "cli/running/test_outbox.py": _COMMAND,
    "cli/output/test_text_output_rewriter.py": _COMMAND,
    "cli/running/test_stream.py": _COMMAND,
    "clients/conftest.py": _CLIENT,
    "docs/deploy/test_monitoring_of_service.py": _CLIENT,
    "group/test_feeds_of_group.py": _PROCESS,
    "group/test_previews_of_group.py": _PROCESS,
    "group/test_run_group.py": _PROCESS,
    "pipeline/pieces/test_take_running_order.py": _COMMAND,
    "station/group_files/test_group_publication.py": _AGE,
    "storage/test_folder_store.py": _AGE,
    "support/group_processes.py": _PROCESS,
    "faults/station_process.py": _PROCESS,
    "faults/test_deadline.py": _PROCESS,
    "faults/test_jingles.py": _PROCESS,
    "faults/test_unfit.py": _PROCESS,
    "judges/test_podcast.py": _CLIENT,
    "publishing/test_atomic_file_batch.py": _AGE,
    "rewriter/test_answer_cache.py": _AGE,
    "service/test_supervisor_round_timer.py": _PROCESS,
    "service/newsroom_requests/test_requests_of_a_service.py": _PROCESS,
    "service/test_run_service.py": _PROCESS,
    "service/test_station_worker_shared_work.py": _RACE,
    "service/streams/test_stream_threads.py": "a clock that runs as the real one does, shifted to just before nine",
    "service/monitoring/test_monitoring_watchers.py": _PROCESS,
    "speech/cache/test_speech_cache.py": _AGE,
    "speech/engines/test_gtts.py": "a pause that is remembered in a file is measured by the real clock",
    "speech/cache/test_share_speech_of_parallel_runs.py": _RACE,
    "pipeline/changes/test_withdraw_story.py": _COMMAND,
    "station/test_sign_bulletin_mp3s.py": _CLIENT,
    "cli/newsroom/test_withdraw.py": _COMMAND,
    "support/clip_doors.py": _COMMAND,
}
"""Every file that reads the real clock must be listed; a deleted file may remain."""


def test_only_these_tests_read_the_real_clock() -> None:
    assert {name for name in _files_that_read_it() if name not in _REASONS} == set()


def test_no_file_reads_the_clock_at_import() -> None:
    """A time read at import is wrong for a test that runs fifteen minutes later."""
    assert set(_taken_at_import()) == set()


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in TESTS.rglob("*.py"):
        text = path.read_text("utf-8")
        if any(reading in text for reading in _READINGS):
            yield path.relative_to(TESTS).as_posix(), ast.parse(text)


def _reads_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in _READINGS


def _files_that_read_it() -> Iterator[str]:
    for name, tree in _trees():
        if any(_reads_clock(node) for node in ast.walk(tree)):
            yield name


def _taken_at_import() -> Iterator[str]:
    for name, tree in _trees():
        later = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If)
        for statement in (node for node in tree.body if not isinstance(node, later)):
            if any(_reads_clock(node) for node in ast.walk(statement)):
                yield f"{name}:{statement.lineno}"
