from __future__ import annotations

import re
from pathlib import Path

import pytest

from bulletin.config.load_profile import find_profile, list_profiles, load_profile, locate_option, station_id
from bulletin.errors import ConfigError

GOOD = """
name = "Wexcombe Radio"
frequencies = ["103.5"]
length = "2:30"

[[feeds]]
url = "a.rss"

[[feeds]]
url = "b.rss"
weight = 2

[audio]
gap_s = 0.5
"""


def write(tmp_path: Path, text: str, name: str = "mine.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def error_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_profile(str(write(tmp_path, text)))
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "x = " + "[" * 100_000,
            "brackets within brackets, more than 50 deep: no option needs that; shorten it",
        ),
        (
            "length = " + "9" * 5_000,
            "a number of 5000 digits; 400 are too many: no option needs that; shorten it",
        ),
        (".".join(["a"] * 50_000) + " = 1", "a key of more than 50 parts: no option needs that; shorten it"),
    ],
)
def test_text_that_would_break_the_parser_is_refused_with_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    """Without the check: a RecursionError, a ValueError, and minutes of parsing."""
    assert error_of(tmp_path, f'name = "x"\n{text}\n') == f"{tmp_path / 'mine.toml'}:2: {message}"


@pytest.mark.parametrize(
    "text",
    [
        "[speech]\ncache_mb = inf",
        "[keep]\naudio_mb = 1e300",
        "[outputs.podcast]\nkeep_h = inf",
        "[outputs.podcast]\nkeep_h = " + "9" * 300,
    ],
)
def test_numbers_have_an_upper_limit(tmp_path: Path, text: str) -> None:
    assert "should be less than or equal to" in error_of(tmp_path, GOOD + text)


SECRETS = """
[[deliveries]]
kind = "webhook"
url = "env:BULLETIN_TEST_HOOK"
secret = "env:BULLETIN_TEST_SECRET"
[[deliveries]]
kind = "ftp"
host = "ftp.example"
user = "radio"
password = "env:BULLETIN_TEST_PASSWORD"
[alerts]
webhook = "env:BULLETIN_TEST_ALERTS"
"""


def test_reading_only_needs_no_secrets(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + SECRETS)

    loaded = load_profile(str(path), only_looks=True)
    assert [delivery.kind for delivery in loaded.profile.deliveries] == ["webhook", "ftp"]
    assert not loaded.secrets
    with pytest.raises(
        ConfigError, match="BULLETIN_TEST_HOOK is not set; set BULLETIN_TEST_HOOK before you start Bulletin"
    ):
        load_profile(str(path))


def test_reading_only_still_reports_errors(tmp_path: Path) -> None:
    wrong = write(tmp_path, GOOD.replace("2:30", "9:99"))
    with pytest.raises(ConfigError, match="length"):
        load_profile(str(wrong), only_looks=True)
    odd = write(tmp_path, GOOD + '[imaging]\ncolour = "env:BULLETIN_TEST_COLOUR"\n', "odd.toml")
    with pytest.raises(ConfigError, match="BULLETIN_TEST_COLOUR is not set"):
        load_profile(str(odd), only_looks=True)
    both = write(tmp_path, GOOD + SECRETS + '[imaging]\ncolor = "#fff"\n', "both.toml")
    with pytest.raises(ConfigError) as caught:
        load_profile(str(both), only_looks=True)
    lines = str(caught.value).splitlines()
    assert [line.rpartition("BULLETIN_TEST_")[2].partition(" ")[0] for line in lines[:4]] == [
        "HOOK",
        "SECRET",
        "PASSWORD",
        "ALERTS",
    ]
    assert "[imaging] has no option 'color'" in lines[4]
    assert len(lines) == 5


def test_all_missing_secrets_are_reported_together(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + SECRETS)

    with pytest.raises(ConfigError) as caught:
        load_profile(str(path))
    assert len(str(caught.value).splitlines()) == 4

    loaded = load_profile(str(path), only_looks=True)
    assert loaded.lacks("deliveries", 0) == ("BULLETIN_TEST_HOOK", "BULLETIN_TEST_SECRET")
    assert loaded.lacks("deliveries", 1, "password") == ("BULLETIN_TEST_PASSWORD",)
    assert loaded.lacks("speech") == ()


