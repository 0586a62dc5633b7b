"""Style sheet with the station's colours, light and dark, in readable contrast: /{station}/colours.css."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import BaseRoute

from bulletin.newsroom_web.http.station_routes import station_page
from bulletin.newsroom_web.http.visit import Visit
from bulletin.publishing.pages.colour_contrast import dark_shades, light_shades


def _show(visit: Visit) -> Response:
    css = colours_css(visit.station.profile.imaging.colour)
    return Response(css, media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


def colours_css(colour: str) -> str:
    """Custom properties for a colour such as "#c8102e"."""
    light, dark = _properties(light_shades(colour)), _properties(dark_shades(colour))
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _properties(shades: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in shades.items())


ROUTES: list[BaseRoute] = [station_page("colours.css", _show)]
