"""Forecast JSON of MET Norway and Open-Meteo, made after their documentation."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.articles.feeds.parse_feed import read_feed
from bulletin.articles.parsed_feed import Forecast, SkySymbol
from bulletin.articles.weather.read_forecast_json import is_forecast, read_forecast, read_symbol
from bulletin.errors import ParseError

START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def met_step(hour: int, symbol: str = "cloudy", *, span: int = 1, **details: Any) -> dict[str, Any]:
    """One step of MET Norway's "timeseries"."""
    moment = (START + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")
    instant = {"air_temperature": 7.4, "wind_speed": 3.0, "wind_from_direction": 225.0} | details
    ahead = {"summary": {"symbol_code": symbol}, "details": {"precipitation_amount": 0.0}}
    return {"time": moment, "data": {"instant": {"details": instant}, f"next_{span}_hours": ahead}}


def met(*steps: dict[str, Any]) -> dict[str, Any]:
    units = {"air_temperature": "celsius", "wind_speed": "m/s", "precipitation_amount": "mm"}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-1.2, 51.3, 90]},
        "properties": {"meta": {"updated_at": "2026-11-24T05:31:12Z", "units": units}, "timeseries": steps},
    }


def open_meteo(hours: int = 48, *, offset_s: int = 0, units: Any = None, **columns: Any) -> dict[str, Any]:
    local = START + timedelta(seconds=offset_s)
    usual = {
        "time": [(local + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M") for n in range(hours)],
        "temperature_2m": [7.4] * hours,
        "weather_code": [3] * hours,
        "wind_speed_10m": [18.0] * hours,
        "wind_direction_10m": [225] * hours,
    }
    return {
        "latitude": 51.3,
        "longitude": -1.2,
        "utc_offset_seconds": offset_s,
        "timezone": "Europe/London",
        "hourly_units": {"time": "iso8601", "temperature_2m": "°C", "wind_speed_10m": "km/h"} | (units or {}),
        "hourly": usual | columns,
    }


def read(document: dict[str, Any]) -> Forecast:
    forecast = read_feed(json.dumps(document).encode(), url="https://f.example/").forecast
    assert forecast is not None
    return forecast


def test_met_norway_is_read_hour_by_hour_and_later_in_six_hours() -> None:
    forecast = read(met(met_step(0, "lightrainshowers_day"), met_step(60, "fair_night", span=6)))

    first, last = forecast.spells
    assert forecast.service == "MET Norway"
    assert (first.start, first.hours, first.temperature_c, first.wind_mps) == (START, 1, 7.4, 3.0)
    assert first.sky == SkySymbol(falls="rain", strength="light", is_showery=True)
    assert (last.hours, last.sky) == (6, SkySymbol(cover="fair"))


def test_the_last_step_without_a_period_is_left_out() -> None:
    bare = met_step(1)
    del bare["data"]["next_1_hours"]

    assert len(read(met(met_step(0), bare)).spells) == 1


@pytest.mark.parametrize(
    ("code", "sky"),
    [
        ("clearsky_day", SkySymbol(cover="clear")),
        ("fair_polartwilight", SkySymbol(cover="fair")),
        ("partlycloudy_night", SkySymbol(cover="partly")),
        ("fog", SkySymbol(cover="fog")),
        ("rain", SkySymbol(falls="rain")),
        ("lightsleet", SkySymbol(falls="sleet", strength="light")),
        ("lightsnow", SkySymbol(falls="snow", strength="light")),
        ("heavysnowshowers_day", SkySymbol(falls="snow", strength="heavy", is_showery=True)),
        ("rainandthunder", SkySymbol(falls="rain", has_thunder=True)),
        (
            "lightssleetshowersandthunder_day",
            SkySymbol(falls="sleet", strength="light", is_showery=True, has_thunder=True),
        ),
        (
            "lightssnowshowersandthunder_night",
            SkySymbol(falls="snow", strength="light", is_showery=True, has_thunder=True),
        ),
        ("raining_cats", None),
        ("", None),
    ],
)
def test_symbols_of_met_norway(code: str, sky: SkySymbol | None) -> None:
    assert read_symbol(code) == sky


def test_open_meteo_is_read_in_local_time_and_any_unit() -> None:
    forecast = read(
        open_meteo(
            3,
            offset_s=-5 * 3600,
            units={"temperature_2m": "°F", "wind_speed_10m": "mp/h"},
            temperature_2m=[50.0, None, 14.0],
            wind_speed_10m=[10.0, 20.0, None],
            weather_code=[95, 1, 1000],
        )
    )

    first, second, third = forecast.spells
    assert forecast.service == "Open-Meteo"
    assert (first.start, second.start) == (START, START + timedelta(hours=1))
    assert first.temperature_c == pytest.approx(10.0)
    assert third.temperature_c == pytest.approx(-10.0)
    assert first.wind_mps == pytest.approx(4.4704)
    assert (second.temperature_c, third.wind_mps, third.sky) == (None, None, None)
    assert first.sky == SkySymbol(falls="rain", has_thunder=True)


def test_open_meteo_by_its_older_names_and_in_seconds() -> None:
    document = open_meteo(1, units={"time": "unixtime", "windspeed_10m": "m/s"})
    document["hourly"] = {
        "time": [int(START.timestamp())],
        "weathercode": [71],
        "windspeed_10m": [9],
        "winddirection_10m": [90],
    }

    [spell] = read(document).spells

    assert (spell.start, spell.sky, spell.wind_mps, spell.wind_from_deg) == (
        START,
        SkySymbol(falls="snow", strength="light"),
        9.0,
        90.0,
    )


@pytest.mark.parametrize("degrees", [900.0, -273.0, "7.4", True, None, [7.4]])
@pytest.mark.parametrize("metres", [900.0, -3.0, "3", False, None])
def test_an_impossible_figure_is_unknown(degrees: Any, metres: Any) -> None:
    step = met_step(0)
    step["data"]["instant"]["details"] = {
        "air_temperature": degrees,
        "wind_speed": metres,
        "wind_speed_of_gust": metres,
        "wind_from_direction": 400.0,
    }
    theirs = open_meteo(
        1,
        temperature_2m=[degrees],
        wind_speed_10m=[metres],
        wind_direction_10m=[400],
        weather_code=[3.7],
    )

    for document in (met(step), theirs):
        [spell] = read(document).spells
        assert (spell.temperature_c, spell.wind_mps, spell.gust_mps, spell.wind_from_deg) == (None,) * 4
    assert spell.sky is None


@pytest.mark.parametrize("unit", ["K", "", None, 7])
def test_a_figure_in_an_unknown_unit_is_unknown(unit: Any) -> None:
    document = open_meteo(
        1,
        units={"temperature_2m": unit, "wind_speed_10m": unit},
        temperature_2m=[7.0],
        wind_speed_10m=[12.0],
        weather_code=[3],
    )

    [spell] = read(document).spells

    assert (spell.temperature_c, spell.wind_mps, spell.sky) == (None, None, SkySymbol(cover="cloudy"))


def test_an_answer_without_hours_says_what_to_ask_for() -> None:
    document = open_meteo(0)
    del document["hourly"]

    with pytest.raises(ParseError, match="hourly=temperature_2m"):
        read(document)
    with pytest.raises(ParseError, match="no hourly forecast"):
        read(met())


def test_an_error_of_the_service_is_quoted() -> None:
    body = b'{"error": true, "reason": "Latitude must be in range of -90 to 90."}'

    with pytest.raises(ParseError, match="Latitude must be in range"):
        read_feed(body, url="https://f.example/")


def test_other_json_is_no_forecast() -> None:
    assert not is_forecast({"items": []})
    assert not is_forecast([])
    assert not is_forecast({"properties": {"timeseries": {}}})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4)
    ),
    max_leaves=12,
)


@given(ANYTHING, ANYTHING, ANYTHING)
def test_any_json_is_read_or_refused(first: Any, second: Any, third: Any) -> None:
    step = met_step(0)
    step["data"]["instant"]["details"] = first
    step["data"]["next_1_hours"] = {"summary": second}
    hourly = {"time": ["2026-11-24T06:00", first], "temperature_2m": second, "weather_code": [third]}
    documents: list[dict[str, Any]] = [
        met(step, {"time": third, "data": first}, first),
        open_meteo(1) | {"hourly": first, "hourly_units": second, "utc_offset_seconds": 0},
        open_meteo(1) | {"hourly": hourly, "hourly_units": third},
    ]

    for document in documents:
        try:
            forecast = read_forecast(document, url="https://f.example/").forecast
        except ParseError:
            continue
        assert forecast is not None
        for spell in forecast.spells:
            assert spell.temperature_c is None or math.isfinite(spell.temperature_c)
            assert spell.start.tzinfo is UTC
