"""
Table of faults: what is on air at the hour after each of them.

    python -m tests.faults.cases > docs/FAULTS.md

Each test takes its expectation from this table, and a quick test compares the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bulletin.model import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fault, and the expected sound on air at the slot after it."""

    fault: str
    finds: Level | str
    """Level of the sound at the hour, or a description; the sound is for that hour and complete."""
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
        "unchanged": Case(fault="all answer 304", finds=Level.FRESH, remark="from the stored articles"),
        "broken": Case(
            fault="all send garbage, decompression bombs, web pages, redirect loops, errors",
            finds=EARLIER,
            remark="thirteen different faults",
        ),
        "hostile": Case(
            fault="all hostile files at once, each a feed",
            finds=Level.FRESH,
            remark="some of the 106 have usable entries",
        ),
        "long": Case(
            fault="one feed with 20,000 entries",
            finds=Level.FRESH,
            remark="its first 400 and last 100 are read",
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
            remark="the next voice reads the complete bulletin",
        ),
        "only": Case(fault="429, and no other voice", finds=EARLIER, remark="the stand-by was made before"),
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
            remark="the archive is only read; recorded when the lock is gone",
        ),
        "locked at start": Case(
            fault="the same, and the service starts meanwhile",
            finds=Level.FRESH,
            remark="recorded when the lock is gone",
        ),
        "exclusive": Case(
            fault="another process holds an exclusive lock, and the service starts meanwhile",
            finds=Level.FRESH,
            remark="killed stories stay blocked; recorded when the lock is gone",
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
            remark="left unchanged; killed stories stay blocked; recorded when the archive can be used",
        ),
        "foreign": Case(fault="another program's database", finds=Level.FRESH, remark="left unchanged"),
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
            remark="with the built-in jingles",
        ),
    },
    "Machine": {
        "off within": Case(
            fault="off at the slot, back after 5 minutes",
            finds=(
                "the last good bulletin, with its time, as soon as the machine is back; fresh news a minute later"
            ),
        ),
        "off beyond": Case(
            fault="off at the slot, back after 15 minutes",
            finds="the last good bulletin, with its time, as soon as the machine is back",
            remark="the stand-by was prepared; recorded as late",
        ),
        "two": Case(
            fault="two services at the same time, without their lock",
            finds=Level.FRESH,
            remark="the bulletin is made once",
        ),
        "jump +1 h": Case(fault="the clock jumps an hour ahead", finds=Level.FRESH, runs=2),
        "jump -1 h": Case(fault="the clock jumps an hour back", finds=Level.FRESH, runs=2),
        "jump +3 d": Case(fault="the clock jumps three days ahead", finds=Level.FRESH, runs=2),
        "jump -3 d": Case(fault="the clock jumps three days back", finds=Level.FRESH, runs=2),
    },
}


def case(room: str, name: str) -> Case:
    return CASES[room][name]


def level(room: str, name: str) -> Level:
    """Expected level of the sound on air."""
    finds = CASES[room][name].finds
    assert isinstance(finds, Level)
    return finds


