"""Log filter for the queue's libraries: one line a minute about a lost database, in place of many tracebacks."""

from __future__ import annotations

import logging

import psycopg

from bulletin.runtime.redact_secrets import hide
from bulletin.service.monitoring.set_up_logging import RateLimitFilter

_LOGGERS = "procrastinate.utils procrastinate.worker procrastinate.worker.worker psycopg.pool asyncio".split()
"""Those that write the records: a filter of a parent does not see them."""
_WHAT = {
    "listener_error": "queue gives no notice of new pieces of work",
    "update_heartbeats_error": "heartbeat not written to the queue",
    "poll_jobs_to_abort_error": "queue not asked which pieces of work to stop",
    "side_task_failed": "queue takes no more pieces of work",
}
"""What fails, by the "action" of a record of Procrastinate."""
_LOST = ("08", "57P")  # SQL states: connection lost or refused; ended, or not begun, by the server itself


class LostDatabaseFilter(RateLimitFilter):
    """Shortens records about a lost database, and passes one of a kind in a minute; other errors as they are."""

    def kind_of(self, record: logging.LogRecord) -> tuple[object, ...] | None:
        raised = record.exc_info[1] if record.exc_info else None
        args = record.args if isinstance(record.args, tuple) else ()
        causes = [value.__cause__ or value for value in (raised, *args) if isinstance(value, BaseException)]
        if lost := next(filter(_is_lost, causes), None):
            reason = hide(str(lost).strip().partition("\n")[0]) or type(lost).__name__
            record.msg, record.args = f"{_what_fails(record)}, the database failed: %s", (reason,)
            record.exc_info = record.exc_text = None
            return (record.msg,)
        return super().kind_of(record) if record.name == "psycopg.pool" else None


def _is_lost(error: BaseException) -> bool:
    """Whether a connection was lost or not made; the states of such errors are often unknown."""
    return isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(_LOST)


def _what_fails(record: logging.LogRecord) -> str:
    if record.name == "psycopg.pool":
        return "queue not reached"
    if "name='process job " in str(record.msg):
        return "end of a piece of work not written to the queue"
    return _WHAT.get(getattr(record, "action", ""), "queue of the group out of order")


_FILTER = LostDatabaseFilter()


def shorten_lost_database_records() -> None:
    """Filter the records of this process; once more changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
