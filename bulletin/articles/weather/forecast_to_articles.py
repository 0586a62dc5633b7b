"""
Forecast -> Articles: a plain weather report for each part of the coming day. Pure.

A report says "this morning" and "tonight", so it is true for some hours only. One is written for each part
of the day ahead, to air in that part and at no other time; so a service need not be asked again for every
bulletin. Every number is one of the service's own, in the station's units and rounded; values that the service
does not give are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bulletin.articles.parsed_feed import Forecast, ForecastSpan, SkySymbol
from bulletin.model import Article, Feed

_WINDOWS = 5
"""Parts of the day with a report, the present one included: a day ahead."""
_SETTLED = 0.7
"""A part of the day with a larger share of wet hours is wet, not wet at times."""
_BREEZY_MPS, _WINDY_MPS, _GALE_MPS = 8.0, 10.8, 17.2
"""Beaufort 5, 6 and 8 (WMO): less is not worth a sentence."""
_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AHEAD = timedelta(minutes=15)
"""A bulletin is made before it is heard: the one made at 11:50 is the noon's."""
_ADJECTIVES: Mapping[str, tuple[str, str]] = {
    "clear": ("sunny", "clear"),
    "fair": ("mostly sunny", "mostly clear"),
    "partly": ("partly cloudy", "partly cloudy"),
    "cloudy": ("cloudy", "cloudy"),
    "fog": ("foggy", "foggy"),
}
"""By day, and in the dark."""


class _Part(NamedTuple):
    """Part of a day, with its name in a report."""

    label: str
    start: datetime
    end: datetime

    @property
    def is_dark(self) -> bool:
        return self.label.endswith("night")


def report_forecast(
    forecast: Forecast, feed: Feed, *, now: datetime
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """A report for each part of the coming day, and notes; only in English so far."""
    if feed.language.partition("-")[0].casefold() != "en":
        return (), (f"forecasts are written in English only, not in {feed.language}",)
    moved_by = now - feed.recording.made_at if feed.recording else timedelta()
    moved_by -= moved_by % timedelta(hours=1)
    hours = [
        replace(span, start=span.start + moved_by + timedelta(hours=n), hours=1)
        for span in forecast.spells
        for n in range(span.hours)
    ]
    coming = [hour for hour in hours if hour.start > now - timedelta(hours=1)]
    windows = (window for window in _windows(now, ZoneInfo(feed.time_zone)) if window[1] - _AHEAD > now)
    reports = (_report(*window, coming, forecast, feed) for window in islice(windows, _WINDOWS))
    articles = tuple(report for report in reports if report)
    return articles, () if articles else ("the forecast has no data for the coming hours",)


def _windows(now: datetime, clock: ZoneInfo) -> Iterator[tuple[datetime, datetime, list[_Part]]]:
    """Air time of each report, start and end, and its parts of the day: four reports a day, for two days."""
    for day in (now.astimezone(clock).date(), now.astimezone(clock).date() + timedelta(days=1)):
        # by its name: after midnight a listener would take "tomorrow" for the day after
        following = _DAY_NAMES[(day.weekday() + 1) % 7]
        labels = ("the rest of the night", "this morning", "this afternoon", "tonight", following)
        borders = pairwise(_at(day, hour, clock) for hour in (0, 6, 12, 18, 30, 42))
        parts = [_Part(label, start, end) for label, (start, end) in zip(labels, borders, strict=True)]
        for number in range(4):
            end = _at(day, 6 * (number + 1), clock)
            yield parts[number].start, end, parts[number : number + 3]


def _at(day: date, hour: int, clock: ZoneInfo) -> datetime:
    """The moment of an hour of `day`; hours from 24 on belong to the next day."""
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), tzinfo=clock).astimezone(UTC)


def _report(
    start: datetime,
    end: datetime,
    parts: Sequence[_Part],
    coming: Sequence[ForecastSpan],
    forecast: Forecast,
    feed: Feed,
) -> Article | None:
    hours = [[hour for hour in coming if part.start <= hour.start < part.end] for part in parts]
    country = feed.language.rpartition("-")[2].upper()
    sentences = [
        _sentence(part, known, country, position=n)
        for n, (part, known) in enumerate(zip(parts, hours, strict=True))
    ]
    if not sentences[0]:
        return None
    wind = _wind([hour for known in hours for hour in known], country)
    text = " ".join(filter(None, (*sentences, wind)))
    return Article(
        id=f"{feed.name}:forecast:{start:%Y-%m-%dT%H}",
        feed=feed.name,
        title=sentences[0].rstrip("."),
        summary=text,
        text=text,
        link=forecast.licence,
        published=start,
        not_before=start - _AHEAD,
        expires=end - _AHEAD,
        credit=feed.credit or forecast.service,
        weight=feed.weight,
        category="weather",
        language=feed.language,
        is_forecast=True,
    )


