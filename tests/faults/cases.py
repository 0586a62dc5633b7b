"""
Table of faults: what is on air at the hour after each of them.

    python -m tests.faults.cases > docs/FAULTS.md

Each test takes its expectation from here, and a plain test compares the page.
"""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.model import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault, and the sound on air at the slot after it."""

    fault: str
    finds: Level | str
    """Level of the sound at the hour, or a description; always for that hour, and complete."""
    runs: int = 1
    remark: str = ""


EARLIER = Level.LAST_GOOD
SAYS = {
    Level.FRESH: "fresh news",
    Level.LAST_GOOD: "the last good bulletin, with its time",
    Level.EVERGREEN: "the evergreen",
    Level.IDENT: "the ident",
}

CASES: dict[str, dict[str, Case]] = {
    "Feeds": {
        "down": Case(fault="all are down", finds=EARLIER),
        "moment": Case(
            fault="all are down when work begins, and back seconds later",
            finds=Level.FRESH,
            remark="retried while there is time",
        ),
        "slow": Case(fault="all send a byte a second", finds=EARLIER, remark="given up in time"),
        "unchanged": Case(
            fault="all answer 304", finds=Level.FRESH, remark="from their articles in the archive"
        ),
        "broken": Case(
            fault="all send garbage, decompression bombs, web pages, redirect loops, errors",
            finds=EARLIER,
            remark="thirteen of them",
        ),
        "hostile": Case(
            fault="all hostile files at once, each a feed",
            finds=Level.FRESH,
            remark="some of the 106 have usable entries",
        ),
        "long": Case(
            fault="one with 20,000 entries", finds=Level.FRESH, remark="its first 400 and last 100 are read"
        ),
        "many": Case(fault="a thousand stories at once", finds=Level.FRESH),
    },
    "Voice": {
        "429": Case(fault="Google answers 429", finds=Level.FRESH, remark="the next voice reads"),
        "captcha": Case(fault="a captcha page", finds=Level.FRESH, remark="the next voice reads"),
        "hang": Case(fault="no answer at all", finds=Level.FRESH, remark="the next voice reads"),
        "garbage": Case(fault="noise instead of speech", finds=Level.FRESH, remark="the next voice reads"),
        "cut": Case(fault="speech that breaks off", finds=Level.FRESH, remark="the next voice reads"),
        "fifth": Case(
            fault="fails in the middle of story 5",
            finds=Level.FRESH,
            remark="the next voice reads all, from the first word",
        ),
        "only": Case(fault="429, and no other voice", finds=EARLIER, remark="the stand-by was spoken before"),
    },
    "Disk": {
        **{
            f"full {stage}": Case(
                fault=f"full when the stage `{stage}` begins",
                finds=EARLIER,
                remark="the stand-by was prepared; renaming needs no space",
            )
            for stage in ("gather", "choose", "write", "speak", "mix", "examine", "publish")
        },
        "full all along": Case(
            fault="full for an hour, without the reserve, so no stand-by could be made",
            finds="the bulletin of the hour before, complete; fresh news as soon as there is space",
        ),
        "no byte free": Case(
            fault="no byte free for an hour, with the reserve",
            finds=EARLIER,
            runs=2,
            remark="in the space of the reserve (16 MB); if that is too small, the evergreen or the ident",
        ),
        "read-only": Case(
            fault="the public folder becomes read-only",
            finds="the bulletin of the hour before, complete",
            remark=(
                "recorded as missed; streams and the pull endpoint take the prepared stand-by from the private folder"
            ),
        ),
        "files": Case(
            fault="no file may be longer than 20 kB", finds=EARLIER, remark="the stand-by was prepared"
        ),
    },
    "Archive": {
        "locked": Case(
            fault="another process holds the write lock during the slot",
            finds=Level.FRESH,
            remark="from what can be read; recorded when the lock is gone",
        ),
        "locked at start": Case(
            fault="the same, and the service starts meanwhile", finds=Level.FRESH, remark="likewise"
        ),
        "exclusive": Case(
            fault="another process holds an exclusive lock, and the service starts meanwhile",
            finds=Level.FRESH,
            remark="killed stories stay killed; recorded when the lock is gone",
        ),
        "noise": Case(fault="replaced by noise before the start", finds=Level.FRESH),
        "torn": Case(
            fault="overwritten while the service runs",
            finds=Level.FRESH,
            remark="readable rows are recovered",
        ),
        "newer": Case(
            fault="written by a newer Bulletin",
            finds=Level.FRESH,
            remark="left as it is; killed stories stay killed; recorded when it can be used",
        ),
        "foreign": Case(fault="another program's database", finds=Level.FRESH, remark="left as it is"),
    },
    "Station": {
        "profile": Case(
            fault="the profile is broken while running", finds=Level.FRESH, remark="with the old profile"
        ),
        "profile gone": Case(
            fault="the profile is deleted while running", finds=Level.FRESH, remark="with the old profile"
        ),
        "jingle": Case(
            fault="the ident is deleted while running", finds=Level.FRESH, remark="without the ident"
        ),
        "jingles": Case(
            fault="the folder of jingles is deleted while running",
            finds=Level.FRESH,
            remark="with the jingles of the program",
        ),
    },
    "Machine": {
        "off within": Case(
            fault="off over the slot, back after 5 minutes",
            finds=(
                "the last good bulletin, with its time, as soon as the machine is back; fresh news a minute later"
            ),
        ),
        "off beyond": Case(
            fault="off over the slot, back after 15 minutes",
            finds="the last good bulletin, with its time, as soon as the machine is back",
            remark="the stand-by was prepared; recorded as late",
        ),
        "two": Case(
            fault="two services at the same time, without their lock",
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
    """Level of the sound that must be on air."""
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
            "no incomplete public file, the archive opens without a message, the slot has fresh news; "
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
        "168 met, each by the right step of the stand-by chain; no growth of memory, files, threads, descriptors",
        "tests/faults/test_week.py",
    ),
    (
        "slow feeds, a hanging voice, a slow voice, near the deadline",
        "3",
        "slow parts are left out; the rest goes out in time",
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
        "it is restarted and requests wait meanwhile; it ends with the service and frees its address",
        "tests/service/public_server/test_supervise_public_server.py",
    ),
    (
        "the output folder, the station's folder, a rendition or its side file is deleted while the service runs",
        "5",
        "`/readyz` answers 503 and names what is missing, `/healthz` 200",
        "tests/service/monitoring/test_station_health.py, test_monitoring_watchers.py",
    ),
    (
        "the archive is taken away while the service works, and another run puts a new one in its place",
        "2",
        "the slot is met once; coming slots are planned at once",
        "tests/service/slots/test_reconcile_slots_with_clock_jumps.py",
    ),
    (
        "the clock begins in 1970, jumps to today, and to and fro by years; the work of each tick is counted",
        "4 chains",
        (
            "no tick lists, reads or writes more than a week of slots; the ledger's year stays as it is "
            "(`python -m bench.clock_jumps`)"
        ),
        "tests/service/slots/test_reconcile_slots_with_clock_years.py",
    ),
    (
        "ten busy processes beside the demo; five bulletins at once on two cores",
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
            "a fresh bulletin on air each time, exit code 0, no traceback (one failed, was fixed and repeated); no killed, removed or withdrawn story airs "
            "or is listed, or an alert says that the kill list may be incomplete"
        ),
        "`python -m bench.archive_damage --seed 13`, tests/faults/test_archive_damage.py",
    ),
    (
        (
            "deliveries to pyftpdlib, vsftpd (with TLS and without), OpenSSH, WsgiDAV and moto: down, login refused, "
            "disk full, line cut, silent or dripping at many points, folder or bucket missing, another host key"
        ),
        "over 200",
        "no incomplete file; reported with its remedy, by `check` with exit code 7; delivered when possible",
        "tests/delivery/targets, tests/cli/setup/test_check_deliveries.py (`-m clients`)",
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
        "the plain tests beside ten busy processes",
        "3 times the whole of `make test`, in a row",
        "every test passes: `python -m bench.moments --busy 10 --rounds 3 --sample 0`",
        "by hand",
    ),
    (
        "a number of a limit made wrong on purpose: doubled, halved, moved by one (1,060 places in 210 files)",
        "100, drawn with seed 0",
        (
            "57 of them matter to a station or to a documented promise: tests caught 33 at first, all 57 "
            "now: `python -m bench.limit_mutants --since COMMIT --count 100`"
        ),
        "by hand",
    ),
    (
        "106 hostile files and 73 server behaviours, one after another",
        "179",
        "bounded in time and memory; no forbidden address is reached",
        "tests/articles/test_articles_hostile.py",
    ),
    (
        "`make` stopped by Ctrl-C, SIGTERM and kill -9; two runs at once",
        "over 70",
        "no incomplete file; no worker process stays",
        "tests/faults/test_interrupt.py",
    ),
    (
        "a library that is missing or broken: extraction, voice, encoder, parser",
        "6",
        "`check` fails and prints the command that repairs it; without the parser, sentences as printed",
        "tests/diagnostics/test_check_installation.py, .ci/wheel",
    ),
    (
        "an empty environment, cron's, the unit's; a user without a home; a home that cannot be written",
        "17",
        "on air, without a message; without a profile nothing airs and the folder is named",
        "tests/faults/test_environment.py",
    ),
    (
        (
            "`make` on a disk that is full or fills up, among bad feeds, with unfit jingles, wrong profiles, damaged "
            "archives"
        ),
        "over 120",
        "a clear error with its exit code, the last bulletin stays; or a bulletin without the unfit part",
        "the other files in tests/faults",
    ),
)

HEAD = """\
# Faults

