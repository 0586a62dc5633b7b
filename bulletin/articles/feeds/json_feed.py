"""JSON Feed 1.0 and 1.1 -> Document (jsonfeed.org/version/1.1); forecasts go on to `forecast.py`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bulletin.articles.feed_document import FeedDocument, FeedEntry
from bulletin.articles.feeds.feed_dates import parse_date
from bulletin.articles.markup.html_to_text import plain_labels, plain_text, plain_title
from bulletin.articles.markup.truncate_feed import ends_of, tell_shortened
from bulletin.articles.weather.forecast_json import is_forecast, read_forecast
from bulletin.errors import ParseError
from bulletin.language.sentences import storable

_MOST_TAGS = 100


def is_json(text: str) -> bool:
    """Whether a text can only be JSON: no feed in XML begins with a brace."""
    return text.lstrip()[:1] in ("{", "[")


def read_json_feed(text: str, *, url: str) -> FeedDocument:
    """
    Read the document, leave out whatever is not of the type that the standard promises.

    Raises ParseError for JSON that is no feed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(url, f"is broken JSON ({_short(error)})") from error
    if is_forecast(document):
        return read_forecast(document, url=url)
    if isinstance(document, dict) and document.get("error") is True:
        raise ParseError(
            url, f"answered with an error: {_string(document, 'reason')[:200] or 'no reason given'}"
        )
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ParseError(url, "is JSON, but no JSON Feed; the server may have answered with an error")
    found = document["items"]
    ends = ends_of(found)
    return FeedDocument(
        title=plain_title(_string(document, "title")),
        link=_string(document, "home_page_url"),
        language=_string(document, "language"),
        entries=tuple(_entry(item) for item in ends if isinstance(item, dict)),
        notes=(tell_shortened(len(found)),) if len(ends) < len(found) else (),
    )


def _entry(item: dict[str, Any]) -> FeedEntry:
    words = _string(item, "content_html") or _string(item, "content_text")
    summary = _string(item, "summary")
    return FeedEntry(
        guid=_identity(item.get("id")),
        link=_string(item, "url") or _string(item, "external_url"),
        title=plain_title(_string(item, "title")),
        summary=plain_text(summary or words),
        text=plain_text(words),
        published=_date(item, "date_published") or _date(item, "date_modified"),
        language=_string(item, "language"),
        labels=_labels(item.get("tags")),
    )


def _labels(value: object) -> tuple[str, ...]:
    return plain_labels(value[:_MOST_TAGS]) if isinstance(value, list) else ()


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return storable(value).strip() if isinstance(value, str) else ""


def _identity(value: object) -> str:
    """Should be a string; "if a number is given, it is to be coerced to one"."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return storable(str(value)).strip()


def _date(item: dict[str, Any], name: str) -> datetime | None:
    return parse_date(_string(item, name))


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:100]