def _sentence(part: _Part, hours: Sequence[ForecastSpan], country: str, *, position: int) -> str:
    """
    The sentence about a part of the day; empty where nothing is known.

    Each `position` in the report has its own phrase: three equal sentences are tedious, and the script would
    drop the second as a repetition.
    """
    skies = [hour.sky for hour in hours if hour.sky]
    wet = [sky for sky in skies if sky.falls]
    is_settled = bool(wet) and len(wet) >= _SETTLED * len(skies)
    covers = Counter(sky.cover for sky in skies if sky.cover and not is_settled)
    cover = covers.most_common(1)[0][0] if covers else ""
    falls = _falling(wet) if wet else ""
    degrees = _extreme(
        [hour.temperature_c for hour in hours if hour.temperature_c is not None], country, part
    )
    if not (cover or falls or degrees):
        return ""
    return (_first, _second, _third)[position](part, cover, falls, degrees)


def _first(part: _Part, cover: str, falls: str, degrees: str) -> str:
    """ "This morning will be cloudy, with light rain at times and a high of 9 degrees." """
    extreme = degrees and f"a {'low' if part.is_dark else 'high'} of {degrees}"
    head = part.label[:1].upper() + part.label[1:]
    if cover:
        return f"{head} will be {_ADJECTIVES[cover][part.is_dark]}{_with(_at_times(falls), extreme)}."
    return f"{head} will bring {falls}{_with(extreme)}." if falls else f"{head} will see {extreme}."


def _second(part: _Part, cover: str, falls: str, degrees: str) -> str:
    """ "Expect cloudy conditions this afternoon, with rain at times, and up to 9 degrees." """
    extreme = degrees and f"{'no less than' if part.is_dark else 'up to'} {degrees}"
    if not (cover or falls):
        return f"Expect {extreme} {_when(part)}."
    weather = f"{_ADJECTIVES[cover][part.is_dark]} conditions" if cover else falls
    wet = _with(_at_times(falls)) if cover else ""
    return f"Expect {weather} {_when(part)}{wet}{f', and {extreme}' if extreme else ''}."


def _third(part: _Part, cover: str, falls: str, degrees: str) -> str:
    """ "The lowest temperature tonight will be 2 degrees, under clear skies." """
    if degrees:
        most = "lowest" if part.is_dark else "highest"
        under = "in fog" if cover == "fog" else cover and f"under {_ADJECTIVES[cover][True]} skies"
        wet = _with(_at_times(falls) if cover else falls)
        return f"The {most} temperature {_when(part)} will be {degrees}{f', {under}' if under else ''}{wet}."
    if cover:
        return f"Skies {_when(part)} will be {_ADJECTIVES[cover][part.is_dark]}{_with(_at_times(falls))}."
    return f"{falls[:1].upper() + falls[1:]} will follow {_when(part)}."


def _when(part: _Part) -> str:
    return f"on {part.label}" if part.label in _DAY_NAMES else part.label


def _at_times(falls: str) -> str:
    return falls and f"{falls} at times"


def _with(*things: str) -> str:
    joined = " and ".join(filter(None, things))
    return joined and f", with {joined}"


def _falling(wet: Sequence[SkySymbol]) -> str:
    """ "light rain", "heavy snow showers and thunder": the most frequent precipitation."""
    kinds = Counter((sky.falls, sky.is_showery) for sky in wet)
    falls, is_showery = kinds.most_common(1)[0][0]
    strength = Counter(sky.strength for sky in wet if sky.falls == falls).most_common(1)[0][0]
    thing = {"rain": "showers"}.get(falls, f"{falls} showers") if is_showery else falls
    thunder = "thunder" if any(sky.has_thunder for sky in wet) else ""
    return " and ".join(filter(None, (f"{strength} {thing}".strip(), thunder)))


def _wind(hours: Sequence[ForecastSpan], country: str) -> str:
    """ "It will be windy, with a south-westerly wind of up to 30mph." Empty below a fresh breeze."""
    speed_mps, origin = max(
        ((hour.wind_mps, hour.wind_from_deg) for hour in hours if hour.wind_mps is not None),
        key=lambda wind: wind[0],
        default=(0.0, None),
    )
    if speed_mps < _BREEZY_MPS:
        return ""
    named = "breezy" if speed_mps < _WINDY_MPS else "windy" if speed_mps < _GALE_MPS else "very windy"
    gusts = max((hour.gust_mps for hour in hours if hour.gust_mps is not None), default=0.0)
    gusty = f", gusting to {_speed(gusts, country)}" if gusts >= speed_mps * 1.3 else ""
    wind = "winds" if origin is None else f"{_POINTS[round(origin / 45) % 8]}erly winds"
    return f"It will be {named}, with {wind} of up to {_speed(speed_mps, country)}{gusty}."


def _extreme(degrees_c: Sequence[float], country: str, part: _Part) -> str:
    """ "9 degrees", the most by day; "minus 1 degree", the least when it is dark; Fahrenheit in the USA."""
    if not degrees_c:
        return ""
    value = min(degrees_c) if part.is_dark else max(degrees_c)
    number = round(value * 1.8 + 32 if country == "US" else value)
    words = f"minus {-number}" if number < 0 else str(number)
    return f"{words} degree{'' if abs(number) == 1 else 's'}"


def _speed(mps: float, country: str) -> str:
    """ "30mph"; "EN" is a language without a country."""
    return f"{round(mps * 2.23694)}mph" if country in ("US", "GB", "EN") else f"{round(mps * 3.6)}km/h"
