"""The command line: names and one line of help here; each command's code is imported when it is called."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from collections.abc import Iterable
from importlib import import_module
from types import FrameType
from typing import TextIO, cast

import click

from bulletin import __version__
from bulletin.errors import BulletinError
from bulletin.runtime.interrupts import completed_steps, postpone_signal
from bulletin.runtime.redaction import hide

# `bulletin --help` must be instant on a small computer: no command is imported to print this table.
COMMANDS = {
    "make": "Make a bulletin now: from feeds to MP3 and podcast feed.",
    "script": "Print the running order and the words; make no audio.",
    "feeds": "Show what each feed gave; add feeds; import and export OPML.",
    "voices": "List engines and voices, their licences, and what is missing.",
    "names": "List names of the coming bulletin that a newsreader may not know.",
    "check": "Let every part check itself, and name the remedies.",
    "add": "Add a story of the station's own, from a file or standard input.",
    "serve": "Keep stations on air by their clocks, until stopped.",
    "stream": "Put a bulletin on the station's Icecast or Liquidsoap stream, at its slot.",
    "status": "Show how stations do: slots met, voices, feeds, room left.",
    "outbox": "Show what is on its way to other places; try it again.",
    "clock": "Print the coming slots of the station's clock.",
    "log": "Show what aired, and how the last runs went.",
    "why": "Say why a story aired or did not, and where its words come from.",
    "withdraw": "Take one story back: what told it is made again without it.",
    "kill": "Take a story off the air by word, link or id.",
    "republish": "Write feed and pages again, after another name, colour or address.",
    "backup": "Write archive, kill list and profiles into one file.",
    "restore": "Bring a backup back, here or on another machine.",
    "init": "Write a commented profile for a new station.",
    "doctor": "Check a published station from outside, as its clients do.",
    "inspect": "Examine a sound file as a listener would get it.",
    "imaging": "Compose jingles of the station's own.",
    "completion": "Print the shell completion script for bash, zsh or fish.",
}

FOLDERS = {
    "making": ("make", "script", "names", "inspect"),
    "newsroom": ("add", "kill", "why", "withdraw"),
    "running": ("serve", "stream", "status", "outbox", "clock", "log", "republish"),
    "setup": ("feeds", "voices", "check", "backup", "restore", "init", "doctor", "imaging", "completion"),
}
"""The folder of cli/ that holds each command."""

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells have it."""


class LazyGroup(click.Group):
    """Knows its commands by name and imports `bulletin.cli.<folder>.<name>` only when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        folder = next(folder for folder, names in FOLDERS.items() if cmd_name in names)
        command: click.Command = import_module(f"bulletin.cli.{folder}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest right name for a wrong one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bulletin")
@click.option("-v", "--verbose", count=True, help="Log to standard error; twice for more.")
def cli(verbose: int) -> None:
    """
    Automatic radio news: from feeds to a finished bulletin on air.

    STATION is the name of a profile in feeds/, or the path of one; by default the only one there.

    \b
    Exit codes: 0 a new bulletin or nothing to complain of, 1 any other failure,
    2 wrong usage, 3 bad configuration, 4 no story (the last bulletin stays),
    5 no voice, 6 sound, 7 publishing, 8 archive, 9 not fit to go out, 75 another
    service has the station or the address, 130 interrupted.
    """
    _log_to_stderr(verbose)


def main() -> None:
    """Run the command line; a user's mistake is one message and an exit code, never a traceback."""
    os.environ.setdefault("PATH", os.defpath)  # an empty environment has none, and pydub looks for it
    spare_collector()
    _speak_utf8()
    sys.stdout, sys.stderr = (cast(TextIO, Redacted(stream)) for stream in (sys.stdout, sys.stderr))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
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
        _end(error.format_message(), error.exit_code)
    except BulletinError as error:
        _complain(f"{error}")
        _end(f"{error}", error.exit_code)
    except ImportError as error:
        _stop_incomplete(error)
    except Exception as error:
        _tell_program(f"{type(error).__name__}: {error}", 1)
        raise


class Redacted:
    """A stream that prints no secret, whoever writes to it: a page, a library's warning, a traceback."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

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
    Look for circles of dead objects rarely, and not once more at the end, when all of them go anyway.

    Python's own pace costs a run a tenth of its time: imports make many objects, and hardly any circle.
    A bulletin of two minutes makes 190,000 objects, nearly all of them to stay.
    """
    gc.set_threshold(250_000, 50, 100)
    atexit.register(gc.freeze)


def _stop_incomplete(error: ImportError) -> None:
    """A library that is not there is no mistake of ours, and pip knows the remedy."""
    from bulletin.runtime.installation import describe_incomplete, is_ours

    if is_ours(error.name or ""):
        raise error
    _complain(describe_incomplete(error))
    _end(describe_incomplete(error), BulletinError.exit_code)


def _stop(error: BaseException | None) -> None:
    """Ctrl-C, which may say what had happened by then; who presses it again is not kept waiting."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "SIGALRM"):
        # of one that was put off: it is heeded already
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
    said = f"stopped; {error.args[0]}" if error and error.args else "stopped"
    _complain(said)
    _end(said, INTERRUPTED)


def _end(message: str, code: int) -> None:
    _tell_program(message, code)
    sys.exit(code)


def _tell_program(message: str, code: int) -> None:
    """Who asked for JSON gets JSON, whatever went wrong."""
    if "--json" in sys.argv:
        import json

        click.echo(json.dumps({"error": hide(message), "exit_code": code}, ensure_ascii=False, indent=2))


def _log_to_stderr(verbose: int) -> None:
    """What failed and was made good stands in the run's own report, so the log speaks only when asked."""
    import logging

    level = {0: logging.CRITICAL, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        # SQLAlchemy's own logger has a level of its own: of a Ctrl-C while it closes it tells with a traceback
        handler.setLevel(level)


def _complain(message: str) -> None:
    click.echo(f"bulletin: {message}", err=True)


class Interrupted(KeyboardInterrupt):
    """
    Ctrl-C or SIGTERM, caught by us.

    A class of its own: where a plain KeyboardInterrupt comes out of exec(), as dataclasses use it while they are
    imported, Python ends the process by SIGINT though it was caught (run_eval_code_obj in pythonrun.c).
    """


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """SIGTERM stops as Ctrl-C does, so that no part file stays."""
    if postpone_signal(frame, _interrupt):
        return
    raise Interrupted(*completed_steps())


def _speak_utf8() -> None:
    """A station's words hold pounds and accents; a Windows console or LANG=C must not crash on them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