ELSEWHERE = (
    (
        (
            "kill -9 over every stage of a real run, two in a row each time, then a restart; "
            "a reader polls all public files"
        ),
        "106",
        (
            "no incomplete public file, the archive opens without a message, the slot has fresh news; "
            "every stage hit at least five times (`python -m bench.kills`)"
        ),
        "tests/faults/test_kills.py",
    ),
    (
        (
            "seven days of an hourly station, twenty faults drawn from a seed: feeds gone, slow, garbage; voices dead, "
            "breaking off, noise; archive locked, disk full, jingle gone, kills, power cuts, a clock set back"
        ),
        "168 slots",
        "168 met, each by the right level of the stand-by chain; no growth of memory, files, threads, descriptors",
        "tests/faults/test_week.py",
    ),
    (
        "slow feeds, a hanging voice, a slow voice, near the deadline",
        "3",
        "slow parts are left out; the bulletin is published in time",
        "tests/faults/test_deadline.py",
    ),
    (
        "a second service for the same station, a kill and a restart, as processes",
        "2",
        "the second service ends at once, with the reason; the slot is met",
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
        "the public server is restarted and requests wait meanwhile; it ends with the service and frees its address",
        "tests/service/public_server/test_supervise_public_server.py",
    ),
    (
        "the newsroom's process is killed (kill -9), or its archive cannot be opened",
        "2",
        "it is started again and requests wait meanwhile; every page says why, and that the station stays on air",
        "tests/service/server_process/test_supervise_newsroom.py, tests/newsroom_web/test_newsroom_main.py",
    ),
    (
        "the service is killed (kill -9) while it makes a bulletin that an editor asked for, at moments drawn from a seed",
        "13",
        "the next service ends each request, none is lost and none is done twice",
        "tests/service/newsroom_requests/test_requests_of_a_service.py",
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
        "tests/service/slots/test_reconcile_slot_ledger_jumps.py",
    ),
    (
        "the clock starts in 1970, jumps to today, and back and forth by years; the work of each tick is counted",
        "4 chains",
        (
            "no tick lists, reads or writes more than a week of slots; the year of slots in the ledger stays unchanged "
            "(`python -m bench.clock_jumps`)"
        ),
        "tests/service/slots/test_reconcile_slot_ledger_years.py",
    ),
    (
        "ten busy processes beside the demo; five bulletins at once on two cores",
        "50",
        (
            "50 of 50 have all the stories of an undisturbed run, and no feed or page is lost; each takes 53 s "
            "(median; undisturbed 6 s): `python -m bench.loaded --at-once 5`"
        ),
        "tests/faults/test_loaded.py",
    ),
    (
        (
            "an archive in use is damaged: bits flipped, noise, zeros, pages gone or swapped, cut short, another header, "
            "in the file, its log, or both, and in a third of the cases the copy of the kill list is damaged or gone as "
            "well; then `make`, a starting service, or a running service"
        ),
        "the 1,000 of seed 13; 30 others in each run",
        (
            "a fresh bulletin on air each time, exit code 0, no traceback (one failed, was fixed and repeated); no killed, removed or withdrawn story airs "
            "or is listed, or an alert reports an incomplete kill list"
        ),
        "`python -m bench.archive_damage --seed 13`, tests/faults/test_archive_damage.py",
    ),
    (
        (
            "the database server of a group: password wrong, database or rights missing, too many connections, a standby, "
            "stopped, killed (kill -9), frozen (SIGSTOP), its disk full, a row locked, a query too slow, two writers that "
            "wait for each other"
        ),
        "19",
        (
            "an error that names server, database and remedy, without the password; the next call works when the fault is "
            "over, and committed rows are there"
        ),
        "tests/archive/database/test_postgres_errors.py, tests/archive/test_two_writers.py (`-m clients`)",
    ),
    (
        (
            "deliveries to pyftpdlib, vsftpd (with TLS and without), OpenSSH, WsgiDAV and moto: down, login refused, "
            "disk full, connection closed, silent or dripping at many points, folder or bucket missing, another host key"
        ),
        "over 200",
        "no incomplete file; reported with its remedy, by `check` with exit code 7; delivered later",
        "tests/delivery/targets, tests/cli/setup/test_check_deliveries.py (`-m clients`)",
    ),
    (
        (
            "the plain tests started at another time: half a minute before midnight and before a full hour, New Year, "
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
        "a limit changed on purpose: doubled, halved, moved by one (1,060 numbers in 210 files)",
        "100, drawn with seed 0",
        (
            "57 of these changes harm a station or break a documented promise: tests caught 33 at first, all 57 "
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
        "no incomplete file; no worker process stays (`python -m bench.interrupts`)",
        "tests/faults/test_interrupt.py",
    ),
    (
        "recordings of eight types, damaged: cut short, wrong bytes anywhere or in the header, foreign bytes in the middle",
        "1,200",
        "imported, or refused with the remedy; no file stays behind (`python -m bench.damaged_recordings`)",
        "tests/faults/test_damaged_recordings.py",
    ),
    (
        "a recording that is silent, distorted, hour-long, empty, cut off in each of its eight types, a text, a program or a folder; bombs of memory and time; a disk that is full; its sound deleted or changed after it was attached",
        "over 90",
        "refused with the remedy and exit code 6, nothing stored; a story whose recording is missing is left out, the bulletin airs",
        "tests/speech/clips, tests/faults/test_clip_on_full_disk.py, tests/pipeline/test_make_bulletin_recorded_clip.py",
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
        "on air, without a message; without a profile no bulletin is made and the folder is named",
        "tests/faults/test_environment.py",
    ),
    (
        (
            "`make` on a disk that is full or fills up, among bad feeds, with unfit jingles, wrong profiles, damaged "
            "archives"
        ),
        "over 120",
        "a clear error with its exit code, and the last bulletin stays; or a bulletin without the faulty part",
        "the other files in tests/faults",
    ),
)

GROUP_DAY = Path(__file__).parents[2] / "bench" / "data" / "group-day.md"
"""Results of `python -m bench.group_day --write-page`."""

HEAD = """\
# Faults

Tests run the service of a station, inject a fault, and at the top of the hour check the file on air: its hour, its completeness, and its row in the ledger.
Reconciler, ledger, feeds over HTTP on loopback, pipeline and files are real; the clock is simulated.
`pytest -m faults` runs them all; `python -m tests.faults.cases` writes this page, and a test compares it.

"""


def _expected(case: Case) -> str:
    return SAYS[case.finds] if isinstance(case.finds, Level) else case.finds


def render() -> str:
    """Text of docs/FAULTS.md."""
    lines = [HEAD + "| fault | runs | on air at the hour | remark |\n|---|---|---|---|\n"]
    for room, cases in CASES.items():
        lines += [
            f"| {room}: {row.fault} | {row.runs} | {_expected(row)} | {row.remark} |\n"
            for row in cases.values()
        ]
    lines.append("\nFaults in separate tests:\n\n| fault | runs | result | test |\n|---|---|---|---|\n")
    lines += [f"| {' | '.join(row)} |\n" for row in ELSEWHERE]
    if GROUP_DAY.exists():
        lines.append(f"\n{GROUP_DAY.read_text(encoding='utf-8')}")
    lines.append(
        "\nWithout a usable archive a station stays on air, but does not know which stories have aired: it reads the rows "
        "that it can (the kill list first) and holds back the podcast until the archive is back.\n"
        "Slots and aired stories are recorded in a second file, survive restarts, and are merged within a minute, so no "
        "slot is done twice.\n"
        "The stand-by is prepared in a private folder and renamed at its slot, so that it does not replace news between "
        "slots. A service that is off at the slot, or cannot rename a file, leaves the complete bulletin of the hour "
        "before on air; a playout that reads `fm.json` finds it expired (`valid_until`), and the ledger records the slot as "
        "missed or late. On a full disk the service frees a reserve of 16 MB for stand-by and ledger, and fills it "
        "again later.\n"
        "A killed story stays off the air with any damage to the archive, as the kill list has a checksummed copy. Only if "
        "both have lost entries may a story air again, and then an alert reports that the list may be incomplete.\n"
        "Limits: after a flipped bit in its version number, the archive may look like one of a newer Bulletin and stays "
        "unchanged; rows below a lost inner page come from the daily copy; a slot whose row is lost in the "
        "minute between its work and its time is done again.\n"
    )
    return "".join(lines)


if __name__ == "__main__":
    print(render(), end="")
