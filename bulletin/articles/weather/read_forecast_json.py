"""
The JSON of an open forecast service -> Forecast.

MET Norway's locationforecast 2.0 (api.met.no/weatherapi/locationforecast/2.0/documentation; symbols:
api.met.no/weatherapi/weathericon/2.0/documentation), "compact" and "complete", and Open-Meteo's /v1/forecast
(open-meteo.com/en/docs). Both give their data under CC BY 4.0. Undocumented values are left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bulletin.articles.parsed_feed import FeedDocument, Forecast, ForecastSpan, SkySymbol
from bulletin.errors import ParseError

_MOST_SPANS = 24 * 16
_SYMBOL = re.compile(
    r"(?P<strength>heavy|lights?)?(?P<falls>rain|drizzle|freezingrain|sleet|snow)(?P<showers>showers)?(?P<thunder>andthunder)?"
)
"""MET Norway's codes; two of them have an "s" too many ("lightssnowshowersandthunder")."""
_COVERS = {"clearsky": "clear", "fair": "fair", "partlycloudy": "partly", "cloudy": "cloudy", "fog": "fog"}
_WMO = dict(
    row.split()
    for row in """
        0 clearsky, 1 fair, 2 partlycloudy, 3 cloudy, 45 fog, 48 fog, 51 lightdrizzle, 53 drizzle, 55 heavydrizzle,
        56 lightfreezingrain, 57 freezingrain, 61 lightrain, 63 rain, 65 heavyrain, 66 lightfreezingrain,
        67 heavyfreezingrain, 71 lightsnow, 73 snow, 75 heavysnow, 77 lightsnow, 80 lightrainshowers, 81 rainshowers,
        82 heavyrainshowers, 85 lightsnowshowers, 86 heavysnowshowers, 95 rainandthunder, 96 rainandthunder,
        99 heavyrainandthunder""".split(",")
)
"""The WMO codes that Open-Meteo uses, in MET Norway's words."""
_FIGURES = {
    "temperature_c": ("air_temperature", "temperature2m", (-90.0, 60.0)),
    "wind_mps": ("wind_speed", "windspeed10m", (0.0, 125.0)),
    "gust_mps": ("wind_speed_of_gust", "windgusts10m", (0.0, 125.0)),
    "wind_from_deg": ("wind_from_direction", "winddirection10m", (0.0, 360.0)),
}
"""
MET Norway's and Open-Meteo's names, and the extremes of Earth, rounded: a figure beyond them is a mistake and left
out. Open-Meteo's are without their underscores: before 2023 some had none.
"""
_UNITS = {
    "°C": (1.0, 0.0),
    "°F": (1 / 1.8, -32 / 1.8),
    "m/s": (1.0, 0.0),
    "km/h": (1 / 3.6, 0.0),
    "mp/h": (0.44704, 0.0),
    "mph": (0.44704, 0.0),
    "kn": (0.514444, 0.0),
}
"""Factor and summand from Open-Meteo's unit to ours; it writes "mp/h"."""


def is_forecast(document: object) -> bool:
    """Whether a JSON document is an answer of one of the two services."""
    if not isinstance(document, dict):
        return False
    properties = document.get("properties")
    if isinstance(properties, dict) and isinstance(properties.get("timeseries"), list):
        return True
    return "latitude" in document and "longitude" in document and "utc_offset_seconds" in document


def read_forecast(document: Mapping[str, Any], *, url: str) -> FeedDocument:
    """Forecast of an answer. Raises ParseError, with the remedy, for an answer without a single hour."""
    properties = document.get("properties")
    if isinstance(properties, dict):
        service, licence = "MET Norway", "https://api.met.no/doc/License"
        spans = [_met_span(step) for step in properties["timeseries"][:_MOST_SPANS]]
    else:
        service, licence = "Open-Meteo", "https://open-meteo.com/en/licence"
        spans = list(_open_meteo_spans(document))
    known = sorted((span for span in spans if span), key=lambda span: span.start)
    if not known:
        raise ParseError(
            url,
            "has no hourly forecast; in an Open-Meteo address, add &hourly=temperature_2m,weather_code,wind_speed_10m",
        )
    return FeedDocument(
        title=service, forecast=Forecast(service=service, licence=licence, spells=tuple(known))
    )


def _met_span(step: object) -> ForecastSpan | None:
    start = _moment(_at(step, "time"), offset_s=0)
    details = _at(step, "data", "instant", "details")
    for hours, name in ((1, "next_1_hours"), (6, "next_6_hours")):
        code = _at(step, "data", name, "summary", "symbol_code")
        if start and isinstance(code, str):
            figures = {
                figure: _within(limits, _number(_at(details, theirs)))
                for figure, (theirs, _, limits) in _FIGURES.items()
            }
            return ForecastSpan(start=start, hours=hours, sky=read_symbol(code), **figures)
    return None


def read_symbol(code: str) -> SkySymbol | None:
    """ "heavyrainshowersandthunder_day" -> heavy showers with thunder; None for an unknown code."""
    base = code.partition("_")[0].casefold()
    if base in _COVERS:
        return SkySymbol(cover=_COVERS[base])
    match = _SYMBOL.fullmatch(base)
    if match is None:
        return None
    return SkySymbol(
        falls=match["falls"].replace("freezing", "freezing "),
        strength={"lights": "light"}.get(match["strength"], match["strength"] or ""),
        is_showery=bool(match["showers"]),
        has_thunder=bool(match["thunder"]),
    )


def _open_meteo_spans(document: Mapping[str, Any]) -> Iterator[ForecastSpan]:
    columns, units = (
        {str(name).replace("_", ""): value for name, value in part.items()} if isinstance(part, dict) else {}
        for part in (document.get("hourly"), document.get("hourly_units"))
    )
    offset_s = int(_number(document.get("utc_offset_seconds")) or 0)

    def read(row: int, name: str) -> float | None:
        column = columns.get(name)
        return _number(column[row]) if isinstance(column, list) and row < len(column) else None

    def read_figure(row: int, name: str, limits: tuple[float, float]) -> float | None:
        value, unit = read(row, name), units.get(name)
        if value is None or name == "winddirection10m":
            return _within(limits, value)
        if not isinstance(unit, str) or unit not in _UNITS:
            return None
        factor, summand = _UNITS[unit]
        return _within(limits, value * factor + summand)

    times = columns.get("time")
    for row, written in enumerate(times[:_MOST_SPANS] if isinstance(times, list) else []):
        if start := _moment(written, offset_s=offset_s):
            code = read(row, "weathercode")
            figures = {
                figure: read_figure(row, ours, limits) for figure, (_, ours, limits) in _FIGURES.items()
            }
            sky = read_symbol(_WMO.get(f"{code:g}", "")) if code is not None else None
            yield ForecastSpan(start=start, hours=1, sky=sky, **figures)


def _within(limits: tuple[float, float], value: float | None) -> float | None:
    return value if value is not None and limits[0] <= value <= limits[1] else None


def _at(node: object, *names: str) -> Any:
    """The value at the end of a path of names; None when the path breaks off."""
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if abs(value) < 1e6 else None


def _moment(value: object, *, offset_s: int) -> datetime | None:
    """ISO 8601, local to `offset_s` without a zone; or epoch seconds."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, tz=UTC)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None:
            return None
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) - timedelta(seconds=offset_s)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
