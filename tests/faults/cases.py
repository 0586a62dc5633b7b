"""
The table of faults: what the station must find at the hour, whatever broke.

    python -m tests.faults.cases > docs/FAULTS.md

Each test takes its expectation from here, and a plain test compares the page, so the page stays true.
"""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.model import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault and what comes of it."""

    fault: str
    finds: Level | str
    """At the hour: how good it is, or what is found in words; always for that hour, and whole."""
    runs: int = 1
    remark: str = ""


EARLIER = Level.LAST_GOOD
SAYS = {
    Level.FRESH: "fresh news",
    Level.LAST_GOOD: "the last news, saying that it is from earlier",
    Level.EVERGREEN: "the evergreen",
    Level.IDENT: "the ident",
}

CASES: dict[str, dict[str, Case]] = {
    "Feeds": {
        "down": Case(fault="all are down", finds=EARLIER),
        "moment": Case(
            fault="all are down when the work begins, and back seconds later",
            finds=Level.FRESH,
            remark="tried again while there is time",
        ),
        "slow": Case(fault="all drip, a byte a second", finds=EARLIER, remark="given up in time"),
        "unchanged": Case(
            fault="all answer 304", finds=Level.FRESH, remark="from what the archive has of them"
        ),
        "broken": Case(
            fault="all are garbage, bombs, pages, circles, errors", finds=EARLIER, remark="thirteen of them"
        ),
        "hostile": Case(
            fault="all hostile files at once, each a feed",
            finds=Level.FRESH,
            remark="some of the 106 hold fit entries",
        ),
        "long": Case(
            fault="one with 20,000 entries", finds=Level.FRESH, remark="its first 400 and last 100 are read"
        ),
        "many": Case(fault="a thousand stories at once", finds=Level.FRESH),
    },
    "Voice": {
        "429": Case(fault="Google answers 429", finds=Level.FRESH, remark="read by the next voice"),
        "captcha": Case(fault="a captcha page", finds=Level.FRESH, remark="read by the next voice"),
        "hang": Case(fault="no answer at all", finds=Level.FRESH, remark="read by the next voice"),
        "garbage": Case(fault="noise for sound", finds=Level.FRESH, remark="read by the next voice"),
        "cut": Case(fault="sound that breaks off", finds=Level.FRESH, remark="read by the next voice"),
        "fifth": Case(
            fault="dead half-way through story 5",
            finds=Level.FRESH,
            remark="the next voice reads all, from the first word",
        ),
        "only": Case(fault="429, and there is no other voice", finds=EARLIER, remark="spoken beforehand"),
    },
    "Disk": {
        **{
            f"full {stage}": Case(
                fault=f"full when the stage `{stage}` begins",
                finds=EARLIER,
                remark="made ready beforehand; its swap needs no space",
            )
            for stage in ("gather", "choose", "write", "speak", "mix", "examine", "publish")
        },
        "full all along": Case(
            fault="full since the hour before, the reserve gone too, so that no stand-by could be made",
            finds="that of the hour before, whole; fresh news as soon as there is room",
        ),
        "no byte free": Case(
            fault="not one byte free since the hour before, and the reserve is there",
            finds=EARLIER,
            runs=2,
            remark="in the room of the reserve (16 MB); where it is too small for that, the evergreen or the ident",
        ),
        "read-only": Case(
            fault="the public folder cannot be written any more",
            finds="that of the hour before, whole",
            remark=(
                "told as missed; streams and the pull endpoint take the last news, which is prepared in the private folder"
            ),
        ),
        "files": Case(
            fault="no file may be longer than 20 kB", finds=EARLIER, remark="made ready beforehand"
        ),
    },
    "Archive": {
        "locked": Case(
            fault="another process holds the write lock, over the whole slot",
            finds=Level.FRESH,
            remark="without memory; written down when the lock is gone",
        ),
        "locked at start": Case(
            fault="the same, and the service is started meanwhile", finds=Level.FRESH, remark="likewise"
        ),
        "exclusive": Case(
            fault="held by another process so that it cannot even be read, and the service is started meanwhile",
            finds=Level.FRESH,
            remark="what was killed stays killed; written down when it is free",
        ),
        "noise": Case(fault="noise in its place, at the start", finds=Level.FRESH),
        "torn": Case(
            fault="overwritten while the service runs", finds=Level.FRESH, remark="what can be is saved"
        ),
        "newer": Case(
            fault="written by a newer Bulletin",
            finds=Level.FRESH,
            remark="left as it is; what was killed stays killed; written down when it can be used",
        ),
        "foreign": Case(fault="another program's database", finds=Level.FRESH, remark="left as it is"),
    },
    "Station": {
        "profile": Case(
            fault="the profile is broken while running", finds=Level.FRESH, remark="by the old one"
        ),
        "profile gone": Case(
            fault="the profile is deleted while running", finds=Level.FRESH, remark="by the old one"
        ),
        "jingle": Case(fault="the ident is deleted while running", finds=Level.FRESH, remark="without it"),
        "jingles": Case(
            fault="the folder of jingles is deleted while running", finds=Level.FRESH, remark="with ours"
        ),
    },
    "Machine": {
        "off within": Case(
            fault="off over the slot, back after 5 minutes",
            finds=(
                "the last news, saying that it is from earlier, from the moment that it is back; fresh news a minute later"
            ),
        ),
        "off beyond": Case(
            fault="off over the slot, back after 15 minutes",
            finds="the last news, saying that it is from earlier, from the moment that it is back",
            remark="made ready beforehand; told as late",
        ),
        "two": Case(
            fault="two services work at the same time, the lock between them taken away",
            finds=Level.FRESH,
            remark="made once",
        ),
        "jump +1 h": Case(fault="the clock jumps an hour ahead", finds=Level.FRESH, runs=2),
        "jump -1 h": Case(fault="an hour back", finds=Level.FRESH, runs=2),
        "jump +3 d": Case(fault="three days ahead", finds=Level.FRESH, runs=2),
        "jump -3 d": Case(fault="three days back", finds=Level.FRESH, runs=2),
    },
}


def case(room: str, name: str) -> Case:
    return CASES[room][name]


def level(room: str, name: str) -> Level:
    """What must lie there."""
    finds = CASES[room][name].finds
    assert isinstance(finds, Level)
    return finds


ELSEWHERE = (
    (
        (
            "kill -9 in two halves, spread over every stage of a real run, two in a row each time, then a restart; "
            "a reader polls all that is public all the time"
        ),
        "212",
        (
            "nothing half under any public name, the archive opens without a word, the slot has fresh news; "
            "every stage hit at least ten times, five in each half"
        ),
        "tests/faults/test_kills.py",
    ),
    (
        (
            "seven days of an hourly station, twenty faults drawn from a seed: feeds gone, slow, garbage; voices dead, "
            "breaking off, noise; archive locked, disk full, jingle gone, kills, power cuts, a clock set back"
        ),
        "168 slots",
        "168 met, each by the right step; no growth of memory, files, threads, descriptors",
        "tests/faults/test_week.py",
    ),
    (
        "slow feeds, a voice that hangs, a voice too slow, against the time that is left",
        "3",
        "what is slow is left behind; what exists goes out in time",
        "tests/faults/test_deadline.py",
    ),
    (
        "a second service for the same station, a kill and a restart, as processes",
        "2",
        "the second ends at once, with the reason; the slot is met",
        "tests/service/test_run_service.py",
    ),
    (
        (
            "5,000 slow, half-open, idle and unreadable connections, endless bodies and noise against the public "
            "server for ten minutes, a slot every two minutes: `python -m bench.connections`; the test is a minute "
            "of it, with 800"
        ),
        "5 slots",
        (
            "5 met, with fresh news, 38 s before their time at least; `/healthz` answered 578 times of 578, within "
            "0.6 s; the log grew by 13 kB. (One process without limits, in three minutes: no slot met, `/healthz` "
            "2 times of 28, 156 MB)"
        ),
        "tests/faults/test_connections.py",
    ),
    (
        "the public server is killed (kill -9) or hangs (SIGSTOP); the service is killed",
        "3",
        "it is started again and whoever asks meanwhile waits; it ends with the service and frees its address",
        "tests/service/public_server/test_public_server.py",
    ),
    (
        "the output folder, the station's folder, a rendition or its side file is deleted while the service runs",
        "5",
        "`/readyz` says 503 and what is missing, `/healthz` 200",
        "tests/service/monitoring/test_station_health.py, test_watching.py",
    ),
    (
        "the archive is taken away while the service works, and another run puts a new one in its place",
        "2",
        "the slot is met, once; what is to come is planned at once",
        "tests/service/slots/test_reconcile_slots_clock.py",
    ),
    (
        "the clock begins in 1970, jumps to today, and to and fro by years; the work of each tick is counted",
        "4 chains",
        (
            "no tick lists, reads or writes more than a week of slots; the ledger's year stays as it is "
            "(`python -m bench.clock_jumps`)"
        ),
        "tests/service/slots/test_reconcile_slots_years.py",
    ),
    (
        "ten processes beside the demo that only use the processor; five bulletins at once on two cores",
        "50",
        (
            "50 of 50 have all the stories of an undisturbed run, no feed or page is read any worse; each takes 53 s "
            "(median; undisturbed 6 s): `python -m bench.loaded --at-once 5`"
        ),
        "tests/faults/test_loaded.py",
    ),
    (
        (
            "an archive in use is damaged: bits flipped, noise, zeros, pages gone or swapped, cut short, another header, "
            "in the file, its log, or both, and in a third of the cases the copy of the kill list is damaged or gone as "
            "well; then `make`, a service that starts, or one that is at work"
        ),
        "the 1,000 of seed 13; 30 others in each run",
        (
            "a fresh bulletin on air each time, exit code 0, no traceback (one failed, is mended, and was played again); nothing that was killed, removed or withdrawn is told "
            "or listed, or an alert says that the kill list may be incomplete"
        ),
        "`python -m bench.archive_damage --seed 13`, tests/faults/test_archive_damage.py",
    ),
    (
        (
            "deliveries to pyftpdlib, vsftpd (with TLS and without), OpenSSH, WsgiDAV and moto: down, login refused, "
            "disk full, line cut, silent or dripping at many points, folder or bucket missing, another host key"
        ),
        "over 200",
        "nothing half under any name; told with its remedy, by `check` with exit code 7; brought when it can be",
        "tests/outlets/places, tests/cli/setup/test_check_deliveries.py (`-m clients`)",
    ),
    (
        (
            "the plain tests begun at another moment: half a minute before midnight and before a full hour, New Year, "
            "29 February, the nights when clocks change in London, New York and the Azores, ten years from now"
        ),
        "16 times the whole of `make test`",
        "every test passes: `python -m bench.moments`",
        "two moments in `.ci/run`",
    ),
    (
        "the plain tests beside ten processes that only use the processor",
        "3 times the whole of `make test`, in a row",
        "every test passes: `python -m bench.moments --busy 10 --rounds 3 --sample 0`",
        "by hand",
    ),
    (
        "a number of a limit made wrong on purpose: doubled, halved, moved by one (1,060 places in 210 files)",
        "100, drawn with seed 0",
        (
            "57 of them matter to a station or to what a page promises: 33 were caught at first, all 57 since their "
            "tests were written: `python -m bench.limit_mutants --since COMMIT --count 100`"
        ),
        "by hand",
    ),
    (
        "106 hostile files and 73 server behaviours, one after another",
        "179",
        "bounded in time and memory; no address is reached that may not be",
        "tests/articles/test_hostile.py",
    ),
    (
        "`make` stopped by Ctrl-C, SIGTERM and kill -9; two runs at once",
        "over 70",
        "nothing half; no worker stays behind",
        "tests/faults/test_interrupt.py",
    ),
    (
        "a library that is missing or broken: extraction, voice, encoder, parser",
        "6",
        "`check` fails and prints the command that mends it; without the parser, news as printed",
        "tests/diagnostics/test_installation_test.py, .ci/wheel",
    ),
    (
        "an empty environment, cron's, the unit's; a user without a home; a home that cannot be written",
        "17",
        "on air, without a word; without a profile nothing airs and the folder is named",
        "tests/faults/test_environment.py",
    ),
    (
        (
            "`make` on a disk that is full or fills up, among bad feeds, with unfit jingles, wrong profiles, damaged "
            "archives"
        ),
        "over 120",
        "a clear error with its exit code, the last bulletin stays; or a bulletin without what was unfit",
        "the other files in tests/faults",
    ),
)

HEAD = """\
# What breaks, and what is on air then