def test_a_length_is_read_as_minutes_and_seconds(tmp_path: Path) -> None:
    loaded = load_profile(str(write(tmp_path, GOOD)))

    assert loaded.profile.length == 150.0
    assert loaded.id == "mine"


def test_the_band_has_its_german_name(tmp_path: Path) -> None:
    profile = load_profile(str(write(tmp_path, 'name = "x"\nlanguage = "de"\nband = "UKW"\n'))).profile

    assert profile.band == "UKW"


def test_a_wrong_option_is_named_with_file_line_and_the_nearest_right_one(tmp_path: Path) -> None:
    message = error_of(tmp_path, GOOD + "target_lufs = -16\nwhen_shrt = 'fill'\n")

    assert "mine.toml:15: [audio] has no option 'target_lufs'" in message
    assert "mine.toml:16: [audio] has no option 'when_shrt'; did you mean 'when_short'?" in message


def test_a_wrong_option_of_the_second_feed_is_found_there(tmp_path: Path) -> None:
    message = error_of(tmp_path, GOOD.replace("weight = 2", "wieght = 2"))

    assert "mine.toml:11: [[feeds]] has no option 'wieght'; did you mean 'weight'?" in message


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('"2:30"', '"2 minutes"'), "mine.toml:4: 'length': write minutes and seconds"),
        (('"2:30"', '"0:10"'), "mine.toml:4: 'length': write a length from 0:30 to 10:00 (is '0:10')"),
        (("0.5", "9"), "mine.toml:14: 'audio.gap_s': input should be less than or equal to 1 (is 9)"),
        (
            ('"103.5"', '"abc"'),
            'mine.toml:3: \'frequencies[1]\': "abc" is not a valid frequency; write it as "103.5"',
        ),
        (("weight = 2", "weight = -1"), "mine.toml:11: 'feeds[2].weight'"),
        (('name = "Wexcombe Radio"', ""), "'name' is missing"),
        (
            ("[audio]", 'time_zone = "Mars"\n[audio]'),
            "mine.toml:13: [[feeds]] has no option 'time_zone'; 'time_zone' belongs above",
        ),
        (
            ("[audio]", '[imaging]\ncolour = "red"\n[audio]'),
            "mine.toml:14: 'imaging.colour': write a colour as \"#c8102e\" (is 'red')",
        ),
        (
            ("[audio]", '[clock]\nholidays = "England"\n[audio]'),
            "mine.toml:14: 'clock.holidays': write a country, \"IE\", or a country and its part",
        ),
        (
            ("[audio]", '[clock.slots]\nat = "06:00"\n[audio]'),
            "mine.toml:13: 'clock.slots': there may be several of them; write [[clock.slots]], with two brackets",
        ),
        (
            ("[audio]", '[[deliveries]]\nkind = "folder"\n[audio]'),
            "mine.toml:13: 'deliveries[1].path' is missing; every [[deliveries]] needs one",
        ),
        (
            ('length = "2:30"', 'time_zone = "Mars"'),
            "mine.toml:4: 'time_zone': \"Mars\" is not a valid time zone; ",
        ),
        (("length =", 'time_zone = "Europe/Londno"\nlength ='), 'did you mean "Europe/London"?'),
        (("[audio]", '[speech]\nchain = "kokoro"\n[audio]'), 'write it as a list: chain = ["kokoro"]'),
        (("weight = 2", 'weight = "high"'), "'feeds[2].weight': write a number, without quotes (is 'high')"),
        (('"2:30"', "3"), "'length': write a length from 0:30 to 10:00 (is 3)"),
        (("[audio]", '[script]\nlocal_words = ["Wex"]\n[audio]'), "it belongs in [stories]"),
        (("[audio]", '[rewriter]\nmodel = "tiny"\n[audio]'), "write [script.rewriter]"),
        (("[audio]", '[slots]\nat = "06:00"\n[audio]'), "write [[clock.slots]]"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    assert expected in error_of(tmp_path, GOOD.replace(*change))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('name = "x"\nup_to = True\n', "mine.toml:2: write true or false, in small letters"),
        ('name = "x"\nup_to = yes # always\n', "mine.toml:2: write true or false, in small letters"),
        ('name = "x"\n[feeds]\nurl = "a"\n[[feeds]]\nurl = "b"\n', "mine.toml:2: write [[feeds]], with two"),
        (
            "[script]\nheadlines = 1\n[audio]\n[script]\n",
            "mine.toml:4: [script] stands twice, first in line 1",
        ),
        ("name = Wexcombe\n", 'mine.toml:1: not valid TOML; write text in quotes, key = "value"'),
    ],
)
def test_broken_toml_says_what_to_write(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in error_of(tmp_path, text)


def test_a_value_is_not_printed_twice(tmp_path: Path) -> None:
    message = error_of(tmp_path, 'name = "x"\ntime_zone = "Europe/Londno"\n')

    assert message.count("Londno") == 1


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    assert "mine.toml:3: not valid TOML" in error_of(tmp_path, 'name = "x"\n\nband = FM\n')


def test_a_secret_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = GOOD + '[speech.engines.openai]\nkey = "env:BULLETIN_TEST_KEY"\n'

    assert "mine.toml:16: speech.engines.openai.key: environment variable" in error_of(tmp_path, text)

    monkeypatch.setenv("BULLETIN_TEST_KEY", "s3cret")
    loaded = load_profile(str(write(tmp_path, text)))

    assert loaded.profile.speech.engines["openai"]["key"] == "s3cret"


def test_an_engines_authorities_are_relative_to_the_profile(tmp_path: Path) -> None:
    table = '\n[speech.engines.gtts]\nca_file = "proxy.pem"\ntld = "ie"\n'

    engines = load_profile(str(write(tmp_path, GOOD + table))).profile.speech.engines

    assert engines == {"gtts": {"ca_file": str(tmp_path.resolve() / "proxy.pem"), "tld": "ie"}}


def test_an_unknown_station_lists_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "valley.toml")

    with pytest.raises(ConfigError, match=r'no station is called "vally".*did you mean "valley"') as caught:
        find_profile("vally", folder=tmp_path)

    assert f"in {tmp_path.resolve()} (known: " in str(caught.value)


