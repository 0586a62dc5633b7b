"""The command line: names and one line of help for each command; its code is imported when it is called."""

from __future__ import annotations

import atexit
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from types import FrameType
from typing import TextIO, cast

import click

from bulletin import __version__
from bulletin.errors import BulletinError
from bulletin.runtime.delay_interrupts import completed_steps, postpone_signal, repeat_lost_interrupts
from bulletin.runtime.redact_secrets import hide

# `bulletin --help` must be instant on a small computer: no command is imported to print these tables.
GROUPS = {
    "making": "Make a bulletin",
    "newsroom": "Edit the news",
    "running": "Run a station",
    "setup": "Set up a station",
}
"""Folder of cli/ -> heading of the commands in it."""
COMMANDS = {
    "make": ("making", "Make a bulletin now: from feeds to MP3 and podcast feed."),
    "script": ("making", "Print the running order and the words; make no audio."),
    "names": ("making", "List unusual names in the next bulletin; hear, respell and save them."),
    "say": ("making", "Say a sentence as the station would on air."),
    "play": ("making", "Play the newest bulletin, or a sound file."),
    "inspect": ("making", "Measure a sound file: loudness, peaks, silences, clicks."),
    "next": ("newsroom", "Show the coming bulletin with numbers, as it stands."),
    "edit": ("newsroom", "Pin, drop, move, lengthen, shorten or reword stories of the coming bulletin."),
    "approve": ("newsroom", "Approve the coming bulletin: exactly these words air."),
    "undo": ("newsroom", "Undo an edit."),
    "edits": ("newsroom", "List the records of edits."),
    "stories": ("newsroom", "Add, list and remove the station's own stories."),
    "why": ("newsroom", "Explain why a story aired or did not, and where its words come from."),
    "withdraw": ("newsroom", "Withdraw a story and remake the bulletins that carried it."),
    "correct": ("newsroom", "Correct the words of a story that has aired, in every published bulletin."),
    "kill": ("newsroom", "Block a word, link or story, and withdraw bulletins that carried it."),
    "requests": ("newsroom", "Ask the service for a bulletin now, a preview, a backup; list requests."),
    "serve": ("running", "Keep stations on air by their clocks, until stopped."),
    "group": ("running", "Run stations on many machines: plan, work, show the state."),
    "newsroom": ("running", "Offer the newsroom in the browser, without a service."),
    "status": ("running", "Show station status: slots met, voices, feeds, free space."),
    "clock": ("running", "Print the next slots of the station's clock; rehearse a day."),
    "log": ("running", "Show what aired, and how the last runs went."),
    "outbox": ("running", "Show, retry or remove pending deliveries."),
    "stream": ("running", "Put a bulletin on the Icecast or Liquidsoap stream, at its slot."),
    "republish": ("running", "Rewrite feed and pages after a change of name, colour or address."),
    "init": ("setup", "Write a commented profile for a new station."),
    "feeds": ("setup", "List, find, add and remove feeds; import and export OPML."),
    "voices": ("setup", "List engines and voices with their licences; install voices."),
    "imaging": ("setup", "List, replace and compose the station's jingles."),
    "check": ("setup", "Check every part of a station and name the remedies."),
    "doctor": ("setup", "Check a published station from outside, as its clients do."),
    "user": ("setup", "Add, list and remove users of the newsroom; passwords, roles, API tokens."),
    "backup": ("setup", "Write archive, kill list and profiles into one file."),
    "restore": ("setup", "Restore a backup, here or on another machine."),
    "completion": ("setup", "Print the shell completion script for bash, zsh or fish."),
}
"""Command -> its folder, and a line of help."""
RENAMED = {"add": "stories"}
"""Old name of a command -> its present name."""

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells have it."""


class LazyGroup(click.Group):
    """Knows its commands by name and imports `bulletin.cli.<folder>.<name>` only when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"bulletin.cli.{COMMANDS[cmd_name][0]}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command as click does, also by its old name; an error names the nearest one."""
        if new := RENAMED.get(args[0]):
            from bulletin.cli.shared_options import old_spelling

            old_spelling(f"bulletin {args[0]}", f"bulletin {new} {args[0]}")
            return super().resolve_command(ctx, [new, *args[1:]])
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for folder, heading in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, text) for name, (of, text) in COMMANDS.items() if of == folder])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="bulletin")
@click.option("-v", "--verbose", count=True, help="Log to standard error; twice for more.")
def cli(verbose: int) -> None:
    """
    Automatic radio news: from feeds to a finished bulletin on air.

    STATION is the name of a profile in feeds/, or its path; by default the only one there.
    Each command takes it as an argument or as --station STATION.

    \b
    Exit codes: 0 success, 1 any other failure, 2 wrong usage, 3 bad
    configuration, 4 no story (the last bulletin stays), 5 no voice, 6 sound,
    7 publishing, 8 archive, 9 quality check failed, 75 another service has the
    station or the address, 130 interrupted.
    """
    _log_to_stderr(verbose)


