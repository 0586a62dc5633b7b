"""Log messages of libraries appear with --verbose only."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import logging, sys
import bulletin.cli.main as main

main._log_to_stderr({verbose})
import sqlalchemy

logging.getLogger("sqlalchemy.pool.impl.QueuePool").error("Exception closing connection")
"""


def log_output(verbose: int) -> str:
    command = [sys.executable, "-c", SCRIPT.format(verbose=verbose)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


@pytest.mark.slow
def test_a_librarys_error_is_logged_only_when_asked() -> None:
    """SQLAlchemy logs an error at Ctrl-C, while the run's own last line already says that it was stopped."""
    assert log_output(0) == ""
    assert "Exception closing connection" in log_output(1)