def test_without_a_name_the_only_own_profile_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    write(tmp_path, GOOD, "valley.toml")
    write(tmp_path, GOOD, "demo.toml")

    assert find_profile(None, folder=tmp_path).stem == "valley"

    write(tmp_path, GOOD, "hill.toml")
    with pytest.raises(ConfigError, match="which station"):
        find_profile(None, folder=tmp_path)


@pytest.mark.parametrize("shipped", ["", "demo.toml"])
def test_the_demo_is_never_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: str) -> None:
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    if shipped:
        write(tmp_path, GOOD, shipped)

    with pytest.raises(
        ConfigError, match=rf"^no station's profile in {re.escape(str(tmp_path))}; `bulletin init`"
    ):
        load_profile(folder=tmp_path)

    assert load_profile("demo", folder=tmp_path).id == "demo"
    monkeypatch.setenv("BULLETIN_STATION", "demo")
    assert load_profile(folder=tmp_path).id == "demo"


@pytest.mark.parametrize("lexicon", ["# ours\n\n[names]\n", "[nams]\n", "[names\n"])
def test_a_lexicon_beside_the_profile_is_no_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lexicon: str
) -> None:
    """Even a broken lexicon is no profile: its error comes when it is read."""
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    write(tmp_path, GOOD, "valley.toml")
    write(tmp_path, lexicon + '"Frome" = "Froom"\n', "names.toml")

    assert find_profile(None, folder=tmp_path).stem == "valley"
    assert "names" not in {path.stem for path in list_profiles(tmp_path)}