def main() -> None:
    """Run the command line; a user's mistake gives a message and an exit code, never a traceback."""
    os.environ.setdefault("PATH", os.defpath)  # an empty environment has none, and pydub looks for it
    spare_collector()
    sys.stdout, sys.stderr = (cast(TextIO, Redacted(stream)) for stream in (sys.stdout, sys.stderr))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    repeat_lost_interrupts(_interrupt)
    try:
        cli.main(prog_name="bulletin", standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort as error:
        _stop(error.__cause__)
    except KeyboardInterrupt as error:
        _stop(error)
    except click.ClickException as error:
        error.show()
        _print_json_error(error.format_message(), error.exit_code)
        sys.exit(error.exit_code)
    except BulletinError as error:
        _end(f"{error}", error.exit_code)
    except ImportError as error:
        _stop_incomplete(error)
    except Exception as error:
        _print_json_error(f"{type(error).__name__}: {error}", 1)
        raise


class Redacted:
    """An output stream that hides secrets, also those in a library's warning or a traceback."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        if isinstance(stream, TextIOWrapper):
            # so that a pound sign does not crash a Windows console or LANG=C
            stream.reconfigure(encoding="utf-8", errors="replace")

    def write(self, text: str) -> int:
        self._stream.write(hide(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def spare_collector() -> None:
    """
    Collect garbage rarely, and not at exit.

    Python's default costs a run a tenth of its time: imports make many objects and hardly any cycle.
    A bulletin of two minutes makes 190,000 objects, and nearly all of them stay.
    """
    gc.set_threshold(250_000, 50, 100)
    atexit.register(gc.freeze)


def _stop_incomplete(error: ImportError) -> None:
    """End with the pip command for a library that is not installed."""
    from bulletin.runtime.suggest_install_command import describe_incomplete, is_ours

    if is_ours(error.name or ""):
        raise error
    _end(describe_incomplete(error), BulletinError.exit_code)


def _stop(error: BaseException | None) -> None:
    """End after Ctrl-C; the message names the finished work. A second Ctrl-C ends immediately."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "SIGALRM"):
        # the alarm repeats a postponed signal, which ends here
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
    _end(f"stopped; {error.args[0]}" if error and error.args else "stopped", INTERRUPTED)


def _end(message: str, code: int) -> None:
    click.echo(f"bulletin: {message}", err=True)
    _print_json_error(message, code)
    sys.exit(code)


def _print_json_error(message: str, code: int) -> None:
    """Print an error as JSON with --json."""
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": hide(message), "exit_code": code}, ensure_ascii=False, indent=2))


def _log_to_stderr(verbose: int) -> None:
    """The log is silent by default: the report of a run names what failed and was repaired."""
    level = {0: logging.CRITICAL, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        # SQLAlchemy's logger has its own level, and would log a traceback for Ctrl-C while it closes
        handler.setLevel(level)


class Interrupted(KeyboardInterrupt):
    """
    Ctrl-C or SIGTERM.

    Not a plain KeyboardInterrupt: when one leaves exec(), which dataclasses call at import, Python ends the
    process by SIGINT even if it is caught (run_eval_code_obj in pythonrun.c).
    """


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """SIGTERM stops as Ctrl-C does, so that no part file stays."""
    if postpone_signal(frame, _interrupt):
        return
    raise Interrupted(*completed_steps())
