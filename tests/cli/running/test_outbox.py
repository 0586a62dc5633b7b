"""Deliveries of `bulletin make`, and `bulletin outbox`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxState
from bulletin.cli.making import make
from bulletin.cli.running import outbox
from bulletin.cli.setup import check
from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError
from bulletin.runtime.backoff import must_wait
from bulletin.station.open_archive import open_archive

PROFILE = """\
name = "Hill"
length = "0:30"
repeats_freely = true
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm"]
[outputs.fm]
format = "mp3"
[[deliveries]]
kind = "folder"
path = "{path}"
names = "news"
"""
TEXT = (
    "The bridge over the River Wex closes next month for six weeks of repairs. "
    "The county council said drivers should use the A361. "
    "Councillor Joan Pethick said the work would cost 3.5 million pounds. "
)


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    share = tmp_path / "share"
    (tmp_path / "hill.toml").write_text(PROFILE.format(path=share.as_posix()), encoding="utf-8")
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    (tmp_path / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>G</title><item><title>Bridge over the Wex to close</title>'
        f"<guid>1</guid><pubDate>{date}</pubDate><description>{TEXT}</description></item></channel></rss>",
        encoding="utf-8",
    )
    return share


def run(command: object, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["hill.toml", "--output", "out", *arguments])


def run_outbox(verb: str, *arguments: str, station: str = "hill.toml") -> Result:
    options = ["--station", station] if station else []
    return CliRunner().invoke(outbox.command, [verb, *arguments, *options, "--output", "out"])


@pytest.mark.slow
def test_a_share_that_was_down_gets_its_bulletin_by_retry(share: Path) -> None:
    made = run(make.command, "--quiet")
    assert made.exit_code == 7  # published here, delivery pending
    assert Path("out/hill/fm.mp3").is_file()
    assert "not delivered to folder: " in made.output
    assert "mount the share" in made.output
    assert (
        "bulletin: published here, but not delivered everywhere; the service or the next run retries"
        in made.output
    )

    waits = run_outbox("list")
    assert waits.exit_code == 7
    assert "waiting; tried once, again " in waits.output
    assert "mount the share" in waits.output

    share.mkdir()
    tried = run_outbox("retry")
    assert (tried.exit_code, "No pending deliveries." in tried.output) == (0, True)
    assert {path.name for path in share.iterdir()} == {"news.mp3", "news.json"}

    (piece,) = json.loads(run_outbox("list", "--json").output)["pieces"]
    assert (piece["state"], piece["tries"]) == ("done", 2)


@pytest.mark.slow
def test_a_pending_delivery_is_in_the_json_of_this_run_and_the_next(share: Path) -> None:
    made = run(make.command, "--json")
    assert made.exit_code == 7
    data = json.loads(made.stdout)
    (sent,) = data["deliveries"]
    assert (sent["delivery"], sent["result"], sent["tries"], data["exit_code"]) == ("folder", "failed", 1, 7)
    assert data["title"] == sent["title"]

    share.mkdir()  # the share is back, but the retry pause still holds
    add_piece("one", wait=timedelta(minutes=25))
    made = run(make.command, "--json")
    data = json.loads(made.stdout)
    (sent,) = [delivery for delivery in data["deliveries"] if delivery["result"] != "skipped"]
    assert (sent["result"], made.exit_code, data["exit_code"]) == ("waiting", 7, 7)
    assert sent["note"].startswith("the server is down; is tried again at ")

    (share.parent / "gazette.rss").write_text("no feed")
    run_outbox("remove", "hill", station="")
    lost = add_piece("two")
    made = run(make.command, "--quiet")  # no news, but pending deliveries go out
    assert made.exit_code != 0
    pieces = {piece["id"]: piece for piece in json.loads(run_outbox("list", "--json").output)["pieces"]}
    assert pieces[lost]["state"] == "done"


def add_piece(
    guid: str,
    *,
    station: str = "hill",
    delivery: str = "folder",
    action: OutboxAction = OutboxAction.PUBLISH,
    state: OutboxState | None = None,
    wait: timedelta = timedelta(),
) -> int:
    """Add a piece to the outbox, due after a wait; return its number."""
    now = datetime.now(UTC)
    with open_archive(Path("out")) as archive:
        box = Outbox(archive)
        box.add(station, delivery, guid, action, now=now, title=guid.title())
        piece = box.rows()[-1]
        if state:
            box.finish(piece, now=now, state=state, note="given up after 9 tries: the server is down")
        else:
            box.put_off(piece, now=now, next_try_at=now + wait, note="the server is down")
        return piece.id


SECRET = """[[deliveries]]
kind = "webhook"
url = "env:BULLETIN_TEST_HOOK"
"""


@pytest.mark.slow
def test_the_outbox_lists_and_removes_without_the_secrets_of_the_service(share: Path) -> None:
    with Path("hill.toml").open("a", encoding="utf-8") as profile:
        profile.write(SECRET)
    add_piece("one", state=OutboxState.GIVEN_UP)
    hook = add_piece("two", delivery="webhook", wait=timedelta(minutes=25))

    shown = run_outbox("list")
    assert (shown.exit_code, f"{hook}  hill  webhook  Two  waiting; tried once" in shown.output) == (7, True)
    assert run_outbox("remove", "1").exit_code == 7

    tried = run_outbox("retry", str(hook))
    assert (
        "webhook: not retried here, because BULLETIN_TEST_HOOK is not set; the service retries now"
        in tried.output
    )
    with open_archive(Path("out")) as archive:
        (piece,) = Outbox(archive).waiting("hill", "webhook")
    assert piece.tries == 1
    assert not must_wait(piece.next_try_at, now=datetime.now(UTC))


@pytest.mark.slow
def test_the_deliveries_of_a_group_are_left_to_its_workers(share: Path) -> None:
    """The folder of the machine where somebody types may be old, and has no sounds."""
    share.mkdir()
    with Path("hill.toml").open("a", encoding="utf-8") as profile:
        profile.write('[group]\ndatabase = "here"\nname = "hills"\n')
    waiting = add_piece("one", wait=timedelta(minutes=25))
    given_up = add_piece("two", state=OutboxState.GIVEN_UP)

    tried = run_outbox("retry", str(given_up))

    assert "folder: not retried here, because a worker of the group retries now" in tried.output
    with open_archive(Path("out")) as archive:
        pieces = Outbox(archive).waiting("hill", "folder")
    assert [piece.id for piece in pieces] == [waiting, given_up]
    assert not any(must_wait(piece.next_try_at, now=datetime.now(UTC)) for piece in pieces)


@pytest.mark.slow
def test_check_names_every_secret_that_is_not_set_and_goes_on(
    share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share.mkdir()
    with Path("hill.toml").open("a", encoding="utf-8") as profile:
        profile.write(SECRET + 'secret = "env:BULLETIN_TEST_SEAL"\n')
        profile.write('[speech.engines.openai]\nbase_url = "env:BULLETIN_TEST_KEY"\n')
        profile.write(
            '[[feeds]]\nurl = "env:BULLETIN_TEST_FEED"\n[stream]\nurl = "http://127.0.0.1:9/a.mp3"\n'
        )
        profile.write('password = "env:BULLETIN_TEST_KEY"\n')

    done = run(check.command, "--json")

    findings = {finding["part"]: finding for finding in json.loads(done.output)["findings"]}
    assert done.exit_code == ConfigError.exit_code
    names = ("HOOK", "SEAL", "KEY", "FEED")
    secrets = [f"secret BULLETIN_TEST_{name}" for name in names]
    assert sorted(part for part in findings if part.startswith("secret")) == sorted(secrets)
    assert all(findings[part]["verdict"] == "failure" for part in secrets)
    assert "hill.toml:18: deliveries[2].url: environment variable" in findings[secrets[0]]["message"]
    want = "not checked, for lack of BULLETIN_TEST_HOOK and BULLETIN_TEST_SEAL"
    assert (findings["delivery webhook"]["verdict"], findings["delivery webhook"]["message"]) == (
        "warning",
        want,
    )
    assert findings["stream"]["message"] == "not checked, for lack of BULLETIN_TEST_KEY"
    well = ("profile", "language", "voice tone", "output", "delivery folder", "feed gazette")
    assert {part: findings[part]["verdict"] for part in well} == dict.fromkeys(well, "ok")

    for name in names:
        monkeypatch.setenv(f"BULLETIN_TEST_{name}", "http://127.0.0.1:9/x")
    done = run(check.command, "--offline", "--json")
    assert not [
        finding for finding in json.loads(done.output)["findings"] if finding["part"].startswith("secret")
    ]


@pytest.mark.slow
def test_a_failed_delivery_removed_by_hand_stays_removed(share: Path) -> None:
    first, second = add_piece("one", state=OutboxState.GIVEN_UP), add_piece("two", state=OutboxState.GIVEN_UP)
    assert run_outbox("list").exit_code == 7

    done = run_outbox("remove", str(first))
    assert (done.exit_code, f"removed {first}  hill  folder  One" in done.output) == (7, True)
    done = run_outbox("remove", str(second))
    assert done.exit_code == 0
    assert "removed by hand (given up after 9 tries: the server is down)" in run_outbox("list").output
    again = run_outbox("remove", str(first))
    assert (
        again.exit_code,
        f"delivery {first}: nothing to remove, it waits no more (dropped)" in str(again.exception),
    ) == (1, True)


@pytest.mark.slow
def test_all_deliveries_of_a_renamed_station_are_removed(share: Path) -> None:
    add_piece("one", station="old")
    add_piece("two", station="old", action=OutboxAction.WITHDRAW)
    add_piece("three", station="old", state=OutboxState.GIVEN_UP)
    mine = add_piece("four")
    assert run_outbox("list", "--all", station="").exit_code == 7

    done = run_outbox("remove", "old.toml", station="")

    assert len([line for line in done.output.splitlines() if line.startswith("removed ")]) == 3
    assert "withdraw Two: it stays there" in done.output
    pieces = json.loads(run_outbox("list", "--json").output)["pieces"]
    (left,) = [piece for piece in pieces if piece["state"] == "waiting"]
    assert left["id"] == mine
    nothing = run_outbox("remove", "old", station="")
    assert (nothing.exit_code, str(nothing.exception)[:29]) == (1, 'station "old" has no pending ')


@pytest.mark.parametrize(
    "arguments",
    [("old",), ("--station", "old"), ("--station", "feeds/Old.toml"), ("old", "--station", "old")],
)
def test_the_station_of_remove_is_an_argument_or_an_option(share: Path, arguments: tuple[str, ...]) -> None:
    gone, mine = add_piece("one", station="old"), add_piece("two")

    done = run_outbox("remove", *arguments, station="")

    assert [line for line in done.output.splitlines() if line.startswith("removed ")] == [
        f"removed {gone}  old  folder  One"
    ]
    assert f"{mine}  hill  folder  Two  waiting" in done.output


@pytest.mark.parametrize("arguments", [("hill.toml",), ("--station", "hill.toml")])
def test_removing_a_number_keeps_the_stations_other_deliveries(
    share: Path, arguments: tuple[str, ...]
) -> None:
    gone, kept = add_piece("one"), add_piece("two")
    add_piece("three", station="old")

    done = run_outbox("remove", str(gone), *arguments, station="")

    assert done.output.count("removed ") == 2  # the printed line, and the note in the list
    assert f"{kept}  hill  folder  Two  waiting" in done.output
    assert "  old  " not in done.output  # the list shows this station only


def test_a_station_named_like_a_number_is_not_taken_for_a_delivery(share: Path) -> None:
    number = add_piece("one")
    gone = add_piece("two", station=str(number))

    done = run_outbox("remove", station=str(number))

    assert f"removed {gone}  {number}  folder  Two" in done.output
    assert f"{number}  hill  folder  One  waiting" in done.output


@pytest.mark.parametrize(
    "arguments",
    [(), ("old", "--station", "hill.toml"), ("1", "old", "--station", "hill.toml"), ("1", "a", "b")],
)
def test_remove_changes_nothing_if_its_station_is_ambiguous(share: Path, arguments: tuple[str, ...]) -> None:
    add_piece("one")
    add_piece("two", station="old")

    done = run_outbox("remove", *arguments, station="")

    assert (done.exit_code, "write NUMBER or one STATION" in done.output) == (2, True)
    assert run_outbox("list", "--all", station="").output.count("  waiting; ") == 2


@pytest.mark.slow
def test_a_long_outbox_is_cut_and_shows_pending_deliveries_first(share: Path) -> None:
    for number in range(40):
        add_piece(f"item {number}")

    short, full = (run_outbox("list", *options).output.splitlines() for options in ([], ["--all"]))

    assert (len(short), short[-1], len(full)) == (31, "... and 10 more; --all lists them", 40)


@pytest.mark.slow
def test_deliveries_left_by_a_renamed_station_are_reported(share: Path) -> None:
    share.mkdir()
    (share.parent / "hill.toml").rename(share.parent / "vale.toml")
    left = add_piece("one")  # under the station's old name
    add_piece("two", station="elsewhere")
    (share.parent / "Elsewhere.toml").write_text('name = "Else"\n')

    done = run_outbox("retry", station="vale.toml")

    assert done.exit_code == 0
    assert done.output.count("no profile beside vale.toml") == 1
    remedy = '"hill" has deliveries in the outbox, but no profile beside vale.toml'
    assert remedy in done.output
    assert list(share.iterdir()) == []  # the renamed station does not deliver it
    all_of_it = run_outbox("list", "--all", station="")
    assert f"{left}  hill  folder  One  waiting" in all_of_it.output

    run_outbox("remove", "hill", station="")
    again = run_outbox("list", station="vale.toml")
    assert "hill" not in again.output


@pytest.mark.slow
def test_one_piece_is_tried_again(share: Path) -> None:
    gone = add_piece("one", action=OutboxAction.WITHDRAW, state=OutboxState.GIVEN_UP)
    share.mkdir()

    done = run_outbox("retry", str(gone))

    assert done.exit_code == 0
    assert "withdrawn from folder: One" in done.output


def test_an_older_bulletin_is_not_delivered_after_a_newer_one(share: Path) -> None:
    old = add_piece("one", state=OutboxState.GIVEN_UP)
    add_piece("two", state=OutboxState.DONE)

    done = run_outbox("retry", str(old))

    assert done.exit_code == 1
    assert (
        f'"folder" got a newer bulletin, so this one is not sent; to drop it, run `bulletin outbox remove {old}`'
        in str(done.exception)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("retry", "99"), "No delivery 99"),
        (("remove", "99"), "No delivery 99"),
        (("retry", "1"), 'delivery 1: belongs to the station "old", not "hill"'),
        (("retry", "2"), "delivery 2: is done"),
    ],
)
def test_a_wrong_number_is_named_without_usage(share: Path, arguments: tuple[str, ...], message: str) -> None:
    add_piece("one", station="old")
    add_piece("two", state=OutboxState.DONE)

    done = run_outbox(*arguments)

    assert done.exit_code == 1
    assert "Usage" not in done.output
    assert message in str(done.exception)


def test_two_stations_are_wrong_usage(share: Path) -> None:
    add_piece("one")

    assert "write one NUMBER and one STATION at most" in run_outbox("retry", "one").output


@pytest.mark.slow
def test_old_spellings_work_and_name_the_new_ones(share: Path) -> None:
    first = add_piece("one", state=OutboxState.GIVEN_UP)
    second = add_piece("two", action=OutboxAction.WITHDRAW)
    other, mine = add_piece("three", station="old"), add_piece("four", wait=timedelta(minutes=25))
    share.mkdir()

    removed = run(outbox.command, "--drop", str(first))
    retried = CliRunner().invoke(
        outbox.command, ["--output", "out", "--retry", str(second), "--station", "hill.toml"]
    )

    dropped = run_outbox("list", "--drop", "old")
    assert f"removed {other}  old" in dropped.output
    assert f"removed {mine}  hill" not in dropped.output  # the other station's piece is listed, not changed
    assert '"bulletin outbox --drop" is now "bulletin outbox remove"' in removed.output
    assert f"removed {first}  hill" in removed.output
    assert 'outbox --retry" is now "' in retried.output
    assert "withdrawn from folder: Two" in retried.output


def test_the_station_may_stand_after_retry(share: Path) -> None:
    add_piece("one", action=OutboxAction.WITHDRAW)
    share.mkdir()

    done = CliRunner().invoke(outbox.command, ["--output", "out", "--retry", "hill.toml"])

    assert (done.exit_code, "withdrawn from folder: One" in done.output) == (0, True)


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        (
            'names = "news"',
            'nams = "news"',
            "hill.toml:15: [[deliveries]] has no option 'nams'; did you mean 'names'?",
        ),
        ('path = "', 'pth = "', "hill.toml:12: 'deliveries[1].path' is missing"),
    ],
)
def test_a_wrong_option_is_found_in_its_table(share: Path, was: str, now: str, message: str) -> None:
    path = share.parent / "hill.toml"
    path.write_text(path.read_text().replace(was, now))

    with pytest.raises(ConfigError) as caught:
        load_profile("hill.toml")
    assert message in str(caught.value)


def test_two_deliveries_of_one_name_are_refused(share: Path) -> None:
    path = share.parent / "hill.toml"
    path.write_text(path.read_text() + '[[deliveries]]\nkind = "folder"\npath = "x"\n')

    with pytest.raises(ConfigError, match='two deliveries are called "folder"'):
        load_profile("hill.toml")


FAR = {
    "folder": 'path = "{share}"\nnames = ["early", "news"]\n',
    "ftp": 'host = "ftp.example"\nfolder = "/news/"\n',
    "sftp": 'host = "example"\nuser = "radio"\nfolder = "/news"\n',
    "webdav": 'url = "https://dav.example/news/"\n',
    "s3": 'bucket = "b"\nprefix = "news"\nkey_id = "k"\nsecret = "s"\n',
}


@pytest.mark.parametrize("kind", FAR)
def test_two_deliveries_to_the_same_files_are_refused_but_not_to_neighbours(share: Path, kind: str) -> None:
    path = share.parent / "hill.toml"
    before = path.read_text()
    table = f'[[deliveries]]\nkind = "{kind}"\n' + FAR[kind].format(share=share.as_posix())
    path.write_text(f'{before}{table}name = "a"\n{table}name = "b"\n')
    with pytest.raises(
        ConfigError, match=r'hill\.toml:\d+: .*the deliveries ".*" and ".*" have the same destination'
    ):
        load_profile("hill.toml")

    other_table = table.replace("early", "six").replace('"news"]', '"seven"]').replace("news", "archive")
    table = table.replace(', "news"]', "]")
    path.write_text(f'{before}{table}name = "a"\n{other_table}name = "b"\n')
    assert len(load_profile("hill.toml").profile.deliveries) == 3


@pytest.mark.slow
def test_file_names_for_a_delivery_of_a_folder_are_refused(share: Path) -> None:
    path = share.parent / "hill.toml"
    before = path.read_text()
    far = '[[deliveries]]\nkind = "ftp"\nhost = "ftp.example"\nnames = "news-{slot:%H}"\n'
    path.write_text(before + far)
    with pytest.raises(
        ConfigError, match=r'"ftp" sends many files under their own names; delete names = \.\.\.'
    ):
        load_profile("hill.toml")

    path.write_text(f'{before}{far.replace("news-", "{cart}-")}rendition = "fm"\n')
    findings = json.loads(run(check.command, "--json", "--offline").output)["findings"]
    fault = '{cart} works only with kind = "folder"; write your cart number in its place'
    assert [finding["part"] for finding in findings if fault in finding["message"]] == ["deliveries"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hub", "delivery_hub", "message"),
    [
        ("https://hub.example/", "https://hub.example", ""),
        (
            "https://hub.example/",
            "",
            "the feed names https://hub.example/, but no delivery notifies it: add [[deliveries]]",
        ),
        ("", "https://hub.example/x", 'set [outputs.podcast] hub = "https://hub.example/x"'),
        ("", "", ""),
    ],
)
def test_a_hub_needs_an_address_in_the_feed_and_a_delivery(
    share: Path, hub: str, delivery_hub: str, message: str
) -> None:
    path = share.parent / "hill.toml"
    text = path.read_text().replace("[outputs.fm]", f'[outputs.podcast]\nhub = "{hub}"\n[outputs.fm]')
    path.write_text(
        text + (f'[[deliveries]]\nkind = "websub"\nhub = "{delivery_hub}"\n' if delivery_hub else "")
    )

    findings = json.loads(run(check.command, "--json", "--offline").output)["findings"]

    hub_messages = [finding["message"] for finding in findings if finding["part"] == "hub"]
    assert len(hub_messages) == bool(message)
    assert all(message in hub_message for hub_message in hub_messages)


@pytest.mark.slow
def test_a_rendition_that_is_not_made_cannot_be_delivered(share: Path) -> None:
    path = share.parent / "hill.toml"
    path.write_text(path.read_text() + 'rendition = "speaker"\n')

    findings = json.loads(run(check.command, "--json", "--offline").output)["findings"]
    (finding,) = [finding for finding in findings if finding["part"] == "deliveries"]
    assert finding["verdict"] == "failure"
    assert "hill.toml:13" in finding["message"]
    assert 'needs the output "speaker", which is not made' in finding["message"]


def test_an_unknown_kind_names_the_nearest(share: Path) -> None:
    path = share.parent / "hill.toml"
    path.write_text(path.read_text().replace('kind = "folder"', 'kind = "folders"'))

    findings = json.loads(run(check.command, "--json", "--offline").output)["findings"]
    (finding,) = [finding for finding in findings if finding["part"] == "deliveries"]
    assert 'did you mean "folder"?' in finding["message"]
