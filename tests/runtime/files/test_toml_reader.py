from __future__ import annotations

import tomllib

import pytest

from bulletin.runtime.files.toml_reader import UnfitTomlError, parse_toml

PARTS = ".".join(["a"] * 50_000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "x = " + "[" * 100_000 + "]" * 100_000,
            r"brackets within brackets, more than 50 deep.*at line 3, column 55",
        ),
        ("x = " + "{a = " * 100_000, r"more than 50 deep"),
        ("x = [" + "[1,\n" * 60, r"more than 50 deep.*at line 52,"),
        ("length = " + "9" * 100_000, r"a number of 100000 digits; 400 are too many.*at line 3, column 10"),
        ("length = 0x" + "f" * 100_000, r"a number of 100000 digits"),
        ("length = " + "1_0" * 50_000, r"a number of 150000 digits"),
        ("x = " + "[" * 51 + "]" * 51, r"more than 50 deep"),
        (".".join(["a"] * 51) + " = 1", r"a key of more than 50 parts"),
        ("x = " + "9" * 400, r"a number of 400 digits"),
        (f"{PARTS} = 1", r"a key of more than 50 parts.*at line 3, column 100"),
        (f"[{PARTS}]", r"a key of more than 50 parts"),
        (f"[[ {PARTS.replace('.', ' . ')} ]]", r"a key of more than 50 parts"),
        (f"x = {{ {PARTS} = 1 }}", r"a key of more than 50 parts"),
        (".".join(['"a.b"'] * 50_000) + " = 1", r"a key of more than 50 parts"),
        ('x = """a""""\ny = ' + "[" * 100_000, r"more than 50 deep.*at line 4,"),
        ("#" * 5_000_000, r"5 million characters; 4 million are the most"),
    ],
)
def test_extreme_toml_is_refused_before_parsing(text: str, message: str) -> None:
    with pytest.raises(UnfitTomlError, match=message):
        parse_toml("\nname = 'x'\n" + text)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 50 + "]" * 50,
        ".".join(["a"] * 50) + " = 1",
        "x = " + "9" * 399,
        "x = [" + "1.5, " * 5_000 + "]",
        'x = "' + "[" * 10_000 + "9" * 10_000 + "." * 10_000 + '\\""',
        "x = '" + "[" * 10_000 + "'",
        "# " + "[" * 10_000,
        'x = """\n' + "[\n" * 10_000 + '" "" \\""" """""',
        "x = '''\n" + "[\n'' " * 10_000 + "'''''",
        'x = {a = [{b = "]}"}], c = 2026-11-25T07:00:00.5Z}',
    ],
)
def test_long_but_valid_toml_is_read(text: str) -> None:
    assert parse_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text", ['x = "', "x = '''", "x", '"\\"' * 1000, 'x = """' + '\\"""' * 1000, "x = ]"]
)
def test_invalid_toml_raises_the_parser_error(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        parse_toml(text)
    assert not isinstance(caught.value, UnfitTomlError)
