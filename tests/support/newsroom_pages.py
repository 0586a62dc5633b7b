"""The newsroom of the station "hill", served with its coming bulletin prepared, for tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.roles import parse_roles
from bulletin.newsroom.desk import Desk
from bulletin.newsroom_web.newsroom_app import make_newsroom_app
from bulletin.service.http.web_server import WebServer
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, newsroom
from tests.support.newsroom_server import CHEAP, PASSWORD, ServedNewsroom, SteppedClock

EDITORS = {"vera": "viewer", "ann": "editor", "ben": "editor", "ada": "admin"}


@contextmanager
def served_hill(
    folder: Path, extra: str = "", *, port: int = 0, voice: str = "tone"
) -> Iterator[tuple[ServedNewsroom, Desk]]:
    """Serve it half an hour after NOW while the block runs; the desk is ann's."""
    clock = SteppedClock(NOW + HOUR / 2)
    with newsroom(folder, extra, voice=voice) as desk, ExitStack() as closing:
        accounts = Accounts(archive=desk.archive, now=clock, cost=CHEAP)
        for user, role in EDITORS.items():
            accounts.add(user, PASSWORD, parse_roles([f"hill={role}"]))
        app = make_newsroom_app(
            stations=lambda: [desk.loaded],
            output=desk.output,
            archive=desk.archive,
            now=clock,
            cost=CHEAP,
        )
        server = WebServer(app, port=port)
        server.start()
        try:
            served = ServedNewsroom(
                app=app,
                address=server.address,
                output=desk.output,
                archive=desk.archive,
                clock=clock,
                accounts=accounts,
                stations=[desk.loaded],
                closing=closing,
            )
            yield served, desk
        finally:
            server.stop()