Tests run the service of a station, inject a fault, and at the top of the hour look at the file that the playout reads: its hour, its completeness, and the record in the ledger.
Reconciler, ledger, feeds over HTTP on loopback, pipeline and files are real; the clock is simulated.
`pytest -m faults` runs them all; `python -m tests.faults.cases` writes this page, and a test compares.

"""


def _found(one: Case) -> str:
    return SAYS[one.finds] if isinstance(one.finds, Level) else one.finds


def render() -> str:
    """The page."""
    lines = [HEAD + "| fault | runs | on air at the hour | |\n|---|---|---|---|\n"]
    for room, cases in CASES.items():
        lines += [
            f"| {room}: {one.fault} | {one.runs} | {_found(one)} | {one.remark} |\n" for one in cases.values()
        ]
    lines.append(
        "\nFaults in separate tests:\n\n| fault | runs | expected and found | in |\n|---|---|---|---|\n"
    )
    lines += [f"| {' | '.join(row)} |\n" for row in ELSEWHERE]
    lines.append(
        "\nWithout a usable archive a station loses its memory, not its air: it reads what it can (the kill list "
        "first) and holds back the podcast until the archive is back.\n"
        "Slots and aired stories are recorded beside it, survive restarts, and are merged within a minute: no slot is "
        "done twice.\n"
        "The stand-by is prepared in a private folder and renamed into place at its slot, so that news between slots "
        "is heard. A service that is off at the slot, or cannot rename a file, leaves the complete bulletin of the hour "
        "before; a playout that reads `fm.json` finds it expired (`valid_until`), and the ledger records the slot as "
        "missed or late. On a full disk the service gives up a reserve of 16 MB for stand-by and ledger, and takes it "
        "back from them later.\n"
        "A killed story stays off the air whatever happens to the archive: the kill list has a checksummed copy. Only if "
        "both have lost entries may a story come back, and then an alert says that the list may be incomplete.\n"
        "Limits: a flipped bit that turns the archive's version into a later one leaves the archive alone, as if a newer "
        "Bulletin had written it; rows below a lost inner page come from the daily copy; a slot whose row is lost in the "
        "minute between its work and its time is made again.\n"
    )
    return "".join(lines)


if __name__ == "__main__":
    print(render(), end="")
