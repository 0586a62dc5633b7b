from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest

from bulletin.cli.main import COMMANDS, cli


def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bulletin", *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | env,
        check=False,
    )


def test_help_imports_the_standard_library_and_click_and_nothing_else() -> None:
    """Modules in sys.modules after `bulletin --help`, in a fresh interpreter."""
    program = (
        "import sys; before = set(sys.modules)\n"
        "from bulletin.cli.main import main\n"
        "sys.argv = ['bulletin', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "roots = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "foreign = sorted(roots - sys.stdlib_module_names - {'click', 'bulletin'})\n"
        "print('FOREIGN', foreign)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=True
    )

    assert "Make a bulletin now" in done.stdout
    assert done.stdout.rstrip().endswith("FOREIGN []")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_the_table_is_there_and_has_help(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)

    assert isinstance(command, click.Command)
    assert command.help


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_printed(option: str) -> None:
    assert run(option).stdout.startswith("bulletin, version ")


def test_the_help_groups_commands_by_what_people_do() -> None:
    help_text = run("--help").stdout

    headings = ("Make a bulletin:", "Edit the news:", "Run a station:", "Set up a station:")
    positions = [help_text.index(heading) for heading in headings]
    assert positions == sorted(positions)


def inconsistent_commands(command: click.Command, path: str) -> list[str]:
    """Subcommands with the argument STATION but without --station, or the reverse."""
    if isinstance(command, click.Group):
        below = [
            (name, sub)
            for name in command.list_commands(click.Context(command))
            if (sub := command.get_command(click.Context(command), name))
        ]
        return [wrong for name, sub in below for wrong in inconsistent_commands(sub, f"{path} {name}")]
    metavars = [param.make_metavar() for param in command.params if isinstance(param, click.Argument)]
    has_argument = any("STATION" in metavar for metavar in metavars)
    has_option = any("--station" in param.opts for param in command.params)
    return [] if has_argument == has_option else [path]


def test_a_station_is_an_argument_and_an_option_everywhere() -> None:
    assert inconsistent_commands(cli, "bulletin") == []


@pytest.mark.slow
def test_two_different_stations_are_wrong_usage() -> None:
    done = run("clock", "demo", "--station", "uk-local")

    assert done.returncode == 2
    assert "are two stations" in done.stderr


@pytest.mark.slow
def test_the_option_is_the_argument() -> None:
    both = [
        run("clock", *args, "--days", "2", "--from", "2026-12-24")
        for args in (["demo"], ["--station", "demo"])
    ]

    assert both[0].returncode == 0
    assert both[0].stdout == both[1].stdout


def test_a_wrong_command_names_the_nearest() -> None:
    done = run("mkae")

    assert done.returncode == 2
    assert "Did you mean 'make'?" in done.stderr


def test_an_unknown_station_is_bad_configuration_without_traceback() -> None:
    done = run("script", "nowhere")

    assert done.returncode == 3
    assert 'no station is called "nowhere"' in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_shell_completion_completes_commands_and_stations() -> None:
    commands = run(_BULLETIN_COMPLETE="bash_complete", COMP_WORDS="bulletin ma", COMP_CWORD="1")
    stations = run(_BULLETIN_COMPLETE="bash_complete", COMP_WORDS="bulletin make de", COMP_CWORD="2")

    assert "plain,make" in commands.stdout
    assert "plain,demo" in stations.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_each_shell(shell: str) -> None:
    assert "_BULLETIN_COMPLETE" in run("completion", shell).stdout


def test_a_command_freezes_the_garbage_collector():
    program = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000, gc.get_threshold()[0], file=sys.stderr))\n"
        "from bulletin.cli.main import main\n"
        "sys.argv = ['bulletin', '--version']\n"
        "main()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=True
    )

    assert done.stderr.split() == ["True", "250000"]
