"""Stages of a slot's bulletin: an event for open pages, and lines on the page on air."""

from __future__ import annotations

import http.client
from contextlib import closing
from datetime import timedelta

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Slot
from bulletin.newsroom_web.http.station_events import EventHub
from bulletin.service.slots.slot_progress import SlotProgress, progress_file
from tests.support.delivery_servers.base import wait_for
from tests.support.factories import NOW
from tests.support.newsroom_server import ServedNewsroom


def test_the_stages_of_a_slots_bulletin_reach_the_page_on_air(newsroom: ServedNewsroom) -> None:
    hub = newsroom.app.state.events = EventHub(newsroom.app.state.newsroom, look_s=0.02)
    due = NOW + timedelta(minutes=5)
    ledger, browser = SlotLedger(newsroom.archive), newsroom.browser("vera")
    ledger.plan([Slot(station="demo", due=due, length_s=60.0)])
    stages = SlotProgress(path=progress_file(newsroom.output, "demo"), due=due)
    stages.path.parent.mkdir(parents=True, exist_ok=True)
    host, port = newsroom.address.removeprefix("http://").split(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=20)) as connection:
        cookie = {"Cookie": f"bulletin={browser.session}"}
        connection.request("GET", "/demo/events", headers=cookie)
        stream = connection.getresponse()
        assert stream.readline() == b"retry: 3000\n"
        wait_for(lambda: "demo" in hub.watched)
        stages.begin("speak")
        assert b"event: making\n" in [stream.readline() for _ in range(5)], "after the greeting"
    assert "is being made" not in browser.get("/demo/on-air/part").text, "no service has the slot"
    assert ledger.claim("demo", due, owner="service", now=NOW, lease=timedelta(minutes=2))
    stages.end("write", 1.0, "6 stories")
    part = browser.get("/demo/on-air/part").text
    assert "The bulletin is being made: speaking (4 of 7)" in part
    assert "writing: 6 stories (1.0 s)" in part
    stages.close()
    assert "is being made" not in browser.get("/demo/on-air/part").text
    wait_for(lambda: hub.pages == 0)
