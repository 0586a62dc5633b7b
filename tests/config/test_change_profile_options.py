"""Options of a profile changed one by one: the rest of the text stays as a person wrote it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.config.change_profile_options import add_table, change_options, remove_table
from bulletin.errors import ConfigError

TEXT = """\
# Our station
name = "Valley Radio"   # as spoken
frequencies = [
  "97.3",
]

[clock]
margin_s = 60.0

[[clock.slots]]
at = "06:00-19:00"      # every hour
days = "weekdays"

# the weekend
[[clock.slots]]
at = "09:00"

[imaging]
# colour = "#c8102e"

[outputs]
make = ["podcast"]
"""


def test_an_option_is_replaced_and_its_comment_stays() -> None:
    changed = change_options(TEXT, {("name",): 'The "Valley" # Radio'})
    assert 'name = "The \\"Valley\\" # Radio"   # as spoken\n' in changed
    assert changed.replace('The \\"Valley\\" # Radio', "Valley Radio") == TEXT


def test_a_list_of_several_lines_is_replaced_as_a_whole() -> None:
    changed = change_options(TEXT, {("frequencies",): ["97.3", "98.1"]})
    assert 'frequencies = ["97.3", "98.1"]\n\n[clock]' in changed


def test_a_new_option_goes_into_its_table_and_a_new_table_to_the_end() -> None:
    changed = change_options(
        TEXT, {("imaging", "colour"): "#004488", ("audio", "gap_s"): 0.7, ("slogan",): "Ours"}
    )
    assert '[imaging]\ncolour = "#004488"\n# colour' in changed
    assert changed.endswith("[audio]\ngap_s = 0.7\n")
    assert tomllib.loads(changed)["slogan"] == "Ours"


def test_an_option_of_one_of_several_tables_is_changed_there_only() -> None:
    changed = change_options(
        TEXT, {("clock", "slots", 1, "at"): "10:00", ("clock", "slots", 0, "days"): None}
    )
    assert tomllib.loads(changed)["clock"]["slots"] == [{"at": "06:00-19:00"}, {"at": "10:00"}]
    assert "# the weekend" in changed


def test_a_value_that_is_there_already_leaves_the_text_as_it_is() -> None:
    assert change_options(TEXT, {("name",): "Valley Radio", ("audio", "gap_s"): None}) == TEXT


def test_an_option_of_an_inline_table_is_refused_with_a_remedy() -> None:
    with pytest.raises(ConfigError, match="change it in the text"):
        change_options('outputs = { make = ["fm"] }\n', {("outputs", "make"): ["podcast"]})


def test_a_table_is_added_below_its_like_and_removed_with_its_options() -> None:
    added = add_table(
        TEXT, "clock.slots", {"at": "12:00", "days": "", "length": "3:00"}, after=("clock", "slots", 1)
    )
    slots = tomllib.loads(added)["clock"]["slots"]
    assert slots[2] == {"at": "12:00", "length": "3:00"}
    assert added.index("12:00") < added.index("[imaging]")
    removed = remove_table(added, ("clock", "slots", 0))
    assert [slot["at"] for slot in tomllib.loads(removed)["clock"]["slots"]] == ["09:00", "12:00"]
    assert "# the weekend" in removed


@given(
    value=st.one_of(
        st.text(max_size=30).filter(lambda text: text.encode("utf-8", "ignore").decode() == text),
        st.booleans(),
        st.integers(-1000, 1000),
    ),
    key=st.sampled_from(
        [("name",), ("clock", "margin_s"), ("imaging", "colour"), ("speech", "speed"), ("new",)]
    ),
)
def test_whatever_is_set_is_what_is_read_and_nothing_else_changes(value: Any, key: tuple[str, ...]) -> None:
    before, after = tomllib.loads(TEXT), tomllib.loads(change_options(TEXT, {key: value}))
    table = after
    for part in key[:-1]:
        table = table[part]
    assert table.pop(key[-1]) == value
    before.get(key[0], {}).pop(key[1], None) if len(key) > 1 else before.pop(key[0], None)
    assert {k: v for k, v in after.items() if v} == {k: v for k, v in before.items() if v}
