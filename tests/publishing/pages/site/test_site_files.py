"""Files beside the pages: manifest, service worker, oEmbed, robots.txt."""

from __future__ import annotations

import json
from typing import Any

from lxml import html

from bulletin.publishing.pages.site.site_files import site_files
from tests.publishing.pages.page_station import ADDRESS, Desk, desk, make_site  # noqa: F401 - fixtures
from tests.support.factories import make_words

SITE = make_site()


def read(name: str) -> Any:
    return json.loads(site_files(SITE)[name])


def test_the_manifest_makes_the_page_installable() -> None:
    manifest = read("site.webmanifest")

    assert (manifest["name"], manifest["short_name"]) == ("Wexcombe Radio News", "Wexcombe")
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "index.html",
        "./",
        "standalone",
    )
    assert manifest["theme_color"] == "#0b6e4f"
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    assert {icon["src"] for icon in manifest["icons"]} <= set(SITE.assets)


def test_two_stations_of_one_host_are_two_apps() -> None:
    # the id is relative to the host, the start page to the manifest (w3.org/TR/appmanifest, "id member")
    assert "id" not in read("site.webmanifest")


def test_the_worker_keeps_the_files_that_every_page_loads(desk: Desk) -> None:
    desk.publish(1)
    page = desk.read()

    first = (desk.folder / "sw.js").read_text("utf-8").partition(";\n")[0]
    kept = set(json.loads(first.removeprefix("const ASSETS = ")))
    loaded = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src")
    assert set(map(str, loaded)) <= kept
    assert kept <= set(desk.site.assets)


def test_oembed_describes_a_frame_with_the_player(desk: Desk) -> None:
    desk.publish(1)
    (address,) = desk.read().xpath("//link[@type='application/json+oembed']/@href")
    data = json.loads((desk.folder / address.removeprefix(ADDRESS)).read_bytes())
    (frame,) = html.fragments_fromstring(data["html"])

    assert (data["version"], data["type"]) == ("1.0", "rich")
    assert (frame.tag, frame.get("src")) == ("iframe", f"{ADDRESS}player.html")
    assert (int(frame.get("width")), int(frame.get("height"))) == (data["width"], data["height"])
    assert data["thumbnail_url"] == f"{ADDRESS}{desk.site.names['preview']}"


def test_hostile_names_stay_text_in_the_frame() -> None:
    site = make_site(station=make_words(name='<script>"x"</script>'))
    (frame,) = html.fragments_fromstring(json.loads(site_files(site)["oembed.json"])["html"])

    assert frame.tag == "iframe"
    assert sorted(frame.attrib) == ["allow", "height", "loading", "src", "style", "title", "width"]


def test_robots_txt_names_the_feed_as_sitemap() -> None:
    assert site_files(SITE)["robots.txt"].decode().splitlines() == [
        "User-agent: *",
        "Allow: /",
        f"Sitemap: {ADDRESS}feed.xml",
    ]
