"""The newsroom's shell in a real browser: htmx's headers, the Content-Security-Policy, accessibility, no JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from bulletin.newsroom_web.http.render_page import redirect
from bulletin.newsroom_web.http.station_routes import station_form
from bulletin.newsroom_web.http.visit import Visit
from tests.support.chromium import run_in_chromium
from tests.support.newsroom_server import PASSWORD, served_newsroom

pytestmark = pytest.mark.browser


def _say(visit: Visit) -> Response:
    return redirect(visit, "/account", said="Said “aloud”.")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("newsroom")
    script = Path(__file__).with_name("shell.mjs")
    with served_newsroom(folder, routes=[station_form("test/said", _say)]) as served:
        return run_in_chromium(script, served.address, PASSWORD, pictures=folder)


def test_htmx_sends_the_form_token_that_the_body_passes_down(report: dict[str, Any]) -> None:
    assert report["inherited"] == 303
    assert "Said “aloud”." in report["said"]


def test_a_refusal_is_a_line_on_the_page_and_the_page_stays(report: dict[str, Any]) -> None:
    assert report["refused"] == 403
    assert "nothing was changed" in report["problem"]


def test_no_inline_script_or_style_runs(report: dict[str, Any]) -> None:
    has_run, colour = report["inline"]
    assert not has_run
    assert colour != "rgb(1, 2, 3)"


def test_no_script_reads_the_session(report: dict[str, Any]) -> None:
    assert report["line"] == ""


def test_the_pages_load_without_an_error_and_from_here_alone(report: dict[str, Any]) -> None:
    assert report["problems"] == []


def test_axe_finds_nothing_and_nothing_overflows(report: dict[str, Any]) -> None:
    assert {name: found for name, found in report["axe"].items() if found} == {}
    assert len(report["axe"]) == 9
    assert report["overflows"] == []


def test_signing_in_and_out_works_without_javascript(report: dict[str, Any]) -> None:
    assert report["signedOut"] == "/sign-in"