A station's service is at work, the world breaks, and at the top of the hour the tests look at what lies where the playout looks: the file, for which hour it is, whether it is whole, and what the ledger says of it.
Keeper, ledger, feeds over HTTP on loopback, the whole road and its files are real; the clock is turned by hand.
`pytest -m faults` runs them all; this page is written by `python -m tests.faults.cases`, and a test compares.

"""


def _found(one: Case) -> str:
    return SAYS[one.finds] if isinstance(one.finds, Level) else one.finds


def render() -> str:
    """The page."""
    lines = [HEAD + "| fault | runs | at the hour lies there | |\n|---|---|---|---|\n"]
    for room, cases in CASES.items():
        lines += [
            f"| {room}: {one.fault} | {one.runs} | {_found(one)} | {one.remark} |\n" for one in cases.values()
        ]
    lines.append(
        "\nAnd in tests of their own:\n\n| fault | runs | expected and found | in |\n|---|---|---|---|\n"
    )
    lines += [f"| {' | '.join(row)} |\n" for row in ELSEWHERE]
    lines.append(
        "\nAn archive that cannot be used costs a station its memory and not its air: it goes on from what can be "
        "read of it (the kill list first of all), and leaves the podcast alone until the archive is back.\n"
        "What is done without it stands beside it, over restarts too, and is written down within a minute of its being "
        "back: no slot is done twice, and what aired is known to have aired.\n"
        "The stand-by is prepared beside what is on air and put in its place when its slot comes, so that news "
        "between slots is heard. The price: what is off, or cannot rename a file, at the slot itself cannot put it in "
        "place. Then the bulletin of the hour before stays, whole, until the service is back or the folder can be "
        "written; a playout that reads `fm.json` finds it over since `valid_until`, and the ledger says that the slot "
        "was missed, or met late. On a full disk the service gives up a reserve of "
        "16 MB, so that stand-by and ledger can be written, and takes it again from what they leave.\n"
        "A killed story stays off the air whatever becomes of the archive: the kill list has a sealed copy beside it. Only "
        "where both have lost something may one come back, and then an alert says that the list may be incomplete.\n"
        "The limits: a bit that turns the archive's version into a later one leaves it alone, as that of a newer Bulletin; "
        "rows below an inner page that is gone are those of the daily copy; a slot of which the row is lost in the minute "
        "between its work and its time is made again.\n"
    )
    return "".join(lines)


if __name__ == "__main__":
    print(render(), end="")