def test_a_profile_that_lost_its_name_is_still_found_by_its_file(tmp_path: Path) -> None:
    write(tmp_path, '[[feeds]]\nurl = "a.rss"\n', "valley.toml")

    with pytest.raises(ConfigError, match="'name' is missing; every station needs one"):
        load_profile("valley", folder=tmp_path)


def test_own_profiles_go_before_shipped_ones(tmp_path: Path) -> None:
    own = write(tmp_path, GOOD, "demo.toml")

    assert find_profile("demo", folder=tmp_path) == own


def test_a_profile_in_latin_1_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes('name = "Caf\xe9"'.encode("latin-1"))

    with pytest.raises(ConfigError, match=r"old\.toml: the profile is not UTF-8 text"):
        load_profile(str(path))


def test_station_ids_are_fit_for_folders() -> None:
    assert station_id(Path("feeds/Wex Valley FM!.toml")) == "wex-valley-fm"


def test_a_name_in_other_letters_makes_a_distinct_folder_name() -> None:
    assert station_id(Path("Ünïcode Wex FM.toml")) == "unicode-wex-fm"
    assert station_id(Path("Łódź.toml")) != station_id(Path("ódź.toml"))
    assert station_id(Path("ラジオ.toml")) != station_id(Path("新聞.toml"))


def test_an_option_refused_by_an_engine_is_reported_with_file_and_line(tmp_path: Path) -> None:
    """The engine finds the wrong option, and `locate_option` adds file and line."""
    text = GOOD + '[speech]\nchain = ["gtss"]\n[speech.engines.gtts]\ntldd = "com"\n'
    path = write(tmp_path, text)

    with (
        pytest.raises(ConfigError, match=r'mine\.toml:16: unknown name "gtss"'),
        locate_option(path, "speech", "chain"),
    ):
        raise ConfigError('unknown name "gtss"')
    with pytest.raises(ConfigError, match=r"mine\.toml:18: "), locate_option(path, "speech", "chain"):
        raise ConfigError("[speech.engines.gtts] has no option 'tldd'")


def test_an_error_that_carries_its_option_is_located_once(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + '[speech]\nchain = ["gtss"]\n')

    with (
        pytest.raises(ConfigError, match=r"mine\.toml:16: no such engine$") as caught,
        locate_option(path),
        locate_option(path),
    ):
        raise ConfigError("no such engine", key=("speech", "chain"))
    assert str(caught.value).count("mine.toml") == 1
    with pytest.raises(ConfigError, match=r"^elsewhere\.toml:3: wrong$"), locate_option(path):
        raise ConfigError("elsewhere.toml:3: wrong")


def test_a_length_may_be_an_upper_limit(tmp_path: Path) -> None:
    profile = load_profile(str(write(tmp_path, GOOD.replace('"2:30"', '"up to 2:30"')))).profile

    assert (profile.length, profile.is_up_to("podcast"), profile.is_up_to("speaker")) == (150.0, True, True)


def test_a_length_may_have_tenths(tmp_path: Path) -> None:
    assert load_profile(str(write(tmp_path, GOOD.replace('"2:30"', '"0:37.3"')))).profile.length == 37.3


def test_a_length_is_exact_but_for_speakers(tmp_path: Path) -> None:
    profile = load_profile(str(write(tmp_path, GOOD))).profile

    assert (profile.is_up_to("fm"), profile.is_up_to("podcast"), profile.is_up_to("speaker")) == (
        False,
        False,
        True,
    )


def test_a_password_that_is_a_number_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "valley.toml"
    path.write_text(
        'name = "Valley"\n[[feeds]]\nurl = "https://g.example/feed"\n'
        '[[deliveries]]\nkind = "ftp"\nhost = "ftp.example"\nuser = "u"\npassword = 48151623\n',
        encoding="utf-8",
    )

    with pytest.raises(
        ConfigError, match=r"valley.toml:8: 'deliveries\[1\].password': write text in quotes"
    ) as caught:
        load_profile(str(path))

    assert "48151623" not in str(caught.value)
