"""A newsroom beside a real web site on loopback: the profile has a private feed of it, so the site may be searched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger, RequestState
from bulletin.newsroom.accounts.roles import Role
from bulletin.pipeline.stage_timer import SILENT
from bulletin.service.newsroom_requests.do_newsroom_request import do_request
from bulletin.service.newsroom_requests.request_work import RequestWork
from bulletin.service.station_worker import StationWorker
from tests.articles.site import Site
from tests.newsroom.views.aired.log_archive import record
from tests.support.factories import NOW, make_episode_record
from tests.support.newsroom_server import PASSWORD, ServedNewsroom, served_newsroom

PROFILE = """\
name = "{{name}}"
time_zone = "Europe/London"
[[feeds]]
name = "own"
url = "{site}/own.xml"
private = true
[speech]
chain = ["tone"]
[stream]
url = "http://127.0.0.1:8000/radio.mp3"
password = "hunter2hunter2"
"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title><item><title>Bridge</title>
<guid>1</guid><description>The bridge closes.</description></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette sport</title>
<entry><id>a</id><title>Cup won</title><updated>2026-11-24T07:00:00Z</updated></entry></feed>"""
PAGE = """<!doctype html><title>Gazette</title>
<link rel="alternate" type="application/rss+xml" title="News" href="{site}/news.rss">
<link rel="alternate" type="application/atom+xml" title="Sport" href="feeds/sport.atom"><p>Hello.</p>"""


def publish_site(site: Site) -> str:
    """A page that links an RSS and, relatively, an Atom feed; a redirect to it; a page without feeds. Its address."""
    root = site.url("").rstrip("/")
    site.reply("/", PAGE.format(site=root), headers={"Content-Type": "text/html"})
    site.reply("/news.rss", RSS, headers={"Content-Type": "application/rss+xml"})
    site.reply("/feeds/sport.atom", ATOM, headers={"Content-Type": "application/atom+xml"})
    site.reply("/moved", status=301, headers={"Location": "/"})
    site.reply("/empty", "<!doctype html><p>No feed.</p>", headers={"Content-Type": "text/html"})
    for path in ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds"):
        site.reply(path, "not here", status=404)
    return root


@contextmanager
def site_room(folder: Path, site: Site) -> Iterator[ServedNewsroom]:
    """Served while the block runs, with bulletin 1; "root" is admin of all stations."""
    with served_newsroom(folder, profile=PROFILE.format(site=publish_site(site))) as served:
        served.accounts.add("root", PASSWORD, {"*": Role.ADMIN})
        record(served.archive, station="demo", at=NOW, number=1, titles=["Bridge closes", "Ferry sails"])
        served.archive.add_episode(make_episode_record(guid="demo-1", station="demo", audio="demo-1.mp3"))
        (served.output / "demo").mkdir(exist_ok=True)
        (served.output / "demo" / "demo-1.mp3").touch()
        yield served


def do_back_up(served: ServedNewsroom) -> None:
    """Do the backup that was asked for, as the service does."""
    ledger, loaded = RequestLedger(served.archive), served.stations[0]
    (request,) = (r for r in ledger.rows("demo") if r.kind is RequestKind.BACK_UP and r.is_open)
    claimed = ledger.claim(request.id, owner="service", now=served.clock(), lease=timedelta(minutes=2))
    assert claimed is not None
    worker = StationWorker(loaded=loaded, output=served.output, archive=served.archive, clock=served.clock)
    work = RequestWork(request=claimed, worker=worker, within_s=60, listener=SILENT, now=served.clock)
    result = do_request(work)
    ledger.finish(claimed.id, owner="service", state=RequestState.DONE, now=served.clock(), result=result)
