"""A station with nine clear stories, its coming bulletin prepared, and a desk for an editor."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.decisions.preview_file import save_preview
from bulletin.pipeline.previews.make_preview import make_preview
from bulletin.station.build_station_object import Station, open_station
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW, make_article

HOUR = timedelta(hours=1)
NEWS = (
    ("bridge", "Corn Bridge shut for six weeks", "Corn Bridge in Wexcombe will be shut for six weeks from Monday, the county council said. Engineers told the council that they had found cracks in two of its arches. Traders in Bridge Street fear that shoppers will stay away until the spring. The bus company will run its services along the bypass until the work is done."),
    ("nurses", "Nurses vote for walkout", "Nurses at Marlbridge infirmary voted on Friday for a walkout, their union said. The union said four in five of the nurses were against the new rotas. The hospital trust said it would ask the union for talks before Christmas."),
    ("solar", "Solar farm refused", "Councillors in Thornley refused a solar farm on Thursday by seven votes. Villagers told the council that they had collected nine hundred signatures against it."),
    ("bakery", "Bakery brings jobs to Oakfold", "A bakery with a hundred and eighty jobs will open in Oakfold next spring, the firm Hollinbrook announced on Monday. The firm said it would begin to look for bakers in December."),
    ("ferry", "Ferry runs aground", "A ferry with forty passengers ran aground off Sallow Point on Sunday evening. A lifeboat brought all of the passengers to the shore, the coastguard said."),
    ("library", "Library reopens", "A library in Castle Lane in Thornley opened its doors again on Saturday after two years. The council said a flood had destroyed a third of its books."),
    ("vicar", "Vicar jailed for theft", "A vicar from Upper Sallow was jailed for three years on Friday for theft from his parish. The court in Marlbridge was told that he took ninety thousand pounds."),
    ("choir", "Choir wins prize", "A miners' choir from Oakfold won the national prize in Marlbridge on Saturday for the second time. The judges said nobody had sung better in eleven years."),
    ("mill", "Old mill to be flats", "An old mill on the River Wex will become forty flats, the council announced on Wednesday. The builder told the council that it would keep its wheel and its tall chimney."),
)  # fmt: skip
CLOCK = '[[clock.slots]]\ndays = ["daily"]\nat = "00:00-23:00"\nevery_min = 60\n'


def write_profile(
    folder: Path, extra: str = "", *, clock: str = CLOCK, length: str = "1:00", voice: str = "tone"
) -> LoadedProfile:
    """Profile "hill" with a slot at every hour, the voice for tests, and no jingles to read."""
    path = folder / "hill.toml"
    path.write_text(
        f'name = "Hill"\nlength = "{length}"\n{extra}\n{clock}\n[speech]\nchain = ["{voice}"]\n',
        encoding="utf-8",
    )
    return load_profile(str(path))


def add_news(archive: Archive, news: Sequence[tuple[str, str, str]] = NEWS, *, now: datetime = NOW) -> None:
    """Add the stories as the station's own, a minute apart; the same id replaces a story's text."""
    for number, (name, title, text) in enumerate(news):
        article = make_article(
            id=name,
            feed="gazette",
            title=title,
            text=text,
            summary=text,
            link=f"https://gazette.example/{name}",
            published=now - timedelta(minutes=10 + number),
            expires=now + timedelta(days=2),
        )
        archive.add_own_story("hill", article)


@contextmanager
def open_hill(loaded: LoadedProfile, output: Path, **changes: Any) -> Iterator[Station]:
    """The station, open as the pipeline has it."""
    with open_station(loaded, output=output, overrides=changes or None) as station:
        yield station


def prepare(loaded: LoadedProfile, output: Path, *, now: datetime = NOW, due: datetime | None = None) -> None:
    """Prepare the coming bulletin, as the service does."""
    with open_hill(loaded, output) as station:
        save_preview(station.state, make_preview(station, now=now, due=due or now + HOUR))


@lru_cache(maxsize=4)
def _prepared(extra: str, clock: str, length: str, voice: str) -> Path:
    """A folder with profile, archive and preview, made once for each process, because writing stories takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-desk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    loaded = write_profile(folder, extra, clock=clock, length=length, voice=voice)
    output = folder / "out"
    with open_archive(output) as archive:
        add_news(archive)
    prepare(loaded, output)
    return folder


@contextmanager
def newsroom(
    tmp_path: Path,
    extra: str = "",
    *,
    clock: str = CLOCK,
    length: str = "1:00",
    editor: str = "ann",
    voice: str = "tone",
) -> Iterator[Desk]:
    """A desk of `editor` half an hour after NOW, with the bulletin of the next hour prepared."""
    shutil.copytree(_prepared(extra, clock, length, voice), tmp_path, dirs_exist_ok=True)
    loaded, output = load_profile(str(tmp_path / "hill.toml")), tmp_path / "out"
    with open_archive(output) as archive:
        yield Desk(loaded=loaded, output=output, archive=archive, editor=editor, now=lambda: NOW + HOUR / 2)
