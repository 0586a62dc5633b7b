from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bulletin.articles.feed_document import (
    FeedDocument,
    FeedEntry,
    FeedHint,
    Forecast,
    ForecastSpan,
    PageText,
    SkySymbol,
)
from bulletin.articles.worker.worker_protocol import pack, unpack

MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 25, 7, 0, 0, 123456, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]
FORECAST = Forecast(
    service="MET Norway",
    licence="https://licence.example/",
    spells=(
        ForecastSpan(
            start=MOMENTS[1],
            hours=6,
            sky=SkySymbol(cover="fair", is_showery=True),
            temperature_c=-4,
            wind_mps=3.5,
        ),
        ForecastSpan(start=MOMENTS[1], hours=1),
    ),
)


def _entries() -> Iterator[FeedEntry]:
    for number, moment in enumerate(MOMENTS):
        yield FeedEntry(title=f"Ü {number} \u2028\0", published=moment, labels=("a", "b"))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FeedDocument, FeedDocument()),
        (
            FeedDocument,
            FeedDocument(
                title="The Gazette",
                ttl_s=60.0,
                entries=(*_entries(), FeedEntry()),
                notes=("read as far as possible",),
            ),
        ),
        (FeedDocument, FeedDocument(forecast=FORECAST)),
        (PageText, PageText(text="Two\n\nparagraphs", reason="", is_final=False)),
        (
            tuple[FeedHint, ...],
            (FeedHint(url="https://g.example/"), FeedHint(url="https://g.example/2", title="News")),
        ),
        (tuple[FeedHint, ...], ()),
    ],
)
def test_what_is_packed_comes_back_as_it_was(kind: Any, value: object) -> None:
    data = pack(value)

    assert isinstance(json.loads(data), dict | list)
    assert unpack(kind, data) == value


def test_half_a_surrogate_pair_is_no_character() -> None:
    """A JSON feed may hold one; no file and no voice could take it."""
    assert unpack(PageText, pack(PageText(text="one \ud83d two"))).text == "one ? two"


@pytest.mark.parametrize(
    "data", [b"", b"7", b"[]", b'{"text": 7}', b'{"text": "", "is_final": "no"}', b"{" * 50_000]
)
def test_another_shape_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"validation error|Invalid JSON"):
        unpack(PageText, data)


def test_only_the_types_of_documents_are_packed() -> None:
    with pytest.raises(TypeError, match="set is none of the types"):
        pack({"labels": {1}})
