"""
Forecast -> Articles: a plain weather report for each part of the coming day. Pure.

A report says "this morning" and "tonight", so it is true for some hours only. One is written for each part
of the day ahead, to air in that part and at no other time; so a service need not be asked again for every
bulletin. Every number is one of the service's own, in the station's units and rounded; values that the service
does not give are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bulletin.articles.feed_document import Forecast, ForecastSpan, SkySymbol
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Part of a day, with its name in a report."""

    label: str
    start: datetime
    end: datetime
    is_dark: bool = False


def report_forecast(
    forecast: Forecast, feed: Feed, *, now: datetime
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """A report for each part of the coming day, and notes; only in English so far."""
    if feed.language.partition("-")[0].casefold() != "en":
        return (), (f"a forecast can be worded in English only, not in {feed.language}",)
    moved_by = now - feed.recording.made_at if feed.recording else timedelta()
    moved_by -= moved_by % timedelta(hours=1)
    spans = [replace(span, start=span.start + moved_by) for span in forecast.spells]
    reports = (_report(window, spans, forecast, feed, now=now) for window in _windows(now, feed.time_zone))
    articles = tuple(report for report in reports if report)
    return articles, () if articles else ("the forecast says nothing of the coming hours",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """When a report airs, and the parts of the day that it is about."""

    start: datetime
    end: datetime
    parts: tuple[_Part, ...]


def _windows(now: datetime, zone: str) -> list[_Window]:
    """The windows of the reports, from the present one on."""
    clock = ZoneInfo(zone)
    today = now.astimezone(clock).date()
    days = (today, today + timedelta(days=1))
    windows = [window for day in days for window in _day(day, clock) if window.end - _AHEAD > now]
    return windows[:_WINDOWS]


def _day(day: date, clock: ZoneInfo) -> tuple[_Window, ...]:
    following = day + timedelta(days=1)
    midnight, dawn, noon, dusk = (_at(day, hour, clock) for hour in (0, 6, 12, 18))
    next_midnight, next_dawn, next_dusk = (_at(following, hour, clock) for hour in (0, 6, 18))
    night = _Part(label="the rest of the night", start=midnight, end=dawn, is_dark=True)
    morning = _Part(label="this morning", start=dawn, end=noon)
    afternoon = _Part(label="this afternoon", start=noon, end=dusk)
    tonight = _Part(label="tonight", start=dusk, end=next_dawn, is_dark=True)
    # by its name: after midnight a listener would take "tomorrow" for the day after
    tomorrow = _Part(label=_DAY_NAMES[following.weekday()], start=next_dawn, end=next_dusk)
    return (
        _Window(start=midnight, end=dawn, parts=(night, morning, afternoon)),
        _Window(start=dawn, end=noon, parts=(morning, afternoon, tonight)),
        _Window(start=noon, end=dusk, parts=(afternoon, tonight, tomorrow)),
        _Window(start=dusk, end=next_midnight, parts=(tonight, tomorrow)),
    )


def _at(day: date, hour: int, clock: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock).astimezone(UTC)


def _report(
    window: _Window, spans: Sequence[ForecastSpan], forecast: Forecast, feed: Feed, *, now: datetime
) -> Article | None:
    hours_by_part = [(part, _hours_of(part, spans, now=now)) for part in window.parts]
    units = _Units.of(feed.language)
    sentences = [_sentence(part, hours, units, place=n) for n, (part, hours) in enumerate(hours_by_part)]
    if not sentences[0]:
        return None
    wind = _wind([hour for _, hours in hours_by_part for hour in hours], units)
    text = " ".join(filter(None, (*sentences, wind)))
    return Article(
        id=f"{feed.name}:forecast:{window.start:%Y-%m-%dT%H}",
        feed=feed.name,
        title=sentences[0].rstrip("."),
        summary=text,
        text=text,
        link=forecast.licence,
        published=window.start,
        not_before=window.start - _AHEAD,
        expires=window.end - _AHEAD,
        credit=feed.credit or forecast.service,
        weight=feed.weight,
        category="weather",
        language=feed.language,
        is_forecast=True,
    )


def _hours_of(part: _Part, spans: Sequence[ForecastSpan], *, now: datetime) -> list[ForecastSpan]:
    """The hours of a part of the day that are not over, a span for each."""
    return [
        replace(span, start=moment, hours=1)
        for span in spans
        for moment in (span.start + timedelta(hours=n) for n in range(span.hours))
        if part.start <= moment < part.end and moment > now - timedelta(hours=1)
    ]


def _sentence(part: _Part, hours: Sequence[ForecastSpan], units: _Units, *, place: int) -> str:
    """
    The sentence about a part of the day; empty where nothing is known.

    Each `place` in the report has a phrase of its own: three equal sentences are tedious, and the script would
    drop the second as a repetition.
    """
    skies = [hour.sky for hour in hours if hour.sky]
    wet = [sky for sky in skies if sky.falls]
    is_settled = bool(wet) and len(wet) >= _SETTLED * len(skies)
    summary = _Summary(
        label=part.label,
        is_dark=part.is_dark,
        cover="" if is_settled or not skies else _cover([sky for sky in skies if sky.cover]),
        falls=_falling(wet) if wet else "",
        degrees=units.extreme(
            [hour.temperature_c for hour in hours if hour.temperature_c is not None], is_dark=part.is_dark
        ),
    )
    if not (summary.cover or summary.falls or summary.degrees):
        return ""
    return (summary.first, summary.second, summary.third)[place]()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Summary:
    """Weather of a part of the day, in words."""

    label: str
    is_dark: bool
    cover: str
    """Empty when it rains nearly all the time, or nothing is known."""
    falls: str
    degrees: str

    def first(self) -> str:
        """ "This morning will be cloudy, with light rain at times and a high of 9 degrees." """
        extreme = self.degrees and f"a {'low' if self.is_dark else 'high'} of {self.degrees}"
        if self.cover:
            return f"{self._head} will be {self._adjective}{_with(self._at_times, extreme)}."
        if self.falls:
            return f"{self._head} will bring {self.falls}{_with(extreme)}."
        return f"{self._head} will see {extreme}."

    def second(self) -> str:
        """ "Expect cloudy conditions this afternoon, and up to 9 degrees." """
        extreme = self.degrees and f"{'no less than' if self.is_dark else 'up to'} {self.degrees}"
        weather = f"{self._adjective} conditions" if self.cover else self.falls
        if not weather:
            return f"Expect {extreme} {self._when}."
        falls = f", with {self._at_times}" if self.cover and self.falls else ""
        return f"Expect {weather} {self._when}{falls}{f', and {extreme}' if extreme else ''}."

    def third(self) -> str:
        """ "The lowest temperature tonight will be 2 degrees, under clear skies." """
        if self.degrees:
            most = "lowest" if self.is_dark else "highest"
            sky = f", {self._under}" if self.cover else ""
            falls = self._at_times if self.cover else self.falls
            return f"The {most} temperature {self._when} will be {self.degrees}{sky}{_with(falls)}."
        if self.cover:
            return f"Skies {self._when} will be {self._adjective}{_with(self._at_times)}."
        return f"{self.falls[:1].upper() + self.falls[1:]} will follow {self._when}."

    @property
    def _head(self) -> str:
        return self.label[:1].upper() + self.label[1:]

    @property
    def _when(self) -> str:
        return f"on {self.label}" if self.label in _DAY_NAMES else self.label

    @property
    def _at_times(self) -> str:
        return f"{self.falls} at times" if self.falls else ""

    @property
    def _adjective(self) -> str:
        return _ADJECTIVES[self.cover][self.is_dark]

    @property
    def _under(self) -> str:
        if self.cover == "fog":
            return "in fog"
        return f"under {_ADJECTIVES[self.cover][True]} skies"


_ADJECTIVES: Mapping[str, tuple[str, str]] = {
    "clear": ("sunny", "clear"),
    "fair": ("mostly sunny", "mostly clear"),
    "partly": ("partly cloudy", "partly cloudy"),
    "cloudy": ("cloudy", "cloudy"),
    "fog": ("foggy", "foggy"),
}
"""By day, and in the dark."""


def _with(*things: str) -> str:
    joined = " and ".join(filter(None, things))
    return f", with {joined}" if joined else ""


def _cover(skies: Sequence[SkySymbol]) -> str:
    return Counter(sky.cover for sky in skies).most_common(1)[0][0]


def _falling(wet: Sequence[SkySymbol]) -> str:
    """ "light rain", "heavy snow showers and thunder": the most frequent precipitation."""
    kinds = Counter((sky.falls, sky.is_showery) for sky in wet)
    falls, is_showery = kinds.most_common(1)[0][0]
    strength = Counter(sky.strength for sky in wet if sky.falls == falls).most_common(1)[0][0]
    thing = {"rain": "showers"}.get(falls, f"{falls} showers") if is_showery else falls
    thunder = "thunder" if any(sky.has_thunder for sky in wet) else ""
    return " and ".join(filter(None, (f"{strength} {thing}".strip(), thunder)))


def _wind(hours: Sequence[ForecastSpan], units: _Units) -> str:
    """ "It will be windy, with a south-westerly wind of up to 30mph." Empty below a fresh breeze."""
    blowing = [hour for hour in hours if hour.wind_mps is not None]
    if not blowing:
        return ""
    strongest = max(blowing, key=lambda hour: hour.wind_mps or 0.0)
    speed_mps = strongest.wind_mps or 0.0
    if speed_mps < _BREEZY_MPS:
        return ""
    named = "breezy" if speed_mps < _WINDY_MPS else "windy" if speed_mps < _GALE_MPS else "very windy"
    gusts = max((hour.gust_mps for hour in hours if hour.gust_mps is not None), default=0.0)
    gusty = f", gusting to {units.speed(gusts)}" if gusts >= speed_mps * 1.3 else ""
    origin = strongest.wind_from_deg
    wind = "winds" if origin is None else f"{_POINTS[round(origin / 45) % 8]}erly winds"
    return f"It will be {named}, with {wind} of up to {units.speed(speed_mps)}{gusty}."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Units:
    """Units of the station's country."""

    is_fahrenheit: bool
    is_mph: bool

    @classmethod
    def of(cls, language: str) -> _Units:
        country = language.rpartition("-")[2].upper()
        return cls(is_fahrenheit=country == "US", is_mph=country in ("US", "GB", "EN"))

    def extreme(self, degrees_c: Sequence[float], *, is_dark: bool) -> str:
        """ "9 degrees", the most by day; "minus 1 degree", the least when it is dark."""
        if not degrees_c:
            return ""
        value = min(degrees_c) if is_dark else max(degrees_c)
        number = round(value * 1.8 + 32 if self.is_fahrenheit else value)
        words = f"minus {-number}" if number < 0 else str(number)
        return f"{words} degree{'' if abs(number) == 1 else 's'}"

    def speed(self, mps: float) -> str:
        value = mps * (2.23694 if self.is_mph else 3.6)
        return f"{round(value)}{'mph' if self.is_mph else 'km/h'}"
