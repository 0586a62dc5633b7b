"""A draft is the same after it was written and read."""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletin.audio.rundown.predict_stories_that_will_fit import PredictedScript
from bulletin.errors import DraftError
from bulletin.model import Chosen, Cut, Gathered, Role
from bulletin.pipeline.bulletin_run_results import Draft, DraftRequest
from bulletin.pipeline.pieces.draft_in_json import DRAFT_VERSION, draft_from_json, draft_to_json
from tests.support.factories import NOW, make_article, make_script, make_story, make_words

MODEL = {1: "44b8f601c7e2e1c8"}
"""Version -> hash of the names and types of all fields below Draft."""

_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=12),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Path: st.from_regex(r"/[a-zé .]{1,9}", fullmatch=True).map(Path),
    Any: st.none() | st.booleans() | st.text(max_size=9) | st.lists(st.integers(0, 9), max_size=2),
    NoneType: st.none(),
}


@cache
def values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type of the model."""
    if kind in _VALUES:
        return _VALUES[kind]
    if is_dataclass(kind):
        return st.builds(kind, **{name: values(hint) for name, hint in get_type_hints(kind).items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of(*map(values, parts))
    if origin is tuple and parts[-1] is not ...:
        return st.tuples(*map(values, parts))
    if origin in (tuple, frozenset):
        return st.lists(values(parts[0]), max_size=2).map(origin)
    assert origin is Mapping
    return st.dictionaries(values(parts[0]), values(parts[1]), max_size=2)


def make_draft(**changes: Any) -> Draft:
    script = make_script()
    foreseen = PredictedScript(
        script=script, dropped=(), lasts_s=29.7, passages_s={(Role.STORY, "gazette:1", Cut.SHORT): 7.25}
    )
    fields: dict[str, Any] = {
        "request": DraftRequest(due=NOW, edits_at=NOW),
        "gathered": Gathered(articles=(make_article(),), reports=()),
        "chosen": Chosen(stories=(make_story(),), related={"gazette:1": frozenset({"gazette:2"})}),
        "whole": script,
        "foreseen": foreseen,
        "timings": {"gather": 0.1},
    }
    return Draft(**(fields | changes))


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_draft_is_the_same_after_reading(data: st.DataObject) -> None:
    part, kind = data.draw(st.sampled_from(tuple(get_type_hints(Draft).items())))
    draft = replace(make_draft(), **{part: data.draw(values(kind))})

    assert draft_from_json(draft_to_json(draft)) == draft


def test_the_words_are_those_of_the_machine_that_reads() -> None:
    """Profiles may be in another folder on each machine."""
    data = draft_to_json(make_draft(whole=make_script(station=make_words(languages=Path("/there")))))
    here = make_words(languages=Path("/here"))

    draft = draft_from_json(data, words=here)

    assert (draft.whole.station, draft.script.station) == (here, here)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lzma.compress(b'{"version": 99, "shape": "unknown"}'), "version 99"),
        (draft_to_json(make_draft())[:-20], "damaged"),
        (lzma.compress(b'{"version": 1}'), "damaged"),
        (b"", "damaged"),
    ],
)
def test_a_draft_of_another_version_or_damaged_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DraftError, match=message):
        draft_from_json(data)


def test_a_change_of_the_model_raises_the_version() -> None:
    """Otherwise a worker of the earlier version would finish a draft of which it does not know all."""
    lines = sorted(set(_lines(Draft)))

    assert MODEL[DRAFT_VERSION] == sha256("\n".join(lines).encode()).hexdigest()[:16]


def _lines(kind: Any) -> Iterator[str]:
    """Name and type of each field of a dataclass and of the dataclasses within."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            yield f"{kind.__name__}.{field.name}: {field.type}"
            yield from _lines(hints[field.name])
    for part in get_args(kind):
        yield from _lines(part)
