"""
The JSON of an open forecast service -> Forecast.

MET Norway's locationforecast 2.0 (api.met.no/weatherapi/locationforecast/2.0/documentation; symbols:
api.met.no/weatherapi/weathericon/2.0/documentation), "compact" and "complete", and Open-Meteo's /v1/forecast
(open-meteo.com/en/docs). Both give their data under CC BY 4.0. What is not as they promise is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bulletin.articles.feed_document import FeedDocument, Forecast, ForecastSpan, SkySymbol
from bulletin.errors import ParseError

_MOST_SPANS = 24 * 16
_SYMBOL = re.compile(
    r"(?P<strength>heavy|lights?)?(?P<falls>rain|sleet|snow)(?P<showers>showers)?(?P<thunder>andthunder)?"
)
"""MET Norway's codes; two of them have an "s" too many ("lightssnowshowersandthunder")."""
_COVERS = {"clearsky": "clear", "fair": "fair", "partlycloudy": "partly", "cloudy": "cloudy", "fog": "fog"}

_RAIN, _DRIZZLE, _SNOW, _ICE = "rain", "drizzle", "snow", "freezing rain"
_WMO: Mapping[int, SkySymbol] = {
    0: SkySymbol(cover="clear"),
    1: SkySymbol(cover="fair"),
    2: SkySymbol(cover="partly"),
    3: SkySymbol(cover="cloudy"),
    45: SkySymbol(cover="fog"),
    48: SkySymbol(cover="fog"),
    51: SkySymbol(falls=_DRIZZLE, strength="light"),
    53: SkySymbol(falls=_DRIZZLE),
    55: SkySymbol(falls=_DRIZZLE, strength="heavy"),
    56: SkySymbol(falls=_ICE, strength="light"),
    57: SkySymbol(falls=_ICE),
    61: SkySymbol(falls=_RAIN, strength="light"),
    63: SkySymbol(falls=_RAIN),
    65: SkySymbol(falls=_RAIN, strength="heavy"),
    66: SkySymbol(falls=_ICE, strength="light"),
    67: SkySymbol(falls=_ICE, strength="heavy"),
    71: SkySymbol(falls=_SNOW, strength="light"),
    73: SkySymbol(falls=_SNOW),
    75: SkySymbol(falls=_SNOW, strength="heavy"),
    77: SkySymbol(falls=_SNOW, strength="light"),
    80: SkySymbol(falls=_RAIN, strength="light", is_showery=True),
    81: SkySymbol(falls=_RAIN, is_showery=True),
    82: SkySymbol(falls=_RAIN, strength="heavy", is_showery=True),
    85: SkySymbol(falls=_SNOW, strength="light", is_showery=True),
    86: SkySymbol(falls=_SNOW, strength="heavy", is_showery=True),
    95: SkySymbol(falls=_RAIN, has_thunder=True),
    96: SkySymbol(falls=_RAIN, has_thunder=True),
    99: SkySymbol(falls=_RAIN, strength="heavy", has_thunder=True),
}
"""The WMO codes that Open-Meteo uses."""

_DEGREES, _MPS, _COMPASS = (-90.0, 60.0), (0.0, 125.0), (0.0, 360.0)
"""Extremes of Earth, rounded: a figure beyond them is a mistake and left out."""

_TO_MPS = {"m/s": 1.0, "km/h": 1 / 3.6, "mp/h": 0.44704, "mph": 0.44704, "kn": 0.514444}
"""Open-Meteo writes "mp/h"."""


def is_forecast(document: object) -> bool:
    """Whether a JSON document is an answer of one of the two services."""
    if not isinstance(document, dict):
        return False
    properties = document.get("properties")
    if isinstance(properties, dict) and isinstance(properties.get("timeseries"), list):
        return True
    return "latitude" in document and "longitude" in document and "utc_offset_seconds" in document


def read_forecast(document: Mapping[str, Any], *, url: str) -> FeedDocument:
    """Raises ParseError, with the remedy, for an answer without a single hour."""
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
            "is a forecast without hours; ask Open-Meteo for hourly=temperature_2m,weather_code,wind_speed_10m",
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
            return ForecastSpan(
                start=start,
                hours=hours,
                sky=read_symbol(code),
                temperature_c=_within(_DEGREES, _number(_at(details, "air_temperature"))),
                wind_mps=_within(_MPS, _number(_at(details, "wind_speed"))),
                gust_mps=_within(_MPS, _number(_at(details, "wind_speed_of_gust"))),
                wind_from_deg=_within(_COMPASS, _number(_at(details, "wind_from_direction"))),
            )
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
        falls=match["falls"],
        strength={"lights": "light"}.get(match["strength"], match["strength"] or ""),
        is_showery=bool(match["showers"]),
        has_thunder=bool(match["thunder"]),
    )


def _open_meteo_spans(document: Mapping[str, Any]) -> list[ForecastSpan | None]:
    hourly, units = _at(document, "hourly"), _at(document, "hourly_units")
    times = _at(hourly, "time")
    offset_s = int(_number(document.get("utc_offset_seconds")) or 0)
    read = _columns(hourly, units, {})
    to_celsius = _columns(hourly, units, {"°C": (1.0, 0.0), "°F": (1 / 1.8, -32 / 1.8)})
    to_mps = _columns(hourly, units, {unit: (factor, 0.0) for unit, factor in _TO_MPS.items()})
    return [
        ForecastSpan(
            start=start,
            hours=1,
            sky=_wmo_sky(read(row, "weather_code", "weathercode")),
            temperature_c=_within(_DEGREES, to_celsius(row, "temperature_2m")),
            wind_mps=_within(_MPS, to_mps(row, "wind_speed_10m", "windspeed_10m")),
            gust_mps=_within(_MPS, to_mps(row, "wind_gusts_10m", "windgusts_10m")),
            wind_from_deg=_within(_COMPASS, read(row, "wind_direction_10m", "winddirection_10m")),
        )
        if (start := _moment(time, offset_s=offset_s))
        else None
        for row, time in enumerate(times[:_MOST_SPANS] if isinstance(times, list) else [])
    ]


def _columns(
    hourly: object, units: object, known: Mapping[str, tuple[float, float]]
) -> Callable[..., float | None]:
    """
    A reader of Open-Meteo's columns, by today's names or those of before 2023.

    `known` converts each of their units to ours (factor, summand); a figure in another unit, or without one, is
    left out. An empty `known` is for columns without a unit.
    """

    def read(row: int, *names: str) -> float | None:
        name = next((name for name in names if isinstance(_at(hourly, name), list)), "")
        column, unit = _at(hourly, name), _at(units, name)
        value = _number(column[row]) if isinstance(column, list) and row < len(column) else None
        if value is None or not known:
            return value
        if not isinstance(unit, str) or unit not in known:
            return None
        factor, summand = known[unit]
        return value * factor + summand

    return read


def _wmo_sky(code: float | None) -> SkySymbol | None:
    return _WMO.get(int(code)) if code is not None and code.is_integer() else None


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
