"""JSON Feed 1.0 and 1.1 -> FeedDocument (jsonfeed.org/version/1.1); forecasts go to `read_forecast_json`."""

from __future__ import annotations

import json
from typing import Any

from bulletin.articles.feeds.feed_dates import parse_date
from bulletin.articles.markup.html_to_text import plain_labels, plain_text, plain_title
from bulletin.articles.markup.shorten_huge_feeds import truncate_items
from bulletin.articles.parsed_feed import FeedDocument, FeedEntry
from bulletin.articles.weather.read_forecast_json import is_forecast, read_forecast
from bulletin.errors import ParseError
from bulletin.language.split_sentences import storable


def is_json(text: str) -> bool:
    """Whether a text may be JSON: no feed in XML begins with a brace."""
    return text.lstrip()[:1] in ("{", "[")


def read_json_feed(text: str, *, url: str) -> FeedDocument:
    """
    Read the document without values of another type than the standard's.

    Raises ParseError for JSON that is not a feed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = f"sent damaged JSON ({str(error)[:100]}), so no story can be read; tell the publisher"
        raise ParseError(url, reason) from error
    if is_forecast(document):
        return read_forecast(document, url=url)
    if isinstance(document, dict) and document.get("error") is True:
        raise ParseError(
            url, f"answered with an error ({_string(document, 'reason')[:200] or 'no reason'}); check the URL"
        )
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ParseError(url, "sent JSON, but no JSON Feed, perhaps an error; open the address in a browser")
    items, notes = truncate_items(document["items"])
    return FeedDocument(
        title=plain_title(_string(document, "title")),
        link=_string(document, "home_page_url"),
        language=_string(document, "language"),
        entries=tuple(_entry(item) for item in items if isinstance(item, dict)),
        notes=notes,
    )


def _entry(item: dict[str, Any]) -> FeedEntry:
    content = _string(item, "content_html") or _string(item, "content_text")
    summary, tags = _string(item, "summary"), item.get("tags")
    return FeedEntry(
        guid=_identity(item.get("id")),
        link=_string(item, "url") or _string(item, "external_url"),
        title=plain_title(_string(item, "title")),
        summary=plain_text(summary or content),
        text=plain_text(content),
        published=parse_date(_string(item, "date_published")) or parse_date(_string(item, "date_modified")),
        language=_string(item, "language"),
        labels=plain_labels(tags if isinstance(tags, list) else ()),
    )


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return storable(value).strip() if isinstance(value, str) else ""


def _identity(value: object) -> str:
    """Id; JSON Feed 1.1: "if an id is presented as a number, a reader should coerce it to a string"."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return storable(str(value)).strip()
