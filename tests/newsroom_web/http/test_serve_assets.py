"""Files of the newsroom that browsers load."""

from __future__ import annotations

import gzip
import hashlib
import re
from importlib import resources
from pathlib import Path

import pytest

from bulletin.newsroom_web.http.serve_assets import asset_address, find_asset
from tests.support.newsroom_server import ServedNewsroom

VENDORED = {
    "vendored/htmx-4.0.1.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "vendored/sortable-1.15.7.min.js": "bf4241bc73fef7f11c59a283a69fe8051cdd31c6d8ff5a2b9ba219e7831fcf76",
}
"""Third-party scripts -> SHA-256 of the file in the package on npm."""
ROOM = resources.files("bulletin.newsroom_web")
TEMPLATES = sorted(Path(str(ROOM.joinpath("templates"))).rglob("*.html"))


@pytest.mark.parametrize("name", VENDORED)
def test_a_vendored_script_is_the_one_of_its_package(name: str) -> None:
    asset = find_asset(name)
    assert asset
    assert hashlib.sha256(asset.plain).hexdigest() == VENDORED[name]
    assert gzip.decompress(asset.compressed) == asset.plain


def test_an_asset_is_kept_for_ever_under_the_address_that_names_its_content(newsroom: ServedNewsroom) -> None:
    browser = newsroom.browser()
    named = browser.get(asset_address("styles/newsroom.css"))
    assert "immutable" in named.headers["cache-control"]
    assert named.headers["content-encoding"] == "gzip"
    plain = browser.get("/assets/styles/newsroom.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = browser.get("/assets/styles/newsroom.css", headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304


def test_no_template_has_what_the_content_security_policy_refuses() -> None:
    """No inline script, no style attribute, no event attribute, no hx-on, no other host."""
    refused = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|(src|href|action)=\"(https?:)?//"
    )
    assert len(TEMPLATES) >= 30
    wrong = [
        f"{file.name}: {match[0]}"
        for file in TEMPLATES
        for match in refused.finditer(file.read_text("utf-8"))
    ]
    assert wrong == []


def test_every_form_that_posts_begins_with_the_form_token() -> None:
    form = re.compile(
        r"<form[^>]*method=\"post\"[^>]*>\s*(\{\{ csrf_field\(\) \}\}|<input type=\"hidden\" name=\"\{\{ csrf_name)?"
    )
    wrong = []
    for file in TEMPLATES:
        wrong += [f"{file.name}: {m[0]}" for m in form.finditer(file.read_text("utf-8")) if not m[1]]
    assert wrong == []


def test_no_template_switches_escaping_off() -> None:
    off = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    assert [file.name for file in TEMPLATES if off.search(file.read_text("utf-8"))] == []


def test_every_file_that_a_template_names_is_there() -> None:
    text = "".join(file.read_text("utf-8") for file in TEMPLATES)
    names = set(re.findall(r"asset\('([^']+)'\)", text))
    assert len(names) > 15
    assert [name for name in names if find_asset(name) is None] == []


def test_no_script_of_a_page_is_imported_too() -> None:
    """Under another address it would run twice: two lines for live changes, two handlers for each press."""
    text = "".join(file.read_text("utf-8") for file in TEMPLATES)
    loaded = set(re.findall(r"asset\('([\w./-]+\.js)'\)", text))
    assets = Path(str(ROOM.joinpath("assets")))
    imported = {
        (file.parent / name).resolve().relative_to(assets).as_posix()
        for file in assets.rglob("*.js")
        for name in re.findall(r'from "(\.[\w./-]+\.js)"', file.read_text("utf-8"))
    }
    assert all(find_asset(name) for name in imported)
    assert len(loaded) > 5
    assert imported
    assert loaded & imported == set()
