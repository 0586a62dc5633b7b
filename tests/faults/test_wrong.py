"""Wrong options, profiles and names: the right exit code, and a message with option, file and remedy."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.faults.station_process import OPTIONS, QUICK, Radio, feed

pytestmark = pytest.mark.faults

USAGE, CONFIG = 2, 3
OPTIONS_WRONG = {
    "mkae": (["mkae"], USAGE, "Did you mean 'make'?"),
    "station": (["make", "demmo"], CONFIG, 'did you mean "demo"?'),
    "no file": (["make", "./nowhere.toml"], CONFIG, "`bulletin init` writes one"),
    "too short": (["make", "demo", "--length", "0:10"], USAGE, "from 0:30 to 10:00"),
    "too long": (["make", "demo", "--length", "10:01"], USAGE, "from 0:30 to 10:00"),
    "no length": (["make", "demo", "--length", "two"], USAGE, "minutes and seconds"),
    "no hour": (["make", "demo", "--at", "25:00"], USAGE, '"07:00"'),
    "no voice": (["make", "demo", "--voice", "nobody"], CONFIG, "`bulletin voices` lists them all"),
    "no option": (["make", "--loud"], USAGE, "No such option: --loud"),
    "no story": (["stories", "add", "--station", "demo", "nowhere.txt"], 1, "nowhere.txt"),
}
PROFILES_WRONG = {
    "[audio]\ntarget_lufs = -16\n": "[audio] has no option 'target_lufs'",
    "[outputs.podcast]\nloudnes_lufs = -16\n": "did you mean 'loudness_lufs'?",
    "[audio]\ngap_s = 90\n": "less than or equal to 1 ",
    "[speech]\nchain = []\n": "names no engine",
    '[speech]\nchain = ["gtss"]\n': 'did you mean "gtts"?',
    '[speech]\nchain = ["hibari:bob"]\n': "bob",
    '[speech.engines.gtts]\ntld = "xx"\n': "must be one of",
    '[speech.engines.openai]\nkey = "env:NO_SUCH_SECRET"\n': "NO_SUCH_SECRET is not set; set NO_SUCH_SECRET before you start Bulletin",
    '[script]\nopening = "Here is {statoin}"\n': "unknown field {statoin}",
    '[imaging]\nartwork = "gazette.rss"\n': "[imaging] 'artwork'",
    '[outputs.podcast]\nbase_url = "ftp://x"\n': "podcast apps want https",
    '[outputs.podcast]\nbase_url = "https://[::1"\n': "podcast apps want https",
    "audio = 3\n[audio]\n": "'audio' belongs above the first [table]",
    "[audio\n": "not valid TOML",
    '[[feeds]]\nurl = "http://[::1"\n': "not a valid address",
    '[[feeds]]\nurl = "a\\u0000b"\n': "not a valid address",
    "[[feeds]]\n": "'feeds[2].url' is missing",
}
LINES_WRONG = {
    'language = "cy"\n': 'language "cy" has no phrase file',
    'time_zone = "Mars/Base"\n': "is not a valid time zone",
    "length = nan\n": "'length'",
    'opml = "gazette.rss"\n': "not OPML",
    'opml = "nowhere.opml"\n': "does not exist",
}


@pytest.mark.parametrize("case", OPTIONS_WRONG)
def test_a_wrong_option_names_the_remedy(radio: Radio, case: str) -> None:
    args, code, message = OPTIONS_WRONG[case]

    done = radio.run(*args)

    assert done.returncode == code
    assert message in done.stderr
    assert done.stdout == ""
    assert not radio.output.exists()


@pytest.mark.parametrize("tables", PROFILES_WRONG)
def test_a_wrong_profile_is_named_before_anything_is_made(radio: Radio, tables: str) -> None:
    radio.profile(tables=tables)

    done = radio.make("--json", voice="")

    assert done.returncode == CONFIG, done.stderr
    assert PROFILES_WRONG[tables] in done.stderr
    assert json.loads(done.stdout) == {
        "error": done.stderr.removeprefix("bulletin: ").strip(),
        "exit_code": CONFIG,
    }
    assert not list(radio.output.rglob("*.mp3"))


@pytest.mark.parametrize("line", LINES_WRONG)
def test_a_wrong_line_of_the_station_is_named(radio: Radio, line: str) -> None:
    options = "".join(had for had in OPTIONS.splitlines(keepends=True) if had.split()[0] != line.split()[0])
    radio.profile(options=options + line)

    done = radio.make()

    assert done.returncode == CONFIG, done.stderr
    assert LINES_WRONG[line] in done.stderr


def test_a_profile_that_is_a_folder_or_no_utf_8_is_named(radio: Radio) -> None:
    (radio.folder / "folder.toml").mkdir()
    (radio.folder / "latin.toml").write_bytes('name = "Café FM"'.encode("latin-1"))

    folder = radio.run("make", "./folder.toml")
    latin = radio.run("make", "./latin.toml")

    assert (folder.returncode, latin.returncode) == (CONFIG, CONFIG)
    assert "folder.toml" in folder.stderr
    assert "is a folder" in folder.stderr
    assert "latin.toml" in latin.stderr
    assert "UTF-8" in latin.stderr


def test_the_content_of_a_file_outside_the_stations_folder_is_not_printed(
    radio: Radio, tmp_path: Path
) -> None:
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("root:x:0:0", encoding="utf-8")
    radio.profile(feed("../secret.txt"))

    done = radio.make()

    assert done.returncode == 4
    assert "secret: is not a feed" in done.stderr
    assert "root:x" not in done.stderr + done.stdout


NAMES = {
    "plain": ("valley", "Valley Radio", '["103.5"]', "The sound of the valley"),
    "letters": ("Ünïcode Wex FM", "Ünïcode Wex FM", '["103.5"]', "Où est la bibliothèque?"),
    "bare": ("bare", "Wex", "[]", ""),
    "long": (
        "l" * 80,
        "The Community Voice of the Upper Wex Valley and Its Many Small Villages, Radio 1",
        "[]",
        "x" * 300,
    ),
    "signs": ("signs", 'Wex & <b>"Valley"</b> ]]>', '["103.5", "105.3", "DAB 11D"]', "a & b < c"),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_station_with_an_unusual_name_makes_a_bulletin(tmp_path: Path, case: str) -> None:
    file, name, frequencies, slogan = NAMES[case]
    radio = Radio(folder=tmp_path, station=file)
    quoted = json.dumps(name, ensure_ascii=False), json.dumps(slogan, ensure_ascii=False)
    radio.profile(
        options=f'name = {quoted[0]}\nfrequencies = {frequencies}\nslogan = {quoted[1]}\nlength = "0:30"\n'
    )

    data = radio.make_json()

    published = Radio(folder=tmp_path, station=data["station"])
    assert published.public.joinpath("feed.xml").exists()
    assert published.public.name.isascii()
    published.assert_clean()


# -- standard output


def test_json_is_one_document_and_quiet_prints_nothing(radio: Radio) -> None:
    bulletin = radio.make("--json")
    usage = radio.make("--json", "--length", "0:10")
    quiet = radio.make("--quiet", voice="hibari")

    assert json.loads(bulletin.stdout)["station"] == "valley"
    assert bulletin.stderr == ""
    assert json.loads(usage.stdout)["exit_code"] == USAGE
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "args", [["script", "./valley.toml"], ["voices"], ["script", "./valley.toml", "--json"]]
)
def test_a_closed_pipe_causes_no_traceback(radio: Radio, args: list[str]) -> None:
    with radio.start(*args) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        errors = run.stderr.read()
        run.wait(timeout=60)

    assert "Traceback" not in errors
    assert "Exception ignored" not in errors


def test_json_reports_an_interruption_too(radio: Radio) -> None:
    radio.profile(tables=QUICK, options=OPTIONS)
    for seconds in (1.5, 3.0, 6.0, 12.0):
        with radio.start("make", "demo", "--output", "output", "--json", "--voice", "hibari") as run:
            try:
                run.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                run.terminate()
            out, _ = run.communicate(timeout=60)
        if run.returncode != -signal.SIGTERM:  # on a busy machine, Python had not reached our first line yet
            break

    document = json.loads(out)
    assert document.get("exit_code") == 130 or document["station"] == "demo"
