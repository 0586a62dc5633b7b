"""Options shown as comments in the demo's profile and a new profile exist, and every table is shown."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import bulletin
from bulletin.config.profile_options import FeedOptions, Profile
from bulletin.config.profile_template import write_profile

DEMO = (Path(bulletin.__file__).parent.parent / "feeds" / "demo.toml").read_text(encoding="utf-8")
NEW = write_profile(name="Valley", feeds=("https://g.example/rss",))
_SHOWN = re.compile(r"# (\[\[?[a-z.]+\]\]?|[a-z_]+ = .*)")


def variants(text: str) -> list[str]:
    """One variant of the profile for each commented line or table, with that line or table in force."""
    lines = text.splitlines()
    profiles = []
    for index, line in enumerate(lines):
        match = _SHOWN.match(line)
        if not match:
            continue
        changed = [*lines]
        if match[1].startswith("["):
            for below in range(index, len(lines)):
                if not lines[below].startswith("# "):
                    break
                changed[below] = lines[below].removeprefix("# ")
        elif not _is_in_hidden_table(lines, index):
            changed[index] = line.removeprefix("# ")
        profiles.append("\n".join(changed))
    return profiles


def _is_in_hidden_table(lines: list[str], index: int) -> bool:
    above = index - 1
    while above >= 0 and lines[above].startswith("# "):
        if lines[above].startswith("# ["):
            return True
        above -= 1
    return False


def shown_numbers(text: str) -> Iterator[tuple[tuple[str, ...], object]]:
    """Numbers in commented options, and defaults named in comments, with the option's path."""
    groups: list[str] = []
    for line in text.splitlines():
        if header := re.match(r"(?:# )?\[\[?([a-z._]+)\]", line):
            groups = header[1].split(".")
        elif option := re.match(r"# ([a-z_]+ = -?\d[\d.]*)(?: |$)", line):
            ((key, value),) = tomllib.loads(option[1]).items()
            yield (*groups, key), value
        elif option := re.match(r"([a-z_]+) = .*\((\d+) by default", line):
            yield (*groups, option[1]), int(option[2])


def option_of(options: Any, key: str) -> Any:
    return getattr(options[0] if isinstance(options, tuple) else options, key)


def errors_of(profile: str) -> list[str]:
    """Errors of a profile; some options need another one, and say so."""
    try:
        Profile.model_validate(tomllib.loads(profile.replace('"env:', '"https://')))
    except ValidationError as error:
        return [f"{problem['loc']}: {problem['msg']}" for problem in error.errors()]
    return []


@pytest.mark.parametrize("text", [DEMO, NEW], ids=["demo", "new"])
def test_every_shown_option_exists(text: str) -> None:
    profiles = variants(text)

    assert len(profiles) > 20
    for profile in profiles:
        assert [problem for problem in errors_of(profile) if " needs " not in problem] == []


def test_the_demo_shows_every_group_of_options() -> None:
    groups = set(Profile.model_fields) - {"up_to"}

    assert [
        name for name in groups if not re.search(rf"^(# )?(\[\[?{name}\b|{name} = )", DEMO, re.MULTILINE)
    ] == []


@pytest.mark.parametrize(("text", "least"), [(DEMO, 40), (NEW, 8)], ids=["demo", "new"])
def test_every_number_that_is_shown_is_the_default(text: str, least: int) -> None:
    profile = Profile(name="Valley", feeds=(FeedOptions(url="https://g.example/rss"),))
    numbers = [(keys, value, reduce(option_of, keys, profile)) for keys, value in shown_numbers(text)]

    assert len(numbers) >= least
    assert [
        number for number in numbers if number[1] != number[2] and number[2] is not None
    ] == []  # None: an option without a default


@pytest.mark.parametrize(
    ("key", "default"),
    [
        ("per_source", 3),
        ("per_category", 4),
        ("max_age_h", 24),
        ("headlines", 3),
        ("gap_s", 0.6),
        ("when_short", "shorter"),
        ("make", ["podcast"]),
        ("colour", "#c8102e"),
        ("keep_h", 48),
    ],
)
def test_a_new_profile_shows_the_defaults(key: str, default: object) -> None:
    (line,) = re.findall(rf"^# ({key} = .*)$", NEW, re.MULTILINE)

    assert tomllib.loads(line)[key] == default
